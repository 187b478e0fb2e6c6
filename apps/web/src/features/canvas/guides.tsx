import { ViewportPortal, useStore } from '@xyflow/react';
import type { Guide } from './align-guides.ts';
import classes from './canvas.module.css';

/** Lines that show with what a dragged card is aligned. */
export function Guides({ guides }: { guides: readonly Guide[] }) {
  const zoom = useStore((state) => state.transform[2]);
  if (guides.length === 0) return null;
  const thin = 1 / zoom;
  return (
    <ViewportPortal>
      {guides.map(({ from, to }) => (
        <div
          key={from.x === to.x ? 'vertical' : 'horizontal'}
          className={classes['guide']}
          style={{
            transform: `translate(${from.x}px, ${from.y}px)`,
            width: Math.max(to.x - from.x, thin),
            height: Math.max(to.y - from.y, thin),
          }}
        />
      ))}
    </ViewportPortal>
  );
}
