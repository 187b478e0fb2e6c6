/** What `run:<id>` says of a run and its steps. Pure; ignores when and how it is written. */
import { isFinalStepState } from '@ensemble/protocol';
import type { RunDocumentMeta, RunDocumentStep } from '@ensemble/protocol';
import type { Step, StepPlan } from './run-model.ts';
import type { LoadedRun } from './run-repository.ts';

/** Longest error or reason that goes into a document; the whole text is in the step's detail. */
const MAX_TEXT = 1_000;

/** What is known beside the database, for screens only. */
export interface StepNote {
  progress?: { fraction: number; message: string };
  /** Why it is still queued. */
  reason?: string;
  position?: number;
}

export function metaEntry({ row, run, version }: LoadedRun): RunDocumentMeta {
  const leftOut = version.graph.nodes.filter((node) => !run.plan.steps.has(node.id)).map((node) => node.title);
  return {
    runId: run.runId,
    number: row.number,
    pipelineId: row.pipeline_id,
    state: run.state,
    starter: { userId: row.starter_id, name: row.starter_name },
    createdAt: row.created_at.getTime(),
    ...(run.startedAt !== null && { startedAt: run.startedAt }),
    ...(run.finishedAt !== null && { finishedAt: run.finishedAt }),
    ...(run.isolation !== null && { isolation: run.isolation }),
    ...(row.options.scope && { scope: row.options.scope }),
    ...(row.options.resumes && { resumes: row.options.resumes }),
    ...(leftOut.length > 0 && { leftOut }),
  };
}

export function stepEntry(step: Step, { title, pinned }: StepPlan, note: StepNote = {}): RunDocumentStep {
  const { phase } = step;
  const cached = phase.state === 'succeeded' && phase.cached;
  const entry: RunDocumentStep = { state: phase.state, attempt: step.attempt, cached, title };
  const from = pinned ? { runId: pinned.runId, number: pinned.runNumber } : phase.state === 'succeeded' ? phase.takenFrom : null;
  if (from) entry[pinned && !pinned.kept ? 'pinnedFrom' : 'takenFrom'] = from;
  if (step.why !== null) entry.why = short(step.why);
  const reason = 'reason' in phase ? phase.reason : phase.state === 'queued' ? note.reason : undefined;
  if (reason) entry.reason = short(reason);
  if (phase.state === 'queued' && note.position !== undefined) entry.position = note.position;
  if (phase.state === 'running' && note.progress) entry.progress = { ...note.progress, message: short(note.progress.message) };
  if ('startedAt' in phase && phase.startedAt !== null) entry.startedAt = phase.startedAt;
  if ('finishedAt' in phase) entry.finishedAt = phase.finishedAt;
  if (!('outcome' in phase) || !isFinalStepState(phase.state)) return entry;
  const { error, preview, previewError, warm } = phase.outcome;
  if (error) entry.error = { kind: error.kind, message: short(error.message), ...(error.line !== undefined && { line: error.line }) };
  if (warm) entry.warm = warm;
  if (preview) entry.hasPreview = true;
  if (previewError !== null) entry.previewError = short(previewError);
  return entry;
}

/** Yjs writes UTF-8: half a surrogate pair would come out as something else on the other side. */
const short = (text: string): string => (text.length > MAX_TEXT ? `${text.slice(0, MAX_TEXT)}…` : text).toWellFormed();
