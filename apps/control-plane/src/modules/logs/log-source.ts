/** Where the log and the metrics of one attempt are at this moment. Reads ranges from there; parses nothing of them. */
import type { Actor } from '@ensemble/permissions';
import type { LogArtifact, LogGap, MetricArtifact, StepState } from '@ensemble/protocol';
import { isFinalStepState } from '@ensemble/protocol';
import { buffer } from 'node:stream/consumers';
import { notFound } from '../../platform/api-error.ts';
import type { Bus, LogBytes } from '../../platform/bus/bus.ts';
import type { Sql } from '../../platform/database/database.ts';
import type { Artifacts, Authorize } from '../runs/index.ts';

export interface LogPorts {
  sql: Sql;
  artifacts: Pick<Artifacts, 'openRead' | 'readAll'>;
  authorize: Authorize;
  bus: Pick<Bus, 'readLog' | 'readMetrics' | 'watchAttempt'>;
}

export interface AttemptTraces {
  /** stored: it is over. live: a runner executes it. none: it has not begun, or nothing of it could be kept. */
  state: 'stored' | 'live' | 'none';
  /** The step comes to no other end. */
  final: boolean;
  log: LogArtifact | null;
  metrics: MetricArtifact | null;
  /** Set while it is live. */
  holder: { runnerId: string; attemptId: string } | undefined;
}

interface Row {
  project_id: string;
  step_state: StepState | null;
  latest: number | null;
  step_log: LogArtifact | null;
  id: string | null;
  number: number | null;
  state: string | null;
  runner_id: string | null;
  log: LogArtifact | null;
  metrics: MetricArtifact | null;
  made_in: string | null;
  made_by: string | null;
}

/** Without `number` the latest attempt. Throws not-found for what is not there and for what is not the actor's. */
export async function tracesOf(
  { sql, authorize }: Pick<LogPorts, 'sql' | 'authorize'>,
  actor: Actor,
  runId: string,
  nodeId: string,
  number?: number,
): Promise<AttemptTraces> {
  const [row] = await sql.query<Row>(
    `SELECT run.project_id, step.state AS step_state, step.attempt AS latest, step.log AS step_log,
       a.id, a.number, a.state, a.runner_id, a.log, a.metrics,
       coalesce(v.content #>> ARRAY['pinned', $2, 'runId'], step.taken_from->>'runId') AS made_in, coalesce(v.content #>> ARRAY['pinned', $2, 'nodeId'], $2) AS made_by
     FROM run JOIN pipeline_version v ON v.id = run.version_id
     LEFT JOIN step ON step.run_id = run.id AND step.node_id = $2
     LEFT JOIN attempt a ON a.run_id = run.id AND a.node_id = $2 AND a.number = coalesce($3::int, step.attempt)
     WHERE run.id = $1`,
    [runId, nodeId, number ?? null],
  );
  if (!row) throw notFound('run');
  await authorize(actor, 'run.read', row.project_id);
  if (row.step_state === null || row.latest === null) throw notFound('step');
  if (number !== undefined && row.number === null) throw notFound('attempt');
  const isLatest = number === undefined || number === row.latest;
  const log = (isLatest ? row.step_log : null) ?? row.log;
  const live = row.state === 'running' && row.id !== null && row.runner_id !== null && log === null;
  return {
    state: live ? 'live' : log !== null || row.metrics !== null ? 'stored' : 'none',
    final: !isLatest || isFinalStepState(row.step_state),
    log,
    // What was not executed here was measured where it was.
    metrics: row.metrics ?? (row.made_in === null ? null : await metricsMadeIn(sql, row.project_id, row.made_in, row.made_by ?? nodeId)),
    holder: live ? { runnerId: row.runner_id!, attemptId: row.id! } : undefined,
  };
}

async function metricsMadeIn(sql: Sql, projectId: string, runId: string, nodeId: string): Promise<MetricArtifact | null> {
  const [made] = await sql.query<{ metrics: MetricArtifact | null }>(
    `SELECT a.metrics FROM attempt a JOIN run ON run.id = a.run_id
     WHERE a.run_id = $1 AND a.node_id = $2 AND run.project_id = $3 AND a.state = 'succeeded'`,
    [runId, nodeId, projectId],
  );
  return made?.metrics ?? null;
}

/** How much the attempt printed, what was not kept included. */
export const sizeOfLog = ({ bytes, gap }: LogArtifact): number => bytes + lengthOf(gap);
const lengthOf = (gap: LogGap | undefined): number => (gap ? gap.end - gap.start : 0);

/** Up to `maxBytes` from `from`, or from the first kept byte after it; undefined where nothing is, and when the runner does not answer. */
export async function readLogRange(
  { artifacts, bus }: Pick<LogPorts, 'artifacts' | 'bus'>,
  { log, holder }: Pick<AttemptTraces, 'log' | 'holder'>,
  from: number,
  maxBytes: number,
): Promise<LogBytes | undefined> {
  if (holder) return bus.readLog(holder.runnerId, holder.attemptId, from, maxBytes);
  if (log === null) return undefined;
  const { gap } = log;
  const size = sizeOfLog(log);
  const offset = Math.min(gap && from >= gap.start && from < gap.end ? gap.end : from, size);
  const end = Math.min(size, offset + maxBytes, gap && offset < gap.start ? gap.start : size);
  if (offset >= end) return { bytes: new Uint8Array(), offset, size };
  const skipped = gap && offset >= gap.end ? lengthOf(gap) : 0;
  const bytes = await buffer(await artifacts.openRead(log.sha256, { start: offset - skipped, end: end - skipped }));
  return { bytes, offset, size };
}
