/** What project files tell of the tables that cards will read from them. The server looked into them with DuckDB, cards do with pandas. Pure. */
import type { KnownTable } from '@ensemble/pipeline';
import type { FileProfile, ProjectFileDetail } from '@ensemble/protocol';

export function fileTables(files: readonly Pick<ProjectFileDetail, 'sha256' | 'profile'>[]): Map<string, KnownTable> {
  const tables = new Map<string, KnownTable>();
  for (const { sha256, profile } of files) {
    if (!profile?.table) continue;
    const columns = profile.table.columns.map(({ name, type }) => ({ name: name.trim(), type }));
    tables.set(sha256, {
      columns,
      certain: isCertain(
        profile,
        columns.map(({ name }) => name),
      ),
    });
  }
  return tables;
}

/** Names that a reader made up, because the file has none or twice the same, differ from reader to reader. */
function isCertain({ format, table, note }: FileProfile, names: readonly string[]): boolean {
  const all = new Set(names);
  const madeUp = names.some((name) => /^column\d*$/.test(name) || (/_\d+$/.test(name) && all.has(name.replace(/_\d+$/, ''))));
  const nested = format === 'json' && table!.columns.some(({ kind }) => kind === 'nested');
  // A note says that the text was not easy to read; that of a workbook names its sheet.
  return !madeUp && !nested && all.size === names.length && (note === null || format === 'xlsx');
}
