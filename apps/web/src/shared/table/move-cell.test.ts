import { expect, test } from 'vitest';
import { moveCell } from './move-cell.ts';

const size = { rows: 100, columns: 4, page: 20 };

test('arrows move by one and stop at the borders', () => {
  expect(moveCell({ row: 0, column: 0 }, 'ArrowUp', false, size)).toEqual({ row: 0, column: 0 });
  expect(moveCell({ row: 99, column: 3 }, 'ArrowDown', false, size)).toEqual({ row: 99, column: 3 });
  expect(moveCell({ row: 5, column: 1 }, 'ArrowRight', false, size)).toEqual({ row: 5, column: 2 });
});

test('pages, ends and corners', () => {
  expect(moveCell({ row: 90, column: 1 }, 'PageDown', false, size)).toEqual({ row: 99, column: 1 });
  expect(moveCell({ row: 5, column: 1 }, 'End', true, size)).toEqual({ row: 99, column: 3 });
  expect(moveCell({ row: 5, column: 1 }, 'Home', false, size)).toEqual({ row: 5, column: 0 });
  expect(moveCell({ row: 5, column: 1 }, 'ArrowDown', true, size)).toEqual({ row: 99, column: 1 });
});

test('other keys move nothing, and an empty table has one place', () => {
  expect(moveCell({ row: 5, column: 1 }, 'x', false, size)).toBeUndefined();
  expect(moveCell({ row: 0, column: 0 }, 'End', true, { rows: 0, columns: 0, page: 0 })).toEqual({ row: 0, column: 0 });
});
