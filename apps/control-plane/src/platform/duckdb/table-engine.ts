/**
 * Reads tables for the control plane, in processes of its own: one for what people look at, one for files that were just sent,
 * so that a trap in an upload disturbs nobody who reads. Knows paths, not who may read them.
 */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import type { ColumnStatisticsAnswer, ColumnStatisticsQuery, TableWindow, TableWindowQuery } from '@ensemble/protocol';
import type { Logger } from '../logger.ts';
import type { InspectedTable, ReadableFormat, WorkerSettings } from './table-task.ts';
import { WorkerProcess } from './worker-process.ts';

/** Every method rejects with TableError; a signal that fires stops the query in DuckDB. */
export interface TableEngine {
  /** `file` is Parquet below one of the directories. */
  window(file: string, query: TableWindowQuery, signal?: AbortSignal): Promise<TableWindow>;
  statistics(file: string, query: ColumnStatisticsQuery, signal?: AbortSignal): Promise<ColumnStatisticsAnswer>;
  /** Reads all of `file`; what is no Parquet is written to `target` as Parquet, unless it is no table. */
  inspect(file: string, format: ReadableFormat, target: string, signal?: AbortSignal): Promise<InspectedTable>;
  /** Process ids, for tests that watch or kill them. */
  pids(): number[];
  stop(): Promise<void>;
}

export interface TableEngineOptions {
  /** All that DuckDB may read and write. */
  directories: string[];
  /** Below one of them. */
  spillDirectory: string;
  logger: Logger;
  timeouts?: Partial<typeof TIMEOUTS>;
  memory?: Pick<WorkerSettings, 'memoryMb' | 'residentMb'>;
}

const TIMEOUTS = { windowMs: 20_000, statisticsMs: 40_000, inspectMs: 300_000 };

export function createTableEngine(options: TableEngineOptions): TableEngine {
  const timeouts = { ...TIMEOUTS, ...options.timeouts };
  const settings: WorkerSettings = {
    directories: options.directories,
    spillDirectory: options.spillDirectory,
    memoryMb: 768,
    residentMb: 1_800,
    spillMb: 4_096,
    threads: 4,
    ...options.memory,
  };
  const spill = (name: string): WorkerSettings => {
    const spillDirectory = path.join(options.spillDirectory, name);
    mkdirSync(spillDirectory, { recursive: true, mode: 0o700 });
    return { ...settings, spillDirectory };
  };
  const readers = new WorkerProcess(spill('windows'), { concurrency: 4, waiting: 64, idleMs: 10 * 60_000 }, options.logger);
  const inspectors = new WorkerProcess(spill('inspections'), { concurrency: 2, waiting: 16, idleMs: 60_000 }, options.logger);
  return {
    window: async (file, query, signal) => (await readers.run({ kind: 'window', file, query }, timeouts.windowMs, signal)) as TableWindow,
    statistics: async (file, query, signal) =>
      (await readers.run({ kind: 'statistics', file, query }, timeouts.statisticsMs, signal)) as ColumnStatisticsAnswer,
    inspect: async (file, format, target, signal) =>
      (await inspectors.run({ kind: 'inspect', file, format, target }, timeouts.inspectMs, signal)) as InspectedTable,
    pids: () => [readers.pid, inspectors.pid].filter((pid) => pid !== undefined),
    stop: async () => void (await Promise.all([readers.stop(), inspectors.stop()])),
  };
}
