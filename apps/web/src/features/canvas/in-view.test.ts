import { expect, test } from 'vitest';
import { inView } from './in-view.ts';

const window = { width: 800, height: 600 };
const box = { x: 100, y: 100, width: 200, height: 100 };

test.each([
  ['in the middle', { x: 0, y: 0, zoom: 1 }, true],
  ['moved out at the left', { x: -101, y: 0, zoom: 1 }, false],
  ['moved out at the bottom', { x: 0, y: 401, zoom: 1 }, false],
  ['touching the edges', { x: 500, y: 400, zoom: 1 }, true],
  ['magnified beyond the right edge', { x: 0, y: 0, zoom: 3 }, false],
  ['magnified and moved back', { x: -200, y: -200, zoom: 3 }, true],
])('%s', (_, viewport, expected) => {
  expect(inView(box, viewport, window)).toBe(expected);
});
