/** Rows of runs and steps for readers. Decides nothing and writes nothing. */
import type { Sql } from '../../platform/database/database.ts';
import type { RunRow, StepRow } from './run-rows.ts';
import type { RunVersion } from './run-version.ts';

export interface FoundRun {
  row: RunRow;
  version: RunVersion;
}

/** More are of no use in a list. */
const MAX_LISTED = 200;

export async function findRun(sql: Sql, runId: string): Promise<FoundRun | undefined> {
  const [row] = await sql.query<RunRow & { content: RunVersion }>(
    `SELECT run.*, v.content FROM run JOIN pipeline_version v ON v.id = run.version_id WHERE run.id = $1`,
    [runId],
  );
  if (!row) return undefined;
  const { content: version, ...run } = row;
  return { row: run, version };
}

export const listRuns = (sql: Sql, pipelineId: string): Promise<RunRow[]> =>
  sql.query<RunRow>(`SELECT * FROM run WHERE pipeline_id = $1 ORDER BY number DESC LIMIT $2::int`, [pipelineId, MAX_LISTED]);

export const listSteps = (sql: Sql, runId: string): Promise<StepRow[]> =>
  sql.query<StepRow>(`SELECT * FROM step WHERE run_id = $1`, [runId]);

export async function findStep(sql: Sql, runId: string, nodeId: string): Promise<StepRow | undefined> {
  const [row] = await sql.query<StepRow>(`SELECT * FROM step WHERE run_id = $1 AND node_id = $2`, [runId, nodeId]);
  return row;
}
