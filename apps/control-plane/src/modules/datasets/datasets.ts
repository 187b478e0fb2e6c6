/** Tables of files and of outputs. Who may read them is decided before; DuckDB is behind the engine. */
import { mkdirSync, rmSync } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import type { ArtifactStore } from '@ensemble/artifact-store';
import type {
  ColumnStatisticsAnswer,
  ColumnStatisticsQuery,
  OutputArtifact,
  TableColumn,
  TableWindow,
  TableWindowQuery,
} from '@ensemble/protocol';
import { ApiError } from '../../platform/api-error.ts';
import type { TableEngine } from '../../platform/duckdb/table-engine.ts';
import { TableError } from '../../platform/duckdb/table-task.ts';
import { newId } from '../../platform/ids.ts';
import type { Inspection, ProjectFiles } from '../artifacts/index.ts';
import { formatOf } from './file-format.ts';
import { createStagedTables } from './staged-tables.ts';

export interface Datasets {
  /** Reads all of a file that nobody has looked into. Throws invalid-file. */
  inspect(file: string, name: string, signal?: AbortSignal): Promise<Inspection>;
  /** The Parquet artifact with the table of a project file; throws invalid-file when there is none in it. */
  tableOfFile(files: Pick<ProjectFiles, 'find' | 'keepInspection'>, projectId: string, fileId: string): Promise<string>;
  /** Throws bad-request for an output that is no data frame. */
  tableOfOutput(output: OutputArtifact): string;
  /** Of a Parquet artifact; undefined for one that cannot be read, or is too wide to be of use in a form. */
  columns(sha256: string, signal: AbortSignal): Promise<TableColumn[] | undefined>;
  window(sha256: string, query: TableWindowQuery, signal: AbortSignal): Promise<TableWindow>;
  statistics(sha256: string, query: ColumnStatisticsQuery, signal: AbortSignal): Promise<ColumnStatisticsAnswer>;
}

export interface DatasetsOptions {
  store: Pick<ArtifactStore, 'stage' | 'putFile'>;
  engine: TableEngine;
  /** Of our own, emptied at the start, and one the engine may read and write. */
  directory: string;
}

const MAX_COLUMNS = 2_000;
const KEPT_COLUMNS = 2_000;
/** Beyond every row: a window there has columns and nothing else. */
const NO_ROWS: TableWindowQuery = { offset: Number.MAX_SAFE_INTEGER, limit: 1 };

const NO_TABLE = 'This is no table that can be shown; cards can read it.';

export function createDatasets({ store, engine, directory }: DatasetsOptions): Datasets {
  rmSync(directory, { recursive: true, force: true });
  // Cards run on the same machine as other users; what people sent is not theirs to list.
  mkdirSync(directory, { recursive: true, mode: 0o700 });
  const made = path.join(directory, 'made');
  const staged = createStagedTables(store, path.join(directory, 'staged'));
  /** Files being looked into because somebody wants their table. */
  const looking = new Map<string, Promise<Inspection>>();
  /** By hash, in the order they were read first; content never changes under one. */
  const columnsOf = new Map<string, TableColumn[] | undefined>();

  const readColumns = async (sha256: string, signal: AbortSignal): Promise<TableColumn[] | undefined> => {
    try {
      const { columns } = await staged.use(sha256, (file) => engine.window(file, NO_ROWS, signal));
      return columns.length > MAX_COLUMNS ? undefined : columns;
    } catch (error) {
      if (error instanceof TableError && error.code === 'unreadable') return undefined;
      throw error;
    }
  };

  const inspect: Datasets['inspect'] = async (file, name, signal) => {
    const format = formatOf(name);
    if (format === 'other') return { profile: { format, table: null, note: NO_TABLE }, tableSha256: null };
    await mkdir(made, { recursive: true });
    const target = path.join(made, newId());
    try {
      const { rows, columns, note, isTable } = await engine.inspect(file, format, target, signal).catch(asFileFault);
      const isConverted = isTable && format !== 'parquet';
      const tableSha256 = isConverted ? (await store.putFile(target, { within: made })).sha256 : null;
      return { profile: { format, table: isTable ? { rows, columns } : null, note }, tableSha256 };
    } finally {
      await rm(target, { force: true });
    }
  };

  return {
    inspect,
    async tableOfFile(files, projectId, fileId) {
      const file = await files.find(projectId, fileId);
      let inspection: Inspection;
      if (file.profile) inspection = { profile: file.profile, tableSha256: file.tableSha256 };
      else {
        const under = looking.get(file.id) ?? staged.use(file.sha256, (staging) => inspect(staging, file.name));
        looking.set(file.id, under);
        inspection = await under.finally(() => looking.delete(file.id));
        await files.keepInspection(file.id, inspection);
      }
      const { profile, tableSha256 } = inspection;
      if (profile.table === null) throw new ApiError('invalid-file', profile.note ?? NO_TABLE);
      return tableSha256 ?? file.sha256;
    },
    tableOfOutput(output) {
      if (output.ref.endsWith('.parquet')) return output.sha256;
      throw new ApiError('bad-request', `The output “${output.key.slice(0, 100)}” is no data frame: only those have a table.`);
    },
    async columns(sha256, signal) {
      if (columnsOf.has(sha256)) return columnsOf.get(sha256);
      const columns = await readColumns(sha256, signal).catch(asQueryFault);
      const oldest = columnsOf.keys().next();
      if (columnsOf.size >= KEPT_COLUMNS && !oldest.done) columnsOf.delete(oldest.value);
      columnsOf.set(sha256, columns);
      return columns;
    },
    window: (sha256, query, signal) => staged.use(sha256, (file) => engine.window(file, query, signal)).catch(asQueryFault),
    statistics: (sha256, query, signal) => staged.use(sha256, (file) => engine.statistics(file, query, signal)).catch(asQueryFault),
  };
}

function asFileFault(error: unknown): never {
  if (!(error instanceof TableError)) throw error;
  if (error.code === 'busy' || error.code === 'cancelled') throw new ApiError('unavailable', error.message);
  throw new ApiError('invalid-file', error.message);
}

function asQueryFault(error: unknown): never {
  if (!(error instanceof TableError)) throw error;
  if (error.code === 'bad-query') throw new ApiError('bad-request', error.message);
  if (error.code === 'busy' || error.code === 'cancelled') throw new ApiError('unavailable', error.message);
  throw new ApiError(error.code === 'too-heavy' ? 'too-heavy' : 'invalid-file', error.message);
}
