/** What earlier runs left that a trial could take. Decides nothing and writes nothing. */
import type { JsonObject } from '@ensemble/cards';
import type { Sql } from '../../../platform/database/database.ts';
import type { FoundRun } from '../run-queries.ts';
import type { RunRow } from '../run-rows.ts';
import type { RunVersion } from '../run-version.ts';
import { trialPipelineId } from './trial-entry.ts';

/** More are of no use in a list of choices. */
const RUNS_LOOKED_AT = 30;
const TRIALS_LOOKED_AT = 20;
const MAX_OUTPUTS = 400;

export interface Execution {
  runId: string;
  runNumber: number;
  /** Null: a trial. */
  pipelineName: string | null;
  nodeId: string;
  title: string;
  /** Defaults filled in. */
  config: JsonObject;
  createdAt: Date;
}

interface CardPlace {
  pipelineId: string;
  nodeId: string;
}

/**
 * The step whose inputs a trial takes over: the newest that succeeded in a run, or the newest trial, whichever is newer; else
 * the newest that failed. With a place: of that node.
 */
export async function lastExecution(
  sql: Sql,
  projectId: string,
  { cardId, cardType }: { cardId: string; cardType: string },
  place: CardPlace | undefined,
): Promise<Execution | undefined> {
  const [row] = await sql.query<Execution>(
    `WITH latest AS (
       (SELECT run.*, p.name AS pipeline_name FROM run JOIN pipeline p ON p.id = run.pipeline_id
        WHERE run.project_id = $1 AND ($4::text IS NULL OR run.pipeline_id = $4) ORDER BY run.created_at DESC LIMIT ${RUNS_LOOKED_AT})
       UNION ALL
       (SELECT run.*, NULL FROM run WHERE pipeline_id = $3 ORDER BY number DESC LIMIT ${TRIALS_LOOKED_AT})
     ), node AS MATERIALIZED (
       SELECT v.id AS version_id, node FROM pipeline_version v CROSS JOIN LATERAL jsonb_array_elements(v.content->'graph'->'nodes') AS node
       WHERE v.id IN (SELECT version_id FROM latest) AND node->>'card' = $2
     )
     SELECT latest.id AS "runId", latest.number AS "runNumber", pipeline_name AS "pipelineName", step.node_id AS "nodeId",
       node->>'title' AS title, node->'config' AS config, latest.created_at AS "createdAt"
     FROM latest JOIN node ON node.version_id = latest.version_id JOIN step ON step.run_id = latest.id AND step.node_id = node->>'id'
     WHERE (NOT step.cached OR step.taken_from IS NOT NULL) AND ($5::text IS NULL OR step.node_id = $5)
       AND (pipeline_name IS NULL OR step.state IN ('succeeded', 'failed'))
     ORDER BY pipeline_name IS NULL OR step.state = 'succeeded' DESC, latest.created_at DESC LIMIT 1`,
    [projectId, cardType, trialPipelineId(projectId, cardId), place?.pipelineId ?? null, place?.nodeId ?? null],
  );
  return row;
}

export interface StoredOutput {
  runId: string;
  runNumber: number;
  /** Null: a trial left it. */
  pipelineName: string | null;
  pipelineId: string;
  nodeId: string;
  key: string;
  type: string;
  bytes: number;
  title: string;
  createdAt: Date;
}

/** Declared outputs of the project's latest runs and trials, newest first; what a run took from the cache stands once, at its newest place. */
export const recentOutputs = (sql: Sql, projectId: string): Promise<StoredOutput[]> =>
  sql.query<StoredOutput>(
    `WITH latest AS (
       (SELECT run.*, p.name AS pipeline_name FROM run JOIN pipeline p ON p.id = run.pipeline_id
        WHERE run.project_id = $1 ORDER BY run.created_at DESC LIMIT ${RUNS_LOOKED_AT})
       UNION ALL
       (SELECT run.*, NULL FROM run WHERE project_id = $1 AND NOT EXISTS (SELECT FROM pipeline p WHERE p.id = run.pipeline_id)
        ORDER BY run.created_at DESC LIMIT ${TRIALS_LOOKED_AT})
     ), sighted AS (
       SELECT DISTINCT ON (step.node_id, output->>'key', coalesce(step.taken_from->>'runId', latest.id))
         latest.*, step.node_id, step.finished_at AS made_at, output FROM latest JOIN step ON step.run_id = latest.id
       CROSS JOIN LATERAL jsonb_array_elements(step.outputs) AS output
       WHERE step.state = 'succeeded' AND (NOT step.cached OR step.taken_from IS NOT NULL) AND (output->>'declared')::boolean
       ORDER BY step.node_id, output->>'key', coalesce(step.taken_from->>'runId', latest.id), latest.created_at DESC
     ), made AS MATERIALIZED (
       SELECT * FROM sighted ORDER BY created_at DESC, made_at DESC LIMIT ${MAX_OUTPUTS}
     ), node AS MATERIALIZED (
       SELECT v.id AS version_id, node->>'id' AS node_id, node->>'title' AS title
       FROM pipeline_version v CROSS JOIN LATERAL jsonb_array_elements(v.content->'graph'->'nodes') AS node
       WHERE v.id IN (SELECT version_id FROM made)
     )
     SELECT made.id AS "runId", number AS "runNumber", pipeline_name AS "pipelineName", made.pipeline_id AS "pipelineId",
       made.node_id AS "nodeId", output->>'key' AS key, output->>'type' AS type, (output->>'bytes')::float8 AS bytes,
       made.created_at AS "createdAt", coalesce(node.title, made.node_id) AS title
     FROM made LEFT JOIN node ON node.version_id = made.version_id AND node.node_id = made.node_id
     ORDER BY made.created_at DESC, made.node_id, output->>'key'`,
    [projectId],
  );

/** Newest first. */
export async function trialsOfCard(sql: Sql, projectId: string, cardId: string): Promise<FoundRun[]> {
  const rows = await sql.query<RunRow & { content: RunVersion }>(
    `SELECT run.*, v.content FROM run JOIN pipeline_version v ON v.id = run.version_id
     WHERE run.pipeline_id = $1 ORDER BY number DESC LIMIT ${TRIALS_LOOKED_AT}`,
    [trialPipelineId(projectId, cardId)],
  );
  return rows.map(({ content: version, ...row }) => ({ row, version }));
}
