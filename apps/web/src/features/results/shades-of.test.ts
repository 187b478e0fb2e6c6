import { expect, test } from 'vitest';
import { shadesOf } from './shades-of.ts';

test('a cell is shaded by its share of its own row, so a rare class is as readable as a frequent one', () => {
  expect(
    shadesOf([
      [90, 10],
      [1, 3],
    ]),
  ).toEqual([
    [0.9, 0.1],
    [0.25, 0.75],
  ]);
});

test('an empty class, NaN and negative cells have no shade', () => {
  expect(
    shadesOf([
      [0, 0],
      [Number.NaN, 4],
      [-1, 2],
    ]),
  ).toEqual([
    [0, 0],
    [0, 1],
    [0, 1],
  ]);
});
