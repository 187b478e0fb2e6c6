/** Writes down what an attempt left besides its outcome, whatever becomes of that: a fenced attempt's log is still worth reading. */
import type { AttemptResult } from '@ensemble/protocol';
import type { Sql } from '../../platform/database/database.ts';

/** Only the runner that executes it is believed. May be called again. The log of an attempt that succeeded is its step's, and is not written twice. */
export async function keepTraces(sql: Sql, { attemptId, runnerId, outcome, log, metrics }: AttemptResult): Promise<void> {
  const extra = outcome === 'succeeded' ? undefined : log;
  if (extra === undefined && metrics === undefined) return;
  await sql.query(
    `UPDATE attempt SET log = coalesce(log, $2::jsonb), metrics = coalesce(metrics, $3::jsonb) WHERE id = $1 AND runner_id = $4`,
    [attemptId, extra === undefined ? null : JSON.stringify(extra), metrics === undefined ? null : JSON.stringify(metrics), runnerId],
  );
}
