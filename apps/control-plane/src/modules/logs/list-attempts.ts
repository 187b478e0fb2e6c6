/** The attempts of a step, for whoever wants the log of one that was tried again. */
import type { Actor } from '@ensemble/permissions';
import type { LogArtifact, MetricArtifact, StepAttempt } from '@ensemble/protocol';
import { sizeOfLog, tracesOf, type LogPorts } from './log-source.ts';

interface Row {
  number: number;
  state: StepAttempt['state'];
  started_at: Date | null;
  finished_at: Date | null;
  log: LogArtifact | null;
  metrics: MetricArtifact | null;
}

/** In the order they were made. */
export async function listAttempts(
  ports: Pick<LogPorts, 'sql' | 'authorize'>,
  actor: Actor,
  runId: string,
  nodeId: string,
): Promise<StepAttempt[]> {
  const { log: latest } = await tracesOf(ports, actor, runId, nodeId);
  const rows = await ports.sql.query<Row>(
    `SELECT number, state, started_at, finished_at, log, metrics FROM attempt WHERE run_id = $1 AND node_id = $2 ORDER BY number`,
    [runId, nodeId],
  );
  return rows.map((row, at) => {
    const log = row.log ?? (at === rows.length - 1 ? latest : null);
    return {
      number: row.number,
      state: row.state,
      startedAt: row.started_at?.getTime() ?? null,
      finishedAt: row.finished_at?.getTime() ?? null,
      logBytes: log ? sizeOfLog(log) : 0,
      metricPoints: row.metrics?.points ?? 0,
    };
  });
}
