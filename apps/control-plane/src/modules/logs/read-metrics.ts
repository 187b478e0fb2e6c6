/** The curves of one attempt, thinned to what can be drawn: from the runner while it measures, from the columns afterwards. */
import type { Actor } from '@ensemble/permissions';
import { decodeMetrics, thinSeries, type MetricView } from '@ensemble/protocol';
import { tracesOf, type LogPorts } from './log-source.ts';

/** A million points of 16 bytes, and their names. */
const MAX_METRIC_BYTES = 20 * 1024 * 1024;
/** Of all series together. */
const MOST_VIEWED = 40_000;

interface WhichMetrics {
  runId: string;
  nodeId: string;
  attempt?: number | undefined;
  /** About so many of each series. */
  points: number;
  /** Only what lies between these steps. */
  from?: number | undefined;
  to?: number | undefined;
}

const NONE: MetricView = { series: [], total: 0, dropped: 0, notFinite: 0, complete: false };

export async function readMetrics(ports: LogPorts, actor: Actor, wanted: WhichMetrics): Promise<MetricView> {
  const { runId, nodeId, attempt, points, from, to } = wanted;
  const { holder, metrics, final } = await tracesOf(ports, actor, runId, nodeId, attempt);
  if (holder) return (await ports.bus.readMetrics(holder.runnerId, holder.attemptId, points)) ?? NONE;
  if (metrics === null) return { ...NONE, complete: final };
  const { series, dropped, notFinite } = decodeMetrics(await ports.artifacts.readAll(metrics.sha256, MAX_METRIC_BYTES));
  const each = Math.max(2, Math.min(points, Math.floor(MOST_VIEWED / Math.max(1, series.length))));
  const total = series.reduce((sum, { steps }) => sum + steps.length, 0);
  return { series: series.map((one) => thinSeries(one, each, from, to)), total, dropped, notFinite, complete: true };
}
