/** Rows of `pipeline`. */
import type { Database } from '../../platform/database/database.ts';

export interface PipelineRow {
  id: string;
  projectId: string;
  name: string;
  createdAt: Date;
}

export interface PipelineRepository {
  add(pipeline: { id: string; projectId: string; name: string }): Promise<PipelineRow>;
  find(pipelineId: string): Promise<PipelineRow | undefined>;
  /** Oldest first. */
  ofProject(projectId: string): Promise<PipelineRow[]>;
  rename(pipelineId: string, name: string): Promise<PipelineRow>;
  remove(pipelineId: string): Promise<void>;
}

export function createPipelineRepository({ prisma }: Database): PipelineRepository {
  return {
    add: (pipeline) => prisma.pipeline.create({ data: pipeline }),
    async find(id) {
      return (await prisma.pipeline.findUnique({ where: { id } })) ?? undefined;
    },
    ofProject: (projectId) => prisma.pipeline.findMany({ where: { projectId }, orderBy: { createdAt: 'asc' } }),
    rename: (id, name) => prisma.pipeline.update({ where: { id }, data: { name } }),
    async remove(id) {
      await prisma.pipeline.delete({ where: { id } });
    },
  };
}
