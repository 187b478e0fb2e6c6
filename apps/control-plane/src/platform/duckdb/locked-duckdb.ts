/**
 * A DuckDB that can read and write its own directories and nothing else: no network, no extensions, no other files, and its
 * settings cannot be changed any more. Runs in the table worker only.
 */
import { DuckDBInstance } from '@duckdb/node-api';
import { sqlText } from './sql-text.ts';
import type { WorkerSettings } from './table-task.ts';

export async function openLockedDuckdb(settings: WorkerSettings): Promise<DuckDBInstance> {
  const instance = await DuckDBInstance.create(':memory:', {
    threads: String(settings.threads),
    memory_limit: `${settings.memoryMb}MB`,
    temp_directory: settings.spillDirectory,
    max_temp_directory_size: `${settings.spillMb}MB`,
    autoinstall_known_extensions: 'false',
    autoload_known_extensions: 'false',
  });
  const connection = await instance.connect();
  await connection.run(`SET TimeZone = 'UTC'`);
  await connection.run(`SET allowed_directories = [${settings.directories.map((directory) => sqlText(`${directory}/`)).join(', ')}]`);
  await connection.run('SET enable_external_access = false');
  await connection.run('SET lock_configuration = true');
  connection.closeSync();
  return instance;
}
