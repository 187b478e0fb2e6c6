import type { ColumnHistogram } from '@ensemble/protocol';
import { barsOf } from './bars-of.ts';
import classes from './data-table.module.css';

/** Bars only; what they say is written beside them or in their titles. */
export function Histogram({ histogram, height }: { histogram: ColumnHistogram; height: number }) {
  const bars = barsOf(histogram);
  return (
    <div className={classes['bars']} style={{ height }} aria-hidden>
      {bars.map((bar, index) => (
        <span
          key={index}
          title={`${bar.label}: ${bar.count.toLocaleString()}`}
          data-rest={bar.rest}
          style={{ height: bar.count === 0 ? 0 : Math.max(1, Math.round(bar.height * height)) }}
        />
      ))}
    </div>
  );
}
