import { expect, test } from 'vitest';
import { formatNumber } from './format-number.ts';

test.each([
  [0.973684, '0.9737'],
  [-0.5, '-0.5000'],
  [0.01, '0.0100'],
  [0.00999, '9.9900e-3'],
  [-0.0000123, '-1.2300e-5'],
  [10_000, '10000'],
  [10_000.5, '1.0001e+4'],
  [123_456, '1.2346e+5'],
  [150, '150'],
  [0, '0'],
  [-0, '0'],
])('shows %d as %s', (value, text) => {
  expect(formatNumber(value)).toBe(text);
});

test('a column that mixes whole numbers and fractions keeps its decimal points aligned', () => {
  expect([5, 0, 5.25].map((value) => formatNumber(value, true))).toEqual(['5.0000', '0.0000', '5.2500']);
});

test('shows what JSON cannot carry by name', () => {
  expect([Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY].map((value) => formatNumber(value))).toEqual(['NaN', '∞', '−∞']);
});
