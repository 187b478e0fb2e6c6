/** The data files that the config fields of nodes name: `{"$file": sha256, "name"}`, wherever in a field. Pure. */
import type { PipelineNode } from '@ensemble/pipeline';

export interface NamedFile {
  sha256: string;
  name: string;
  nodeId: string;
  field: string;
}

export const namedFiles = (nodes: readonly Pick<PipelineNode, 'id' | 'config'>[]): NamedFile[] =>
  nodes.flatMap(({ id, config }) =>
    Object.entries(config).flatMap(([field, value]) => filesIn(value).map((file) => ({ ...file, nodeId: id, field }))),
  );

function filesIn(value: unknown): { sha256: string; name: string }[] {
  if (Array.isArray(value)) return value.flatMap(filesIn);
  if (typeof value !== 'object' || value === null) return [];
  const { $file, name } = value as { $file?: unknown; name?: unknown };
  if (typeof $file === 'string') return [{ sha256: $file, name: typeof name === 'string' ? name : $file }];
  return Object.values(value).flatMap(filesIn);
}
