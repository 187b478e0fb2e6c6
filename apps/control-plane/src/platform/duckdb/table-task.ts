/** What the control plane asks of the table worker, and what it may be told. Both sides of the process boundary read this. */
import type { ColumnStatisticsAnswer, ColumnStatisticsQuery, TableColumn, TableWindow, TableWindowQuery } from '@ensemble/protocol';

/** Formats a table can be read from. Everything but Parquet is turned into Parquet once. */
export type ReadableFormat = 'csv' | 'tsv' | 'json' | 'jsonl' | 'parquet' | 'xlsx';

export interface InspectedTable {
  rows: number;
  columns: TableColumn[];
  /** One sentence about how it was read, or why it has no table. */
  note: string | null;
  /** False for a table that is too wide to be read here; then there is no converted file either. */
  isTable: boolean;
}

/** All paths are absolute and below the directories the worker was given. `window` and `statistics` read Parquet. */
export type TableTask =
  | { kind: 'window'; file: string; query: TableWindowQuery }
  | { kind: 'statistics'; file: string; query: ColumnStatisticsQuery }
  /** Reads every byte. A file that is no Parquet is written to `target` as Parquet. */
  | { kind: 'inspect'; file: string; format: ReadableFormat; target: string };

export interface TableResults {
  window: TableWindow;
  statistics: ColumnStatisticsAnswer;
  inspect: InspectedTable;
}

/**
 * `unreadable`: the file is broken or not what it says. `bad-query`: the filter or sort does not fit the table.
 * `too-heavy`: more time or memory than a table may take. `cancelled`: nobody waits for it any more. `busy`: too many wait.
 */
export type TableErrorCode = 'unreadable' | 'bad-query' | 'too-heavy' | 'cancelled' | 'busy' | 'internal';

export class TableError extends Error {
  readonly code: TableErrorCode;

  constructor(code: TableErrorCode, message: string) {
    super(message);
    this.name = 'TableError';
    this.code = code;
  }
}

export type ToWorker = { id: number; task: TableTask } | { cancel: number };
export type FromWorker =
  { id: number; result: TableResults[TableTask['kind']] } | { id: number; error: { code: TableErrorCode; message: string } };

/** Environment of the worker: JSON under this name. */
export const WORKER_SETTINGS = 'ENSEMBLE_TABLE_WORKER';

export interface WorkerSettings {
  /** The only directories DuckDB may touch. */
  directories: string[];
  /** Where sorting may spill; one of the directories or below. */
  spillDirectory: string;
  /** What DuckDB may hold. */
  memoryMb: number;
  /** The process ends itself above this. */
  residentMb: number;
  spillMb: number;
  threads: number;
}
