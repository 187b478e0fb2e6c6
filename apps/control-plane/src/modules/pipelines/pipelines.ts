/** The pipelines of projects. Ignores the graph inside. */
import type { Actor } from '@ensemble/permissions';
import type { ImportBody, ImportResult, Pipeline } from '@ensemble/protocol';
import { notFound } from '../../platform/api-error.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import { importFolder, type ImportDependencies } from './import-folder.ts';
import { createPipelineRepository, type PipelineRow } from './pipeline-repository.ts';

export interface PipelinesOptions extends Omit<ImportDependencies, 'repository' | 'onImported'> {
  database: Database;
  /** The project's pipelines changed; resolves when its index shows them. */
  onChanged(projectId: string): Promise<void>;
  /** Nobody may read it any more. */
  onTrashed(pipelineId: string): Promise<void>;
  now(): number;
}

export interface Pipelines {
  /** Undefined when there is no such pipeline. */
  projectOf(pipelineId: string): Promise<string | undefined>;
  read(pipelineId: string): Promise<Pipeline>;
  list(projectId: string): Promise<Pipeline[]>;
  create(projectId: string, name: string): Promise<Pipeline>;
  /** Rows for documents that are written already, in a transaction of the caller's. The caller tells the index. */
  addAll(sql: Sql, projectId: string, pipelines: readonly { id: string; name: string }[]): Promise<void>;
  rename(pipelineId: string, name: string): Promise<Pipeline>;
  /** It is gone for everybody, also for who has it open; its document and its runs stay. */
  trash(pipelineId: string): Promise<void>;
  importFolder(actor: Actor, projectId: string, body: ImportBody): Promise<ImportResult>;
}

const present = ({ id, projectId, name, createdAt }: PipelineRow): Pipeline => ({ id, projectId, name, createdAt: createdAt.getTime() });

export function createPipelines({ database, onChanged, onTrashed, now, ...rest }: PipelinesOptions): Pipelines {
  const repository = createPipelineRepository(database);
  return {
    projectOf: async (pipelineId) => (await repository.find(pipelineId))?.projectId,
    async read(pipelineId) {
      const row = await repository.find(pipelineId);
      if (!row) throw notFound('pipeline');
      return present(row);
    },
    list: async (projectId) => (await repository.ofProject(projectId)).map(present),
    async create(projectId, name) {
      const row = await repository.add({ id: newId(), projectId, name });
      await onChanged(projectId);
      return present(row);
    },
    addAll: repository.addAll,
    async rename(pipelineId, name) {
      const row = await repository.rename(pipelineId, name);
      await onChanged(row.projectId);
      return present(row);
    },
    async trash(pipelineId) {
      const row = await repository.trash(pipelineId, new Date(now()));
      await onTrashed(pipelineId);
      await onChanged(row.projectId);
    },
    importFolder: (actor, projectId, body) =>
      importFolder(
        { ...rest, repository, onImported: onChanged },
        projectId,
        actor.kind === 'user' ? actor.userId : 'system:operator',
        body,
      ),
  };
}
