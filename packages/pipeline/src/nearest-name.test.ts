import { expect, test } from 'vitest';
import { nearestName } from './nearest-name.ts';

test.each([
  ['pirce', 'price'],
  ['Price', 'price'],
  ['pric', 'price'],
  ['sepal length', 'sepal_length'],
  ['x', undefined],
  ['colour of the door', undefined],
  ['', undefined],
])('%s means %s', (wanted, meant) => {
  expect(nearestName(wanted, ['id', 'price', 'sepal_length', 'sepal_width'])).toBe(meant);
});
