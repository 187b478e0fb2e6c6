import type { TemplateThumbnail as Drawing } from '@ensemble/protocol';
import classes from './templates.module.css';

/** A pipeline in small, in the colours of the theme. Decorative: title and description say what it is. */
export function TemplateThumbnail({ drawing: { width, height, nodes, edges } }: { drawing: Drawing }) {
  return (
    <svg className={classes['drawing']} viewBox={`0 0 ${width} ${height}`} preserveAspectRatio="xMidYMid meet" aria-hidden>
      {edges.map(({ x1, y1, x2, y2 }) => {
        const bend = Math.max(40, Math.abs(x2 - x1) / 2);
        return (
          <path
            key={`${x1},${y1},${x2},${y2}`}
            className={classes['edge']}
            d={`M${x1} ${y1}C${x1 + bend} ${y1} ${x2 - bend} ${y2} ${x2} ${y2}`}
          />
        );
      })}
      {nodes.map(({ x, y, ...size }) => (
        <g key={`${x},${y}`}>
          <rect className={classes['node']} x={x} y={y} rx={18} {...size} />
          <rect className={classes['mark']} x={x + 18} y={y + 18} width={30} height={30} rx={9} />
          <rect className={classes['line']} x={x + 62} y={y + 24} width={size.width * 0.5} height={18} rx={9} />
          <rect className={classes['line']} x={x + 18} y={y + size.height - 38} width={size.width * 0.35} height={14} rx={7} />
        </g>
      ))}
    </svg>
  );
}
