/**
 * Brings a project folder in: a pipeline from `_pipeline.json`, and its card files. Ignores how documents and card files are
 * kept.
 */
import { fromTensorRag, messagesOf, writeGraph } from '@ensemble/pipeline';
import { documentName, type ImportBody, type ImportResult } from '@ensemble/protocol';
import { ApiError } from '../../platform/api-error.ts';
import type { Sql } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import type { PipelineRepository } from './pipeline-repository.ts';

type PipelineDocument = Parameters<typeof writeGraph>[0];

export interface ImportDependencies {
  repository: Pick<PipelineRepository, 'addAll'>;
  /** Resolves once the change is journalled; a `change` that throws leaves no trace. */
  editDocument(name: string, actor: string, change: (doc: PipelineDocument) => void): Promise<void>;
  /** Checks all files; `write` then stores them. Throws for paths that cannot be used or are taken by another source. */
  prepareCards(
    projectId: string,
    files: ImportBody['cards'],
  ): Promise<{
    notes: string[];
    write(actor: string, also: (sql: Sql) => Promise<void>): Promise<void>;
  }>;
  /** The project's index is to show what is new. */
  onImported(projectId: string): Promise<void>;
}

/** `actor` is the label of the journal: a user id or `system:<what>`. */
export async function importFolder(
  dependencies: ImportDependencies,
  projectId: string,
  actor: string,
  body: ImportBody,
): Promise<ImportResult> {
  const graph = fromTensorRag(body.pipeline);
  const problems = messagesOf(graph.findings, 'not-understood');
  if (graph.nodes.length === 0 && problems.length > 0) {
    throw new ApiError(
      'invalid-pipeline',
      problems[0] ?? 'This is no pipeline file.',
      problems.map((message) => ({ code: 'import', message })),
    );
  }
  const cards = await dependencies.prepareCards(projectId, body.cards);
  const pipeline = { id: newId(), name: body.name };
  await dependencies.editDocument(documentName('pipeline', pipeline.id), actor, (doc) => {
    const result = writeGraph(doc, graph, actor);
    if (!result.ok) throw new ApiError('invalid-pipeline', result.message);
  });
  // Documents without a row are seen by nobody; the rows come all at once.
  await cards.write(actor, (sql) => dependencies.repository.addAll(sql, projectId, [pipeline]));
  await dependencies.onImported(projectId);
  return { projectId, pipelineId: pipeline.id, notes: [...problems, ...messagesOf(graph.findings, 'guessed'), ...cards.notes] };
}
