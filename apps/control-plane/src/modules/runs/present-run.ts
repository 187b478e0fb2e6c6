/** Runs and steps as the HTTP API shows them. Pure. */
import type { RunSummary, StepDetail } from '@ensemble/protocol';
import type { RunRow, StepRow } from './run-rows.ts';
import type { RunVersion } from './run-version.ts';
import { manifestOf, pinnedIn } from './run-version.ts';

export type StepSummary = Omit<StepDetail, 'preview'>;

const millis = (at: Date | null): number | null => at?.getTime() ?? null;

export function summaryOf(row: RunRow): RunSummary {
  return {
    id: row.id,
    number: row.number,
    projectId: row.project_id,
    pipelineId: row.pipeline_id,
    state: row.state,
    starter: { userId: row.starter_id, name: row.starter_name },
    isolation: row.isolation,
    createdAt: row.created_at.getTime(),
    startedAt: millis(row.started_at),
    finishedAt: millis(row.finished_at),
    scope: row.options.scope ?? null,
    resumes: row.options.resumes ?? null,
  };
}

/** `lineage` of all nodes of the version. `note`: why it is still queued, where that is known. */
export function stepSummaryOf(row: StepRow, version: RunVersion, lineage: ReadonlyMap<string, string>, note?: string): StepSummary {
  const node = version.graph.nodes.find((candidate) => candidate.id === row.node_id);
  if (!node) throw new Error(`Step ${row.node_id} has no node in its version.`);
  const startedAt = millis(row.started_at);
  const finishedAt = millis(row.finished_at);
  const pinned = pinnedIn(version, row.node_id);
  return {
    nodeId: row.node_id,
    title: node.title,
    cardType: node.card,
    state: row.state,
    attempt: row.attempt,
    cached: row.cached,
    pinnedFrom: pinned && !pinned.kept ? { runId: pinned.runId, number: pinned.runNumber } : null,
    takenFrom: pinned?.kept ? { runId: pinned.runId, number: pinned.runNumber } : row.taken_from,
    why: row.why,
    lineage: lineage.get(row.node_id) ?? '',
    reason: row.reason ?? (row.state === 'queued' ? (note ?? null) : null),
    error: row.error,
    outputs: row.outputs,
    outputViewType: pinned?.outputViewType ?? manifestOf(version, node.card).outputViewType,
    previewError: row.preview_error,
    logBytes: row.log?.bytes ?? 0,
    warm: row.warm,
    startedAt,
    finishedAt,
    durationMs: startedAt !== null && finishedAt !== null ? finishedAt - startedAt : null,
  };
}
