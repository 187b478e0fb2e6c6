import type { FileProfile } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { fileTables } from './file-tables.ts';

const look = (format: FileProfile['format'], names: string[], more: { note?: string; nested?: boolean } = {}) => {
  const columns = names.map((name) => ({ name, type: 'VARCHAR', kind: more.nested ? ('nested' as const) : ('text' as const) }));
  const table = fileTables([{ sha256: 'a', profile: { format, table: { rows: 1, columns }, note: more.note ?? null } }]).get('a');
  return table && `${table.columns.map(({ name }) => name).join('|')}${table.certain ? '' : '?'}`;
};

test('a file whose names are its own tells what cards will find, blanks around them aside', () => {
  expect(look('csv', ['id', ' price '])).toBe('id|price');
  expect(look('parquet', ['lag_1', 'lag_2'])).toBe('lag_1|lag_2');
  expect(look('xlsx', ['id'], { note: 'This is the sheet “A”, the first of 2; cards can read the others.' })).toBe('id');
});

test('names that the reader made up, text that was hard to read, and nested JSON tell nothing for certain', () => {
  expect(look('csv', ['id', 'column1'])).toBe('id|column1?');
  expect(look('csv', ['id', 'id_1'])).toBe('id|id_1?');
  expect(look('csv', ['id', 'id '])).toBe('id|id?');
  expect(look('csv', ['id'], { note: 'The text is not UTF-8.' })).toBe('id?');
  expect(look('json', ['rows'], { nested: true })).toBe('rows?');
  expect(look('jsonl', ['tags'], { nested: true })).toBe('tags');
});

test('a file without a table tells nothing', () => {
  const profile = { format: 'other', table: null, note: 'No table.' } as const;
  expect([
    ...fileTables([
      { sha256: 'a', profile },
      { sha256: 'b', profile: null },
    ]).keys(),
  ]).toEqual([]);
});
