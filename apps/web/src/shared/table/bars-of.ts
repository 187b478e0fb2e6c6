/** A histogram as bars to draw: heights from 0 to 1 and what each stands for. Pure. */
import type { ColumnHistogram } from '@ensemble/protocol';
import { cellLook } from './cell.ts';

export interface Bar {
  label: string;
  count: number;
  /** Of the highest bar. */
  height: number;
  rest?: true;
}

export function barsOf(histogram: ColumnHistogram): Bar[] {
  const bars =
    histogram.kind === 'bins'
      ? histogram.bins.map(({ from, to, count }) => ({ label: `${cellLook(from).text} to ${cellLook(to).text}`, count }))
      : [
          ...histogram.values.map(({ value, count }) => ({ label: cellLook(value).text, count })),
          ...(histogram.others > 0 ? [{ label: 'other values', count: histogram.others, rest: true as const }] : []),
        ];
  const top = Math.max(1, ...bars.map(({ count }) => count));
  return bars.map((bar) => ({ ...bar, height: bar.count / top }));
}
