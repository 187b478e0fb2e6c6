/** Rows of the cache. Decides nothing: whether a result counts is for `result-cache.ts` to say. */
import type { LogArtifact, OutputArtifact } from '@ensemble/protocol';
import type { Sql } from '../../../platform/database/database.ts';
import { storableJson } from '../stored-values.ts';
import type { CacheKeyParts } from './cache-key.ts';

/** A result with the step that made it. */
export interface CachedResult {
  key: string;
  pipelineId: string;
  runId: string;
  runNumber: number;
  nodeId: string;
  parts: CacheKeyParts;
  madeAt: Date;
  outputs: OutputArtifact[];
  preview: { sha256: string; bytes: number } | null;
  previewError: string | null;
  log: LogArtifact | null;
}

/** Of each node so many: people go to and fro between settings. */
const NEWEST = 3;

const COLUMNS = `c.key, c.pipeline_id AS "pipelineId", c.run_id AS "runId", run.number AS "runNumber", c.node_id AS "nodeId", c.parts,
  c.made_at AS "madeAt", step.outputs, step.preview, step.preview_error AS "previewError", step.log`;
const STEP = `JOIN step ON step.run_id = c.run_id AND step.node_id = c.node_id JOIN run ON run.id = c.run_id`;

/** The results of these nodes that were made or taken last, newest first. */
export const newestResults = (sql: Sql, projectId: string, nodeIds: readonly string[]): Promise<CachedResult[]> =>
  sql.query<CachedResult>(
    `SELECT ${COLUMNS} FROM unnest($2::text[]) AS wanted(node_id)
     CROSS JOIN LATERAL (SELECT * FROM cached_result WHERE project_id = $1 AND cached_result.node_id = wanted.node_id
       ORDER BY used_at DESC LIMIT ${NEWEST}) AS c ${STEP} ORDER BY c.used_at DESC`,
    [projectId, nodeIds],
  );

export const resultsOfKeys = (sql: Sql, projectId: string, keys: readonly string[]): Promise<CachedResult[]> =>
  sql.query<CachedResult>(`SELECT ${COLUMNS} FROM cached_result c ${STEP} WHERE c.project_id = $1 AND c.key = ANY($2::text[])`, [
    projectId,
    keys,
  ]);

export interface NewResult {
  key: string;
  nodeId: string;
  parts: CacheKeyParts;
}

/** Written with the decision that the steps have succeeded. A newer result of a key takes the place of the older one. */
export async function saveResults(
  sql: Sql,
  place: { projectId: string; pipelineId: string; runId: string },
  results: readonly NewResult[],
  now: number,
): Promise<void> {
  if (results.length === 0) return;
  await sql.query(
    `INSERT INTO cached_result (project_id, key, pipeline_id, run_id, node_id, parts, made_at, used_at)
     SELECT $1, n.key, $2, $3, n."nodeId", n.parts, $5::timestamptz, $5::timestamptz
     FROM jsonb_to_recordset($4::jsonb) AS n(key text, "nodeId" text, parts jsonb)
     ON CONFLICT (project_id, key) DO UPDATE SET pipeline_id = EXCLUDED.pipeline_id, run_id = EXCLUDED.run_id,
       node_id = EXCLUDED.node_id, made_at = EXCLUDED.made_at, used_at = EXCLUDED.used_at`,
    [place.projectId, place.pipelineId, place.runId, storableJson(results), new Date(now)],
  );
}

/** They were taken: what is looked at first next time, and what is swept last. */
export async function touchResults(sql: Sql, projectId: string, keys: readonly string[], now: number): Promise<void> {
  if (keys.length === 0) return;
  await sql.query(`UPDATE cached_result SET used_at = $3::timestamptz WHERE project_id = $1 AND key = ANY($2::text[])`, [
    projectId,
    keys,
    new Date(now),
  ]);
}
