/** A Parquet file as a table: its columns, its rows. Content never changes under a path, so that both are kept. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableColumn } from '@ensemble/protocol';
import { kindOf } from './column-kind.ts';
import { sqlText } from './sql-text.ts';

const KEPT_TABLES = 200;
/** A nested type may be as long as a file of its own. */
const MAX_TYPE_CHARACTERS = 500;

export interface OpenTable {
  /** For FROM. */
  source: string;
  columns: TableColumn[];
  rows: number;
}

const opened = new Map<string, OpenTable>();

export async function openTable(connection: DuckDBConnection, file: string): Promise<OpenTable> {
  const kept = opened.get(file);
  if (kept) return kept;
  const source = `read_parquet(${sqlText(file)}, hive_partitioning = false)`;
  const columns = await describeColumns(connection, source);
  const [counted] = (await connection.runAndReadAll(`SELECT num_rows FROM parquet_file_metadata(${sqlText(file)})`)).getRowsJS();
  const table = { source, columns, rows: Number(counted?.[0] ?? 0) };
  const oldest = opened.keys().next();
  if (opened.size >= KEPT_TABLES && !oldest.done) opened.delete(oldest.value);
  opened.set(file, table);
  return table;
}

export async function describeColumns(connection: DuckDBConnection, source: string): Promise<TableColumn[]> {
  const described = (await connection.runAndReadAll(`DESCRIBE SELECT * FROM ${source}`)).getRowsJS();
  return described.map(([name, type]) => {
    if (typeof name !== 'string' || typeof type !== 'string') throw new Error('DESCRIBE answered something other than names and types.');
    return { name, type: type.slice(0, MAX_TYPE_CHARACTERS), kind: kindOf(type) };
  });
}
