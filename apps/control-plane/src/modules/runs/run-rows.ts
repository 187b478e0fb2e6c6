/** Rows of `run`, `step` and `attempt`, and the model they stand for, both ways. Knows no SQL. */
import type { IsolationLevel, LogArtifact, OutputArtifact, RunState, StepError, StepState, WarmLevel } from '@ensemble/protocol';
import type { AttemptOutcome, Run, RunPlan, Step, StepPhase } from './run-model.ts';
import { NO_OUTCOME } from './run-model.ts';
import type { RunOptions } from './run-options.ts';
import { storableText } from './stored-values.ts';

export interface RunRow {
  id: string;
  number: number;
  project_id: string;
  pipeline_id: string;
  version_id: string;
  starter_id: string;
  starter_name: string;
  state: RunState;
  isolation: IsolationLevel | null;
  cancel_requested_at: Date | null;
  created_at: Date;
  started_at: Date | null;
  finished_at: Date | null;
  canvas_sha256: string | null;
  options: RunOptions;
}

export interface StepRow {
  node_id: string;
  state: StepState;
  attempt: number;
  cached: boolean;
  why: string | null;
  taken_from: { runId: string; number: number } | null;
  left_scratch: boolean;
  reason: string | null;
  error: StepError | null;
  outputs: OutputArtifact[];
  preview: { sha256: string; bytes: number } | null;
  preview_error: string | null;
  log: LogArtifact | null;
  warm: WarmLevel | null;
  cancel_requested_at: Date | null;
  retry_at: Date | null;
  started_at: Date | null;
  finished_at: Date | null;
}

export interface AttemptRow {
  id: string;
  node_id: string;
  number: number;
  state: 'assigned' | 'running' | 'succeeded' | 'failed' | 'cancelled' | 'lost';
  pool: string;
  spec_hash: string;
  runner_id: string | null;
  ack_subject: string | null;
  isolation: IsolationLevel | null;
  created_at: Date;
  started_at: Date | null;
}

/** The columns of a step, as JSON that `jsonb_to_recordset` reads. */
export function stepColumns(step: Step): Record<string, unknown> {
  const { phase } = step;
  const outcome = 'outcome' in phase ? phase.outcome : NO_OUTCOME;
  const iso = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  const text = (value: string | null): string | null => (value === null ? null : storableText(value));
  return {
    state: phase.state,
    attempt: step.attempt,
    cached: phase.state === 'succeeded' && phase.cached,
    why: text(step.why),
    taken_from: phase.state === 'succeeded' ? phase.takenFrom : null,
    left_scratch: outcome.leftScratch,
    reason: text('reason' in phase ? phase.reason : null),
    error: outcome.error,
    outputs: outcome.outputs,
    preview: outcome.preview,
    preview_error: text(outcome.previewError),
    log: outcome.log,
    warm: outcome.warm,
    retry_at: iso('retryAt' in phase ? phase.retryAt : null),
    started_at: iso('startedAt' in phase ? phase.startedAt : null),
    finished_at: iso('finishedAt' in phase ? phase.finishedAt : null),
    cancel_requested: phase.state === 'cancelled' || (phase.state === 'running' && phase.cancelRequested),
  };
}

export function readRun(row: RunRow, plan: RunPlan, stepRows: readonly StepRow[], attemptRows: readonly AttemptRow[]): Run {
  const attempts = Map.groupBy(attemptRows, (attempt) => attempt.node_id);
  const rows = new Map(stepRows.map((step) => [step.node_id, step]));
  const steps = new Map<string, Step>();
  let unfinished = 0;
  for (const nodeId of plan.steps.keys()) {
    const step = rows.get(nodeId);
    if (!step) throw new Error(`Run ${row.id} has no row for its step ${nodeId}.`);
    const own = attempts.get(nodeId) ?? [];
    const phase = readPhase(
      step,
      own.find((attempt) => attempt.number === step.attempt),
    );
    if (phase.state === 'pending' || phase.state === 'queued' || phase.state === 'running') unfinished++;
    steps.set(nodeId, {
      nodeId,
      attempt: step.attempt,
      losses: own.filter((attempt) => attempt.state === 'lost').length,
      cardFailures: own.filter((attempt) => attempt.state === 'failed').length,
      why: step.why,
      phase,
    });
  }
  return {
    runId: row.id,
    projectId: row.project_id,
    plan,
    state: row.state,
    cancelRequested: row.cancel_requested_at !== null,
    isolation: row.isolation,
    startedAt: row.started_at?.getTime() ?? null,
    finishedAt: row.finished_at?.getTime() ?? null,
    steps,
    unfinished,
  };
}

function readPhase(row: StepRow, latest: AttemptRow | undefined): StepPhase {
  const startedAt = row.started_at?.getTime() ?? null;
  const finishedAt = row.finished_at?.getTime() ?? 0;
  const { state } = row;
  switch (state) {
    case 'pending':
      return { state };
    case 'queued':
      if (row.retry_at) return { state, waitsFor: 'retry', retryAt: row.retry_at.getTime(), reason: row.reason ?? '' };
      // Before its first attempt a step is queued only behind another one's.
      if (row.attempt === 0) return { state, waitsFor: 'twin', reason: row.reason ?? '' };
      return { state, waitsFor: 'runner', attemptId: present(latest, row).id, queuedAt: present(latest, row).created_at.getTime() };
    case 'running': {
      const { id: attemptId, runner_id, ack_subject, isolation } = present(latest, row);
      const holder = { runnerId: runner_id ?? '', ackSubject: ack_subject ?? '', isolation: isolation ?? 'L3' };
      return { state, attemptId, ...holder, startedAt: startedAt ?? 0, cancelRequested: row.cancel_requested_at !== null };
    }
    case 'succeeded':
      return {
        state,
        startedAt: startedAt ?? finishedAt,
        finishedAt,
        outcome: readOutcome(row),
        cached: row.cached,
        takenFrom: row.taken_from,
      };
    case 'failed':
    case 'cancelled':
      return { state, startedAt, finishedAt, outcome: readOutcome(row) };
    case 'skipped':
      return { state, finishedAt, reason: row.reason ?? '' };
    default:
      throw new Error(`Step ${row.node_id} has the state “${String(state satisfies never)}”, which this version does not know.`);
  }
}

const readOutcome = (row: StepRow): AttemptOutcome => ({
  outputs: row.outputs,
  preview: row.preview,
  previewError: row.preview_error,
  log: row.log,
  warm: row.warm,
  error: row.error,
  leftScratch: row.left_scratch,
});

function present(attempt: AttemptRow | undefined, row: StepRow): AttemptRow {
  if (!attempt) throw new Error(`Step ${row.node_id} is ${row.state}, but its attempt ${row.attempt} has no row.`);
  return attempt;
}
