/** Files that configs name must belong to the project: a hash alone opens nothing (SHA-256 of a stranger's file may be known). */
import type { JsonValue } from '@ensemble/cards';
import type { Problem } from '../../platform/api-error.ts';
import type { Sql } from '../../platform/database/database.ts';
import type { RunVersion } from './run-version.ts';

interface FileUse {
  nodeId: string;
  field: string;
  sha256: string;
}

/** One problem for each config field that names a file the project does not have. `idle` nodes open none. */
export async function unknownFiles(sql: Sql, projectId: string, version: RunVersion, idle: ReadonlySet<string>): Promise<Problem[]> {
  const executed = version.graph.nodes.filter(({ id }) => !idle.has(id));
  const uses: FileUse[] = executed.flatMap(({ id, config }) =>
    Object.entries(config).flatMap(([field, value]) => filesIn(value).map((sha256) => ({ nodeId: id, field, sha256 }))),
  );
  if (uses.length === 0) return [];
  const rows = await sql.query<{ sha256: string }>(
    `SELECT DISTINCT sha256 FROM project_file WHERE project_id = $1 AND sha256 = ANY($2::text[])`,
    [projectId, [...new Set(uses.map((use) => use.sha256))]],
  );
  const known = new Set(rows.map((row) => row.sha256));
  return uses.flatMap(({ nodeId, field, sha256 }) =>
    known.has(sha256)
      ? []
      : [{ code: 'config/unknown-file', message: `The file of “${field}” is not in this project. Upload it again.`, nodeId, field }],
  );
}

function filesIn(value: JsonValue): string[] {
  if (Array.isArray(value)) return value.flatMap(filesIn);
  if (value === null || typeof value !== 'object') return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$file' && typeof item === 'string' ? [item] : filesIn(item)));
}
