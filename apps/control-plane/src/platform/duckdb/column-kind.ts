/** What a DuckDB type means for people: how it is shown, compared and summed up. Pure; knows only names of types. */
import type { ColumnKind, TableCell } from '@ensemble/protocol';
import { sqlName } from './sql-text.ts';

/** Characters of a cell that are sent. */
const MAX_CELL_CHARACTERS = 2_000;

const INTEGERS = new Set([
  'TINYINT',
  'SMALLINT',
  'INTEGER',
  'BIGINT',
  'HUGEINT',
  'UTINYINT',
  'USMALLINT',
  'UINTEGER',
  'UBIGINT',
  'UHUGEINT',
]);
const TIMES = new Set(['DATE', 'TIMESTAMP', 'TIMESTAMP_S', 'TIMESTAMP_MS', 'TIMESTAMP_NS', 'TIMESTAMP WITH TIME ZONE']);

export const isInteger = (type: string): boolean => INTEGERS.has(type);
export const isFloat = (type: string): boolean => type === 'DOUBLE' || type === 'FLOAT';

export function kindOf(type: string): ColumnKind {
  if (isInteger(type) || isFloat(type) || /^DECIMAL\(\d+,\d+\)$/.test(type)) return 'number';
  if (type === 'BOOLEAN') return 'boolean';
  if (TIMES.has(type)) return 'time';
  if (/\]$|^(STRUCT|MAP|UNION)\(/.test(type)) return 'nested';
  return 'text';
}

/** SQL that turns a value of the type into what `cellOf` understands. */
export function cellSql(expression: string, type: string, characters = MAX_CELL_CHARACTERS): string {
  if (type === 'FLOAT') return `CAST(CAST(${expression} AS VARCHAR) AS DOUBLE)`;
  if (type === 'BOOLEAN' || type === 'DOUBLE' || isInteger(type)) return expression;
  const text = `CAST(${expression} AS VARCHAR)`;
  if (kindOf(type) === 'number' || kindOf(type) === 'time') return text;
  return `CASE WHEN length(${text}) > ${characters} THEN left(${text}, ${characters}) || '…' ELSE ${text} END`;
}

/** A float of single precision is shown with the digits it has, not with those it gets as a double. */
export const columnCellSql = (name: string, type: string): string => cellSql(sqlName(name), type);

export function cellOf(value: unknown): TableCell {
  if (value === null || value === undefined) return null;
  if (typeof value === 'bigint')
    return value >= Number.MIN_SAFE_INTEGER && value <= Number.MAX_SAFE_INTEGER ? Number(value) : String(value);
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  throw new Error(`A cell of type ${typeof value} came out of the query; cellSql has to make text of it.`);
}
