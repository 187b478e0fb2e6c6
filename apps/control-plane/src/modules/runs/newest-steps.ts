/** What the latest runs of a pipeline left, each with what decided it. Decides nothing and writes nothing. */
import type { OutputArtifact } from '@ensemble/protocol';
import type { Sql } from '../../platform/database/database.ts';
import { lineageOf } from './run-version.ts';
import type { RunVersion } from './run-version.ts';

/** A node that succeeded in none of so many runs has been changed a lot since. */
const RUNS_LOOKED_AT = 20;

export interface NewestStep {
  nodeId: string;
  runId: string;
  versionId: string;
  outputs: OutputArtifact[];
}

/** Of each node the newest of the latest runs that it succeeded in. */
export const newestSteps = (sql: Sql, pipelineId: string): Promise<NewestStep[]> =>
  sql.query<NewestStep>(
    `WITH latest AS (SELECT id, number, version_id FROM run WHERE pipeline_id = $1 ORDER BY number DESC LIMIT $2::int)
     SELECT DISTINCT ON (step.node_id) step.node_id AS "nodeId", latest.id AS "runId", latest.version_id AS "versionId", step.outputs
     FROM step JOIN latest ON latest.id = step.run_id
     WHERE step.state = 'succeeded'
     ORDER BY step.node_id, latest.number DESC`,
    [pipelineId, RUNS_LOOKED_AT],
  );

/** By version and node: see `pinnedLineages`. */
export async function lineagesOf(sql: Sql, versionIds: readonly string[]): Promise<Map<string, ReadonlyMap<string, string>>> {
  const rows = await sql.query<{ id: string; content: RunVersion }>(`SELECT id, content FROM pipeline_version WHERE id = ANY($1::text[])`, [
    versionIds,
  ]);
  return new Map(rows.map(({ id, content }) => [id, lineageOf(content)]));
}
