/**
 * The process that reads tables: cards' outputs and people's files are hostile bytes, so that the process that serves people
 * never parses them. Has no credentials and an empty environment. Ends with its parent, and by itself when it grows too large.
 */
import { availableParallelism } from 'node:os';
import type { DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { explainFault } from './explain-fault.ts';
import { inspectTable } from './inspect-table.ts';
import { openLockedDuckdb } from './locked-duckdb.ts';
import { readStatistics } from './read-statistics.ts';
import { readWindow } from './read-window.ts';
import {
  TableError,
  WORKER_SETTINGS,
  type FromWorker,
  type TableResults,
  type TableTask,
  type ToWorker,
  type WorkerSettings,
} from './table-task.ts';

const SIZE_CHECK_MS = 100;

const settings = JSON.parse(process.env[WORKER_SETTINGS] ?? '') as WorkerSettings;
/** Tasks under way, with their connection once they have one. */
const running = new Map<number, { connection?: DuckDBConnection; cancelled: boolean }>();
let opening: Promise<DuckDBInstance> | undefined;

/** `check` throws once nobody waits for the task any more. */
function perform(connection: DuckDBConnection, task: TableTask, check: () => void): Promise<TableResults[TableTask['kind']]> {
  if (task.kind === 'window') return readWindow(connection, task.file, task.query);
  if (task.kind === 'statistics') return readStatistics(connection, task.file, task.query);
  return inspectTable(connection, task.file, task.format, task.target, check);
}

async function answer(id: number, task: TableTask): Promise<FromWorker> {
  const state: { connection?: DuckDBConnection; cancelled: boolean } = { cancelled: false };
  running.set(id, state);
  try {
    opening ??= openLockedDuckdb({ ...settings, threads: Math.min(settings.threads, availableParallelism()) });
    state.connection = await (await opening).connect();
    const check = () => {
      if (state.cancelled) throw new TableError('cancelled', 'The query was stopped.');
    };
    check();
    return { id, result: await perform(state.connection, task, check) };
  } catch (error) {
    const { code, message } = explainFault(error, 'a table');
    return { id, error: { code, message } };
  } finally {
    running.delete(id);
    state.connection?.closeSync();
  }
}

function cancel(id: number): void {
  const state = running.get(id);
  if (!state) return;
  state.cancelled = true;
  state.connection?.interrupt();
  // Between two queries of one task there is nothing to interrupt: asked again until the task is over.
  setTimeout(cancel, 20, id);
}

process.on('message', (message: ToWorker) => {
  if ('cancel' in message) return cancel(message.cancel);
  void answer(message.id, message.task).then((reply) => process.send?.(reply));
});
process.on('disconnect', () => process.exit(0));
setInterval(() => {
  if (process.memoryUsage.rss() > settings.residentMb * 1024 ** 2) process.kill(process.pid, 'SIGKILL');
}, SIZE_CHECK_MS);
