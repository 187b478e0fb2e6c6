/** Filters as SQL with bound values. Throws `bad-query` for a filter that does not fit its column; empty cells match `!=` and `isNull` only. */
import type { TableColumn, TableFilter } from '@ensemble/protocol';
import { isFloat, isInteger } from './column-kind.ts';
import { sqlName } from './sql-text.ts';
import { TableError } from './table-task.ts';

export interface WhereClause {
  /** Empty, or ` WHERE …`. */
  sql: string;
  values: string[];
}

/** Throws `bad-query` when the table has no such column. */
export function columnNamed(columns: readonly TableColumn[], name: string): TableColumn {
  const column = columns.find((candidate) => candidate.name === name);
  if (!column) throw new TableError('bad-query', `The table has no column “${name.slice(0, 100)}”.`);
  return column;
}

export function whereClause(
  columns: readonly TableColumn[],
  filters: readonly TableFilter[] = [],
  also: readonly string[] = [],
): WhereClause {
  const values: string[] = [];
  const conditions = filters.map((filter) => conditionOf(filter, columnNamed(columns, filter.column), values));
  const all = [...conditions, ...also];
  return { sql: all.length === 0 ? '' : ` WHERE ${all.map((condition) => `(${condition})`).join(' AND ')}`, values };
}

function conditionOf(filter: TableFilter, { name, type, kind }: TableColumn, values: string[]): string {
  const column = sqlName(name);
  const bind = (value: string): string => `CAST($${values.push(value)} AS VARCHAR)`;
  switch (filter.op) {
    case 'isNull':
      return `${column} IS NULL`;
    case 'isNotNull':
      return `${column} IS NOT NULL`;
    case 'isNaN':
      return isFloat(type) ? `isnan(${column})` : 'false';
    case 'contains':
      return `contains(lower(CAST(${column} AS VARCHAR)), lower(${bind(filter.value)}))`;
    case 'startsWith':
      return `starts_with(lower(CAST(${column} AS VARCHAR)), lower(${bind(filter.value)}))`;
    default: {
      const operator = filter.op === '!=' ? 'IS DISTINCT FROM' : filter.op;
      const text = String(filter.value);
      if (kind === 'number') {
        if (text.trim() === '' || Number.isNaN(Number(text))) throw misfit(name, 'a number');
        const exact = isInteger(type) && /^-?\d{1,37}$/.test(text);
        const compared = `${column} ${operator} CAST(${bind(text)} AS ${exact ? 'HUGEINT' : 'DOUBLE'})`;
        // DuckDB ranks NaN above every number; people do not.
        return isFloat(type) && (filter.op === '>' || filter.op === '>=') ? `${compared} AND NOT isnan(${column})` : compared;
      }
      if (kind === 'boolean') {
        if (text !== 'true' && text !== 'false') throw misfit(name, '“true” or “false”');
        return `${column} ${operator} CAST(${bind(text)} AS BOOLEAN)`;
      }
      if (kind === 'time') {
        if (!/^\d{1,6}-\d{1,2}-\d{1,2}([ T][\d:.]+)?(Z|[+-]\d{2}(:?\d{2})?)?$/.test(text))
          throw misfit(name, 'a time such as 2024-01-31 or 2024-01-31 12:00:00');
        return `${column} ${operator} CAST(${bind(text)} AS ${type})`;
      }
      return `CAST(${column} AS VARCHAR) ${operator} ${bind(text)}`;
    }
  }
}

const misfit = (name: string, what: string): TableError =>
  new TableError('bad-query', `The filter on “${name.slice(0, 100)}” needs ${what}.`);
