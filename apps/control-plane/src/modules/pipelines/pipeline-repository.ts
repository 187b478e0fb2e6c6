/** Rows of `pipeline`. */
import type { Database, Sql } from '../../platform/database/database.ts';

export interface PipelineRow {
  id: string;
  projectId: string;
  name: string;
  createdAt: Date;
}

export interface PipelineRepository {
  add(pipeline: { id: string; projectId: string; name: string }): Promise<PipelineRow>;
  /** In a transaction of the caller's; as old as their order says. */
  addAll(sql: Sql, projectId: string, pipelines: readonly { id: string; name: string }[]): Promise<void>;
  find(pipelineId: string): Promise<PipelineRow | undefined>;
  /** Oldest first. */
  ofProject(projectId: string): Promise<PipelineRow[]>;
  rename(pipelineId: string, name: string): Promise<PipelineRow>;
  /** From now on it is not found; its document and its runs stay. */
  trash(pipelineId: string, at: Date): Promise<PipelineRow>;
}

export function createPipelineRepository({ prisma }: Database): PipelineRepository {
  return {
    add: (pipeline) => prisma.pipeline.create({ data: pipeline }),
    async addAll(sql, projectId, pipelines) {
      await sql.query(
        `INSERT INTO pipeline (id, project_id, name, created_at)
         SELECT id, $1, name, CURRENT_TIMESTAMP + place * interval '1 millisecond'
         FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS fresh (id, name, place)`,
        [projectId, pipelines.map(({ id }) => id), pipelines.map(({ name }) => name)],
      );
    },
    async find(id) {
      return (await prisma.pipeline.findUnique({ where: { id, trashedAt: null } })) ?? undefined;
    },
    ofProject: (projectId) =>
      prisma.pipeline.findMany({ where: { projectId, trashedAt: null }, orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    rename: (id, name) => prisma.pipeline.update({ where: { id }, data: { name } }),
    trash: (id, at) => prisma.pipeline.update({ where: { id }, data: { trashedAt: at } }),
  };
}
