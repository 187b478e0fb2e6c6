import { expect, test } from 'vitest';
import { cellFull, cellLook } from './cell.ts';

test('NaN and infinities are shown by name, null as null', () => {
  expect(cellLook({ $number: 'NaN' })).toEqual({ text: 'NaN', tone: 'odd' });
  expect(cellLook({ $number: '-Infinity' })).toEqual({ text: '−∞', tone: 'odd' });
  expect(cellLook(null)).toEqual({ text: 'null', tone: 'missing' });
});

test.each([
  [123_456, '123456'],
  [-0, '0'],
  [0.1 + 0.2, '0.3'],
  [1 / 3, '0.3333333'],
  [0.000_012_3, '1.2300e-5'],
  [1e300, '1.0000e+300'],
])('%f reads %s', (value, text) => {
  expect(cellLook(value).text).toBe(text);
});

test('the whole value is kept for the clipboard', () => {
  expect(cellFull(1 / 3)).toBe(String(1 / 3));
  expect(cellFull({ $number: 'NaN' })).toBe('NaN');
  expect(cellFull(null)).toBe('');
  expect(cellFull(false)).toBe('false');
});
