import type { TableWindow } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { readPage } from './use-table-rows.ts';
import { WHOLE_TABLE } from './table-view.ts';

const tableOf = (total: number, mostRows: number) => {
  const asked: [number, number][] = [];
  const window = (_view: unknown, offset: number, limit: number): Promise<TableWindow> => {
    asked.push([offset, limit]);
    const count = Math.max(0, Math.min(limit, mostRows, total - offset));
    return Promise.resolve({
      columns: [],
      rows: Array.from({ length: count }, (_, i) => [offset + i]),
      offset,
      total,
      totalUnfiltered: total,
    });
  };
  return { window, asked };
};

test('a page is completed where the server sends fewer rows than asked for', async () => {
  const table = tableOf(1_000, 90);
  const page = await readPage(table, WHOLE_TABLE, 2);
  expect(page.rows.map((row) => row[0])).toEqual(Array.from({ length: 200 }, (_, index) => 400 + index));
  expect(table.asked).toEqual([
    [400, 200],
    [490, 110],
    [580, 20],
  ]);
});

test('the last page ends with the table, and a table that shrinks meanwhile ends the asking', async () => {
  expect((await readPage(tableOf(450, 500), WHOLE_TABLE, 2)).rows).toHaveLength(50);
  const lying = { window: async (v: unknown, o: number, l: number) => ({ ...(await tableOf(30, 500).window(v, o, l)), total: 100 }) };
  expect((await readPage(lying, WHOLE_TABLE, 0)).rows).toHaveLength(30);
});
