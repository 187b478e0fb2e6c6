import { TableFilter } from '@ensemble/protocol';
import type { ColumnKind } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { windowQuery } from '../api/table-source.ts';
import { filterText, opsOf, readFilter, takesValue, turnSort } from './table-view.ts';

test('a column is sorted upwards, then downwards, then as it came', () => {
  const up = turnSort([], 'a');
  const down = turnSort(up, 'a');
  expect([up, down, turnSort(down, 'a')]).toEqual([[{ column: 'a', descending: false }], [{ column: 'a', descending: true }], []]);
  expect(turnSort(down, 'b')).toEqual([{ column: 'b', descending: false }]);
});

test('every comparison offered for a kind of column makes a filter that the server takes', () => {
  const values: Record<ColumnKind, string> = { number: '1e3', text: 'x', boolean: 'true', time: '2024-01-01', nested: '{' };
  for (const kind of Object.keys(values) as ColumnKind[]) {
    for (const { value: op } of opsOf(kind)) {
      const reading = readFilter({ name: 'c', type: 'ANY', kind }, op, takesValue(op) ? values[kind] : '');
      expect(TableFilter.safeParse('filter' in reading ? reading.filter : reading), `${kind} ${op}`).toMatchObject({ success: true });
    }
  }
});

test('a value that does not fit is a sentence, not a filter', () => {
  const number = { name: 'age', type: 'DOUBLE', kind: 'number' as const };
  expect(readFilter(number, '>', 'old')).toEqual({ message: 'Type a number, such as 0.5 or 1e6.' });
  expect(readFilter(number, '>', ' ')).toEqual({ message: 'Type a value to compare with.' });
  expect(readFilter(number, '>', '0,5')).toEqual({ filter: { column: 'age', op: '>', value: 0.5 } });
});

test('a filter reads like a sentence', () => {
  expect(filterText({ column: 'age', op: '>=', value: 30 })).toBe('age at least 30');
  expect(filterText({ column: 'age', op: 'isNaN' })).toBe('age is NaN');
});

test('the query of a window leaves out what is empty', () => {
  expect(windowQuery({ sort: [], filters: [] }, 100, 50)).toEqual({ offset: 100, limit: 50 });
  expect(windowQuery({ sort: [{ column: 'a&b' }], filters: [] }, 0, 1).sort).toBe('[{"column":"a&b"}]');
});
