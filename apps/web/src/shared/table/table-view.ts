/** How a table is looked at: its order and what is left out. Pure. */
import type { ColumnKind, TableColumn, TableFilter, TableSort } from '@ensemble/protocol';
import type { TableView } from '../api/table-source.ts';

export const WHOLE_TABLE: TableView = { sort: [], filters: [] };

/** Upwards, downwards, as it came: one column at a time. */
export function turnSort(sort: readonly TableSort[], column: string): TableSort[] {
  const now = sort.find((item) => item.column === column);
  if (!now) return [{ column, descending: false }];
  return now.descending === true ? [] : [{ column, descending: true }];
}

export type FilterOp = TableFilter['op'];

const OP_WORDS: Record<FilterOp, string> = {
  '=': 'is',
  '!=': 'is not',
  '<': 'below',
  '<=': 'at most',
  '>': 'above',
  '>=': 'at least',
  contains: 'contains',
  startsWith: 'starts with',
  isNull: 'is missing',
  isNotNull: 'is not missing',
  isNaN: 'is NaN',
};

const ORDERED: FilterOp[] = ['=', '!=', '<', '<=', '>', '>=', 'isNull', 'isNotNull'];
const OPS: Record<ColumnKind, FilterOp[]> = {
  number: [...ORDERED, 'isNaN'],
  time: ORDERED,
  text: ['contains', 'startsWith', '=', '!=', 'isNull', 'isNotNull'],
  boolean: ['=', 'isNull', 'isNotNull'],
  nested: ['contains', 'isNull', 'isNotNull'],
};

/** The comparisons that make sense for a column. */
export const opsOf = (kind: ColumnKind): { value: FilterOp; label: string }[] =>
  OPS[kind].map((op) => ({ value: op, label: OP_WORDS[op] }));

export const takesValue = (op: FilterOp): boolean => op !== 'isNull' && op !== 'isNotNull' && op !== 'isNaN';

/** A filter from what a person typed, or a sentence about what does not fit. */
export function readFilter({ name, kind }: TableColumn, op: FilterOp, text: string): { filter: TableFilter } | { message: string } {
  if (op === 'isNull' || op === 'isNotNull' || op === 'isNaN') return { filter: { column: name, op } };
  if (op === 'contains' || op === 'startsWith') {
    return text === '' ? { message: 'Type the text to look for.' } : { filter: { column: name, op, value: text } };
  }
  if (text.trim() === '') return { message: 'Type a value to compare with.' };
  if (kind === 'number') {
    const value = Number(text.trim().replace(',', '.'));
    return Number.isFinite(value) ? { filter: { column: name, op, value } } : { message: 'Type a number, such as 0.5 or 1e6.' };
  }
  if (kind === 'boolean') {
    const yes = text.trim().toLowerCase();
    return yes === 'true' || yes === 'false' ? { filter: { column: name, op, value: yes === 'true' } } : { message: 'Type true or false.' };
  }
  return { filter: { column: name, op, value: text } };
}

/** A filter as a person would say it. */
export const filterText = (filter: TableFilter): string =>
  `${filter.column} ${OP_WORDS[filter.op]}${'value' in filter ? ` ${String(filter.value)}` : ''}`;
