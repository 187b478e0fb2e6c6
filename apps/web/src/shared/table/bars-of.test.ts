import { expect, test } from 'vitest';
import { barsOf } from './bars-of.ts';

test('bins are as high as their share of the fullest one', () => {
  const bins = [
    { from: 0, to: 0.5, count: 4 },
    { from: 0.5, to: 1, count: 1 },
  ];
  expect(barsOf({ kind: 'bins', bins })).toEqual([
    { label: '0 to 0.5', count: 4, height: 1 },
    { label: '0.5 to 1', count: 1, height: 0.25 },
  ]);
});

test('values that are not listed become one bar at the end; an empty column has bars without height', () => {
  expect(barsOf({ kind: 'values', values: [{ value: null, count: 2 }], others: 8 })).toEqual([
    { label: 'null', count: 2, height: 0.25 },
    { label: 'other values', count: 8, height: 1, rest: true },
  ]);
  expect(barsOf({ kind: 'bins', bins: [{ from: 0, to: 1, count: 0 }] })[0]?.height).toBe(0);
});
