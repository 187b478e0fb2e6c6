/** What people read of runs: lists, details, previews. Each use case authorizes; ignores live progress. */
import type { Actor } from '@ensemble/permissions';
import type { RunDetail, RunSummary, StepDetail } from '@ensemble/protocol';
import type { JsonValue } from '@ensemble/cards';
import { topologyOf } from '@ensemble/pipeline';
import { notFound } from '../../platform/api-error.ts';
import type { Sql } from '../../platform/database/database.ts';
import type { Artifacts, Authorize } from './ports.ts';
import { stepSummaryOf, summaryOf } from './present-run.ts';
import type { RunDocuments } from './run-documents.ts';
import { findRun, findStep, listRuns, listSteps } from './run-queries.ts';
import type { FoundRun } from './run-queries.ts';
import type { StepRow } from './run-rows.ts';
import { lineageOf } from './run-version.ts';

/** A preview above this is not sent: it is no preview any more. */
const MAX_PREVIEW_BYTES = 8 * 1024 * 1024;

export interface ReadRunsPorts {
  sql: Sql;
  artifacts: Pick<Artifacts, 'openRead' | 'readAll'>;
  authorize: Authorize;
  runDocuments: Pick<RunDocuments, 'noteOf'>;
}

/** Newest first. */
export async function runsOfPipeline(ports: Pick<ReadRunsPorts, 'sql'>, pipelineId: string): Promise<RunSummary[]> {
  return (await listRuns(ports.sql, pipelineId)).map(summaryOf);
}

/** Throws not-found for what is not there and for what is not the actor's. */
export async function authorizedRun(
  { sql, authorize }: Pick<ReadRunsPorts, 'sql' | 'authorize'>,
  actor: Actor,
  action: 'run.read' | 'run.start' | 'run.cancel' | 'run.cancelOthers' | 'artifact.read' | 'card.read',
  runId: string,
): Promise<FoundRun> {
  const found = await findRun(sql, runId);
  if (!found) throw notFound('run');
  await authorize(actor, action, found.row.project_id);
  return found;
}

export async function authorizedStep(
  ports: Pick<ReadRunsPorts, 'sql' | 'authorize'>,
  actor: Actor,
  action: 'run.read' | 'artifact.read',
  runId: string,
  nodeId: string,
): Promise<FoundRun & { step: StepRow }> {
  const found = await authorizedRun(ports, actor, action, runId);
  const step = await findStep(ports.sql, runId, nodeId);
  if (!step) throw notFound('step');
  return { ...found, step };
}

export async function getRun(ports: ReadRunsPorts, actor: Actor, runId: string): Promise<RunDetail> {
  const { row, version } = await authorizedRun(ports, actor, 'run.read', runId);
  const rows = new Map((await listSteps(ports.sql, runId)).map((step) => [step.node_id, step]));
  const lineage = lineageOf(version);
  // In the order they can run, which is how people read a pipeline.
  const { order } = topologyOf(
    version.graph.nodes.map(({ id }) => id),
    version.graph.edges,
  );
  const steps = order.flatMap((id) => {
    const step = rows.get(id);
    return step ? [stepSummaryOf(step, version, lineage, ports.runDocuments.noteOf(runId, id)?.reason)] : [];
  });
  return { ...summaryOf(row), steps };
}

export async function getStep(ports: ReadRunsPorts, actor: Actor, runId: string, nodeId: string): Promise<StepDetail> {
  const { step, version } = await authorizedStep(ports, actor, 'run.read', runId, nodeId);
  const detail = stepSummaryOf(step, version, lineageOf(version), ports.runDocuments.noteOf(runId, nodeId)?.reason);
  if (!step.preview) return { ...detail, preview: null };
  if (step.preview.bytes > MAX_PREVIEW_BYTES) {
    return {
      ...detail,
      preview: null,
      previewError: `The preview has ${step.preview.bytes} bytes; at most ${MAX_PREVIEW_BYTES} are shown.`,
    };
  }
  return { ...detail, ...(await readPreview(ports, step.preview.sha256)) };
}

async function readPreview(
  ports: ReadRunsPorts,
  sha256: string,
): Promise<Partial<Pick<StepDetail, 'previewError'>> & { preview: JsonValue }> {
  const content = new TextDecoder().decode(await ports.artifacts.readAll(sha256, MAX_PREVIEW_BYTES));
  try {
    return { preview: JSON.parse(content) as JsonValue };
  } catch {
    return { preview: null, previewError: 'The stored preview is no JSON. Run the step again.' };
  }
}
