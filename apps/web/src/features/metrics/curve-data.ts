/** From thinned series to curves that can be drawn: smoothing, groups, and what a log scale cannot show. Pure. */
import type { LiveMetrics, MetricView } from '@ensemble/protocol';

export interface Curve {
  key: string;
  label: string;
  steps: readonly number[];
  /** Null is a gap. */
  values: readonly (number | null)[];
  /** Which of the compared runs it is of, from 0: the one that is looked at. */
  run: number;
}

/** Curves that belong into one chart: `train/loss` and `val/loss` are both about `loss`. */
export function groupCurves(curves: readonly Curve[]): { name: string; curves: Curve[] }[] {
  const groups = new Map<string, Curve[]>();
  for (const curve of curves) {
    const name =
      curve.key
        .split(/[/.]/)
        .at(-1)!
        .replace(/^(?:train|val|valid|validation|test|eval)_/, '') || curve.key;
    groups.set(name, [...(groups.get(name) ?? []), curve]);
  }
  return [...groups].map(([name, members]) => ({ name, curves: members }));
}

/** Exponential moving average without the pull of its beginning; `weight` in [0, 1), 0 leaves the curve as it is. Gaps stay gaps. */
export function smooth(values: readonly (number | null)[], weight: number): (number | null)[] {
  if (weight <= 0) return [...values];
  let [sum, share] = [0, 0];
  return values.map((value) => {
    if (value === null) return null;
    sum = sum * weight + value * (1 - weight);
    share = share * weight + (1 - weight);
    return sum / share;
  });
}

/** What a log scale cannot show is a gap. */
export const positive = (values: readonly (number | null)[]): (number | null)[] =>
  values.map((value) => (value !== null && value > 0 ? value : null));

/** A view with new points at its end; undefined when some were missed in between, and it has to be read again. */
export function withNewPoints(view: MetricView, { from, total, points }: LiveMetrics): MetricView | undefined {
  if (total <= view.total) return view;
  if (from > view.total || from + points.length !== total) return undefined;
  const fresh = points.slice(view.total - from);
  const series = new Map(view.series.map((one) => [one.name, { ...one, steps: [...one.steps], values: [...one.values] }]));
  let { notFinite } = view;
  for (const [name, step, value] of fresh) {
    const one = series.get(name) ?? { name, points: 0, steps: [], values: [] };
    one.steps.push(step);
    one.values.push(value);
    one.points += 1;
    if (value === null) notFinite += 1;
    series.set(name, one);
  }
  return { ...view, series: [...series.values()], total, notFinite };
}
