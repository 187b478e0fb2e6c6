/**
 * The points of one attempt as columns: how they are kept as an artifact, and how a million of them become a curve that can be drawn.
 * Pure.
 *
 *     u32 (little endian)  bytes of the header
 *     header               JSON, padded with blanks so that what follows begins at a multiple of 8
 *     f64 steps, f64 values of the first series, of the second, …   (NaN: the value was no finite number)
 */
import { z } from 'zod';

export interface MetricColumns {
  name: string;
  steps: Float64Array;
  /** NaN is a gap. */
  values: Float64Array;
}

export interface MetricTotals {
  /** Points that were not kept because there were too many, or they came too fast. */
  dropped: number;
  /** Points whose value was no finite number. They are kept as gaps. */
  notFinite: number;
}

export const MAX_METRIC_POINTS = 1_000_000;
export const MAX_METRIC_SERIES = 500;

/** One curve, thinned. `points` counts those it stands for; null is a gap. */
export const MetricSeries = z.object({
  name: z.string(),
  points: z.number().int(),
  steps: z.array(z.number()),
  values: z.array(z.number().nullable()),
});
export type MetricSeries = z.infer<typeof MetricSeries>;

export const MetricView = z.object({
  series: z.array(MetricSeries),
  /** Points kept, of all series. */
  total: z.number().int(),
  dropped: z.number().int(),
  notFinite: z.number().int(),
  /** No more will come. */
  complete: z.boolean(),
});
export type MetricView = z.infer<typeof MetricView>;

const Header = z.object({
  v: z.literal(1),
  series: z.array(z.object({ name: z.string(), points: z.number().int().nonnegative() })).max(MAX_METRIC_SERIES),
  dropped: z.number().int().nonnegative(),
  notFinite: z.number().int().nonnegative(),
});

export function encodeMetrics(series: readonly MetricColumns[], { dropped, notFinite }: MetricTotals): Uint8Array {
  const named = series.map(({ name, steps }) => ({ name, points: steps.length }));
  const text = new TextEncoder().encode(JSON.stringify({ v: 1, series: named, dropped, notFinite }));
  const start = Math.ceil((4 + text.length) / 8) * 8;
  const points = series.reduce((sum, { steps }) => sum + steps.length, 0);
  const bytes = new Uint8Array(start + points * 16).fill(0x20, 4, start);
  new DataView(bytes.buffer).setUint32(0, start - 4, true);
  bytes.set(text, 4);
  let at = start / 8;
  const numbers = new Float64Array(bytes.buffer);
  for (const { steps, values } of series) {
    numbers.set(steps, at);
    numbers.set(values, at + steps.length);
    at += 2 * steps.length;
  }
  return bytes;
}

/** Throws when these are no metrics. */
export function decodeMetrics(bytes: Uint8Array): { series: MetricColumns[] } & MetricTotals {
  // A view of a larger buffer need not begin at a multiple of 8.
  const own = bytes.byteOffset % 8 === 0 ? bytes : Uint8Array.from(bytes);
  const headerBytes = new DataView(own.buffer, own.byteOffset).getUint32(0, true);
  const { series, dropped, notFinite } = Header.parse(JSON.parse(new TextDecoder().decode(own.subarray(4, 4 + headerBytes))));
  let at = own.byteOffset + 4 + headerBytes;
  const column = (points: number): Float64Array => {
    if (at + points * 8 > own.byteOffset + own.length) throw new RangeError('columns of metrics are shorter than their header says');
    const read = new Float64Array(own.buffer, at, points);
    at += points * 8;
    return read;
  };
  return { series: series.map(({ name, points }) => ({ name, steps: column(points), values: column(points) })), dropped, notFinite };
}

/**
 * At most about `points` of a curve, between the steps `from` and `to`: of each bucket the lowest and the highest value in their
 * order, so that no spike is lost, and a gap where a bucket has nothing else.
 */
export function thinSeries({ name, steps, values }: MetricColumns, points: number, from = -Infinity, to = Infinity): MetricSeries {
  const inside: number[] = [];
  for (let at = 0; at < steps.length; at += 1) if (steps[at]! >= from && steps[at]! <= to) inside.push(at);
  const thin: MetricSeries = { name, points: steps.length, steps: [], values: [] };
  const put = (at: number): void => {
    thin.steps.push(steps[at]!);
    thin.values.push(Number.isNaN(values[at]!) ? null : values[at]!);
  };
  if (inside.length <= points) {
    inside.forEach(put);
    return thin;
  }
  const buckets = Math.max(1, Math.floor(points / 2));
  for (let bucket = 0; bucket < buckets; bucket += 1) {
    const first = Math.floor((bucket * inside.length) / buckets);
    const last = Math.floor(((bucket + 1) * inside.length) / buckets);
    let [low, high] = [-1, -1];
    for (let at = first; at < last; at += 1) {
      const value = values[inside[at]!]!;
      if (Number.isNaN(value)) continue;
      if (low < 0 || value < values[inside[low]!]!) low = at;
      if (high < 0 || value > values[inside[high]!]!) high = at;
    }
    if (low < 0) put(inside[first]!);
    else for (const at of low === high ? [low] : low < high ? [low, high] : [high, low]) put(inside[at]!);
  }
  return thin;
}
