/**
 * The points that one attempt measured, in growing columns. Counts what it does not keep. Knows neither files nor messages.
 */
import type { ArtifactStore } from '@ensemble/artifact-store';
import {
  encodeMetrics,
  MAX_METRIC_POINTS,
  MAX_METRIC_SERIES,
  thinSeries,
  type LiveMetrics,
  type MetricArtifact,
  type MetricColumns,
  type MetricView,
} from '@ensemble/protocol';

const FIRST_POINTS = 64;
/** Of what came since the last look more than this is a storm: only its number is told. */
const MOST_NEW = 1_000;
/** A reply fits into one message. */
const MOST_VIEWED = 20_000;

interface Series {
  steps: Float64Array;
  values: Float64Array;
  points: number;
}

export class MetricKeeper {
  readonly #series = new Map<string, Series>();
  readonly #maxPoints: number;
  #total = 0;
  #dropped = 0;
  #notFinite = 0;
  /** Since the last `takeNew`. */
  #fresh: LiveMetrics['points'] = [];

  constructor(maxPoints = MAX_METRIC_POINTS) {
    this.#maxPoints = maxPoints;
  }

  get total(): number {
    return this.#total;
  }

  /** `value` null: it was no finite number. Without a `step` the points of the series are counted. */
  add(name: string, step: number | null, value: number | null): void {
    const series = this.#series.get(name) ?? this.#newSeries(name);
    if (series === undefined || this.#total >= this.#maxPoints) {
      this.#dropped += 1;
      return;
    }
    const at = series.points;
    if (at === series.steps.length) {
      series.steps = longer(series.steps);
      series.values = longer(series.values);
    }
    const shown = step ?? at;
    series.steps[at] = shown;
    series.values[at] = value ?? NaN;
    series.points += 1;
    this.#total += 1;
    if (value === null) this.#notFinite += 1;
    if (this.#fresh.length <= MOST_NEW) this.#fresh.push([name, shown, value]);
  }

  /** Points that did not get here. */
  drop(points: number): void {
    this.#dropped += points;
  }

  /** What came since the last call. */
  takeNew(from: number): LiveMetrics {
    const points = this.#fresh;
    this.#fresh = [];
    const whole = points.length <= MOST_NEW && from + points.length === this.#total;
    return { from, total: this.#total, points: whole ? points : [] };
  }

  view(pointsOfEach: number): MetricView {
    const columns = this.#columns();
    const points = Math.max(2, Math.min(pointsOfEach, Math.floor(MOST_VIEWED / Math.max(1, columns.length))));
    return {
      series: columns.map((one) => thinSeries(one, points)),
      total: this.#total,
      dropped: this.#dropped,
      notFinite: this.#notFinite,
      complete: false,
    };
  }

  /** Null without a point, and when the store does not take it. */
  async store(store: Pick<ArtifactStore, 'put'>): Promise<MetricArtifact | null> {
    if (this.#total === 0) return null;
    const bytes = encodeMetrics(this.#columns(), { dropped: this.#dropped, notFinite: this.#notFinite });
    const stored = await store.put(bytes).catch(() => null);
    return stored === null ? null : { sha256: stored.sha256, bytes: stored.size, points: this.#total };
  }

  #columns(): MetricColumns[] {
    return [...this.#series].map(([name, { steps, values, points }]) => ({
      name,
      steps: steps.subarray(0, points),
      values: values.subarray(0, points),
    }));
  }

  #newSeries(name: string): Series | undefined {
    if (this.#series.size >= MAX_METRIC_SERIES) return undefined;
    const series = { steps: new Float64Array(FIRST_POINTS), values: new Float64Array(FIRST_POINTS), points: 0 };
    this.#series.set(name, series);
    return series;
  }
}

function longer(column: Float64Array): Float64Array {
  const grown = new Float64Array(column.length * 2);
  grown.set(column);
  return grown;
}
