/** Some rows of a table, sorted and filtered, with the number there are. Rows that sort alike keep the order of the file. */
import type { DuckDBConnection } from '@duckdb/node-api';
import type { TableWindow, TableWindowQuery } from '@ensemble/protocol';
import { cellOf, columnCellSql } from './column-kind.ts';
import { openTable } from './open-table.ts';
import { sqlName } from './sql-text.ts';
import { columnNamed, whereClause } from './where-clause.ts';

/** A window of a wide table has fewer rows rather than more cells. */
const MAX_WINDOW_CELLS = 100_000;

export async function readWindow(connection: DuckDBConnection, file: string, query: TableWindowQuery): Promise<TableWindow> {
  const { source, columns, rows: totalUnfiltered } = await openTable(connection, file);
  const where = whereClause(columns, query.filters);
  const total =
    where.sql === ''
      ? totalUnfiltered
      : Number((await connection.runAndReadAll(`SELECT count(*) FROM ${source}${where.sql}`, where.values)).getRowsJS()[0]?.[0] ?? 0);
  const limit = Math.max(1, Math.min(query.limit, Math.floor(MAX_WINDOW_CELLS / Math.max(1, columns.length))));
  const answer = { columns, offset: query.offset, total, totalUnfiltered };
  if (query.offset >= total || columns.length === 0) return { ...answer, rows: [] };
  const keys = (query.sort ?? []).map(
    ({ column, descending }) => `${sqlName(columnNamed(columns, column).name)} ${descending ? 'DESC' : 'ASC'} NULLS LAST`,
  );
  // A file may have a column of that name; then rows that sort alike come in any order.
  if (keys.length > 0 && columns.every(({ name }) => name.toLowerCase() !== 'file_row_number')) keys.push('file_row_number');
  const order = keys.length === 0 ? '' : ` ORDER BY ${keys.join(', ')}`;
  const cells = columns.map(({ name, type }) => columnCellSql(name, type)).join(', ');
  const page = `SELECT * FROM ${source}${where.sql}${order} LIMIT ${limit} OFFSET ${query.offset}`;
  const read = await connection.runAndReadAll(`SELECT ${cells} FROM (${page})`, where.values);
  return { ...answer, rows: read.getRowsJS().map((row) => row.map(cellOf)) };
}
