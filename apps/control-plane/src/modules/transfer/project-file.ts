/** `ensemble.json`: what of a project is in no other file of its folder. See docs/project-folder.md. */
import { z } from 'zod';

export const PROJECT_FILE = 'ensemble.json';
export const TENSOR_RAG_FILE = '_pipeline.json';

export const ProjectFile = z.object({
  format: z.literal('ensemble-project'),
  version: z.literal(1),
  name: z.string().min(1).max(120),
  /** File names below `pipelines/`, without their ending, in the order of the project. */
  pipelines: z.array(z.string()),
  /** Data files by name and hash; `path` where the bytes are in the folder too. */
  files: z.array(z.object({ name: z.string(), sha256: z.string(), path: z.string().optional() })).default([]),
});
export type ProjectFile = z.infer<typeof ProjectFile>;

/** One pipeline and one file a line. */
export function projectFileText({ name, pipelines, files }: Pick<ProjectFile, 'name' | 'pipelines' | 'files'>): string {
  const list = (items: readonly unknown[]): string =>
    items.length === 0 ? '[]' : `[\n${items.map((item) => JSON.stringify(item)).join(',\n')}\n]`;
  return `{\n"format": "ensemble-project",\n"version": 1,\n"name": ${JSON.stringify(name)},\n"pipelines": ${list(pipelines)},\n"files": ${list(files)}\n}\n`;
}
