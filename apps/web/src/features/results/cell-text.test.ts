import { expect, test } from 'vitest';
import { cellText, jsonText } from './cell-text.ts';

test('cells show numbers by the rule, null as a dash, nested values as JSON', () => {
  expect([1.5, null, 'x', true, [1, Number.NaN]].map((value) => cellText(value))).toEqual(['1.5000', '–', 'x', 'true', '[1,NaN]']);
});

test('a long text is cut', () => {
  expect(cellText('x'.repeat(500))).toHaveLength(201);
});

test('the JSON view keeps the names of numbers that JSON cannot carry', () => {
  expect(jsonText({ a: Number.NaN, b: [Number.NEGATIVE_INFINITY], c: 'NaN' }, 0)).toBe('{"a":NaN,"b":[-Infinity],"c":"NaN"}');
});
