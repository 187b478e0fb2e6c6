/**
 * Runs, steps and attempts in the database. Every write is fenced by the state it was decided from.
 * Ignores what is decided and who is told.
 */
import type { Sql } from '../../platform/database/database.ts';
import type { RunVersion } from './run-version.ts';
import { planOfVersion } from './run-version.ts';
import type { AttemptFact, Decision } from './run-lifecycle.ts';
import type { Run } from './run-model.ts';
import type { RunOptions } from './run-options.ts';
import { readRun, stepColumns } from './run-rows.ts';
import { findRun, listSteps } from './run-queries.ts';
import type { AttemptRow, RunRow } from './run-rows.ts';
import { storableJson, storableText } from './stored-values.ts';

/** The database holds something else than the decision was made from: load the run again and decide again. */
export class StaleRunError extends Error {
  constructor(runId: string) {
    super(`Run ${runId} changed in the database while it was being decided.`);
    this.name = 'StaleRunError';
  }
}

export interface NewRunRow {
  runId: string;
  projectId: string;
  pipelineId: string;
  versionId: string;
  starter: { userId: string; name: string };
  createdAt: number;
  /** Artifact of the canvas as it was: see `run-canvas.ts`. */
  canvasHash: string | null;
  options: RunOptions;
}

export interface LoadedRun {
  row: RunRow;
  run: Run;
  version: RunVersion;
  /** Of the attempts that may still bring a result, by attempt id. */
  specHashes: Map<string, string>;
}

export async function insertVersion(sql: Sql, id: string, version: RunVersion): Promise<void> {
  await sql.query(`INSERT INTO pipeline_version (id, pipeline_id, content) VALUES ($1, $2, $3::jsonb) ON CONFLICT (id) DO NOTHING`, [
    id,
    version.pipelineId,
    storableJson(version),
  ]);
}

/** Inserts the run with the next number of its pipeline and all its steps as pending. */
export async function insertRun(sql: Sql, row: NewRunRow, nodeIds: readonly string[]): Promise<RunRow> {
  // Concurrent starts take their numbers one after the other. Trials have no pipeline whose row could be locked.
  await sql.query(`SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, [`run ${row.pipelineId}`]);
  const [inserted] = await sql.query<RunRow>(
    `INSERT INTO run (id, number, project_id, pipeline_id, version_id, starter_id, starter_name, state, created_at, canvas_sha256, options)
     SELECT $1, coalesce(max(number), 0) + 1, $2, $3, $4, $5, $6, 'queued', $7::timestamptz, $8, $9::jsonb FROM run WHERE pipeline_id = $3
     RETURNING *`,
    [
      row.runId,
      row.projectId,
      row.pipelineId,
      row.versionId,
      row.starter.userId,
      storableText(row.starter.name),
      new Date(row.createdAt),
      row.canvasHash,
      storableJson(row.options),
    ],
  );
  await sql.query(`INSERT INTO step (run_id, node_id, state) SELECT $1, node_id, 'pending' FROM unnest($2::text[]) AS node_id`, [
    row.runId,
    nodeIds,
  ]);
  return inserted!;
}

/** Commits what was decided. `specHashes` by attempt id, for every newly assigned attempt. Throws StaleRunError. */
export async function saveDecision(
  sql: Sql,
  before: Run,
  decision: Decision,
  specHashes: ReadonlyMap<string, string>,
  now: number,
): Promise<void> {
  const { run, changed } = decision;
  if (decision.runChanged) await saveRun(sql, before, run, now);
  if (changed.size > 0) {
    const rows = [...changed].map((nodeId) => {
      const old = before.steps.get(nodeId)!;
      return { ...stepColumns(run.steps.get(nodeId)!), node_id: nodeId, old_state: old.phase.state, old_attempt: old.attempt };
    });
    const saved = await sql.query(
      `UPDATE step SET state = n.state, attempt = n.attempt, cached = n.cached, why = n.why, taken_from = n.taken_from,
         left_scratch = n.left_scratch, reason = n.reason, error = n.error, outputs = n.outputs,
         preview = n.preview, preview_error = n.preview_error, log = n.log, warm = n.warm, retry_at = n.retry_at,
         started_at = n.started_at, finished_at = n.finished_at,
         cancel_requested_at = CASE WHEN n.cancel_requested THEN coalesce(step.cancel_requested_at, $3::timestamptz) END
       FROM jsonb_to_recordset($2::jsonb) AS n(node_id text, old_state text, old_attempt int, state text, attempt int, cached boolean, why text, taken_from jsonb,
         left_scratch boolean, reason text,
         error jsonb, outputs jsonb, preview jsonb, preview_error text, log jsonb, warm text, retry_at timestamptz,
         started_at timestamptz, finished_at timestamptz, cancel_requested boolean)
       WHERE step.run_id = $1 AND step.node_id = n.node_id AND step.state = n.old_state AND step.attempt = n.old_attempt
       RETURNING step.node_id`,
      [run.runId, storableJson(rows), new Date(now)],
    );
    if (saved.length !== rows.length) throw new StaleRunError(run.runId);
  }
  await saveAttempts(sql, run.runId, decision.attempts, specHashes, now);
}

async function saveRun(sql: Sql, before: Run, run: Run, now: number): Promise<void> {
  const saved = await sql.query(
    `UPDATE run SET state = $2, isolation = $3, started_at = $4::timestamptz, finished_at = $5::timestamptz,
       cancel_requested_at = CASE WHEN $6::boolean THEN coalesce(cancel_requested_at, $7::timestamptz) END
     WHERE id = $1 AND state = $8 AND finished_at IS NULL RETURNING id`,
    [
      run.runId,
      run.state,
      run.isolation,
      instant(run.startedAt),
      instant(run.finishedAt),
      run.cancelRequested,
      new Date(now),
      before.state,
    ],
  );
  if (saved.length !== 1) throw new StaleRunError(run.runId);
}

async function saveAttempts(
  sql: Sql,
  runId: string,
  facts: readonly AttemptFact[],
  specHashes: ReadonlyMap<string, string>,
  now: number,
): Promise<void> {
  const at = new Date(now);
  const assigned = facts.filter((fact) => fact.kind === 'assigned');
  const claimed = facts.filter((fact) => fact.kind === 'claimed');
  const ended = facts.filter((fact) => fact.kind === 'ended');
  if (assigned.length > 0) {
    const rows = assigned.map((fact) => ({
      id: fact.attemptId,
      node_id: fact.nodeId,
      number: fact.attempt,
      pool: fact.pool,
      spec_hash: specHashes.get(fact.attemptId),
    }));
    await sql.query(
      `INSERT INTO attempt (id, run_id, node_id, number, state, pool, spec_hash, created_at)
       SELECT n.id, $1, n.node_id, n.number, 'assigned', n.pool, n.spec_hash, $3::timestamptz
       FROM jsonb_to_recordset($2::jsonb) AS n(id text, node_id text, number int, pool text, spec_hash text)`,
      [runId, storableJson(rows), at],
    );
  }
  if (claimed.length > 0) {
    const rows = claimed.map((fact) => ({
      id: fact.attemptId,
      runner_id: fact.runnerId,
      ack_subject: fact.ackSubject,
      isolation: fact.isolation,
    }));
    const saved = await sql.query(
      `UPDATE attempt SET state = 'running', runner_id = n.runner_id, ack_subject = n.ack_subject, isolation = n.isolation, started_at = $2::timestamptz
       FROM jsonb_to_recordset($1::jsonb) AS n(id text, runner_id text, ack_subject text, isolation text)
       WHERE attempt.id = n.id AND attempt.state = 'assigned' RETURNING attempt.id`,
      [storableJson(rows), at],
    );
    if (saved.length !== rows.length) throw new StaleRunError(runId);
  }
  if (ended.length > 0) {
    const saved = await sql.query(
      `UPDATE attempt SET state = n.state, finished_at = $2::timestamptz FROM jsonb_to_recordset($1::jsonb) AS n(id text, state text)
       WHERE attempt.id = n.id AND attempt.state IN ('assigned', 'running') RETURNING attempt.id`,
      [storableJson(ended.map((fact) => ({ id: fact.attemptId, state: fact.state }))), at],
    );
    if (saved.length !== ended.length) throw new StaleRunError(runId);
  }
}

/** Undefined when there is no such run. */
export async function loadRun(sql: Sql, runId: string): Promise<LoadedRun | undefined> {
  const found = await findRun(sql, runId);
  if (!found) return undefined;
  const { row, version } = found;
  const steps = await listSteps(sql, runId);
  const attempts = await sql.query<AttemptRow>(`SELECT * FROM attempt WHERE run_id = $1 ORDER BY number`, [runId]);
  const live = attempts.filter((attempt) => attempt.state === 'assigned' || attempt.state === 'running');
  const specHashes = new Map(live.map((attempt) => [attempt.id, attempt.spec_hash]));
  return { row, version, run: readRun(row, planOfVersion(version, row.options), steps, attempts), specHashes };
}

export interface AttemptPlace {
  attemptId: string;
  runId: string;
  nodeId: string;
  projectId: string;
  state: string;
}

export async function findAttempt(sql: Sql, attemptId: string): Promise<AttemptPlace | undefined> {
  const [row] = await sql.query<AttemptPlace>(
    `SELECT a.id AS "attemptId", a.run_id AS "runId", a.node_id AS "nodeId", a.state, r.project_id AS "projectId"
     FROM attempt a JOIN run r ON r.id = a.run_id WHERE a.id = $1`,
    [attemptId],
  );
  return row;
}

export async function unfinishedRunIds(sql: Sql): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(`SELECT id FROM run WHERE state IN ('queued', 'running') ORDER BY created_at, id`);
  return rows.map((row) => row.id);
}

/** Newest first. */
export async function latestFinishedRunIds(sql: Sql, limit: number): Promise<string[]> {
  const rows = await sql.query<{ id: string }>(
    `SELECT id FROM run WHERE state NOT IN ('queued', 'running') ORDER BY finished_at DESC, id LIMIT $1::int`,
    [limit],
  );
  return rows.map((row) => row.id);
}

const instant = (at: number | null): Date | null => (at === null ? null : new Date(at));
