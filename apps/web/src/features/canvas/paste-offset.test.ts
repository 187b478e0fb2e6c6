import { expect, test } from 'vitest';
import { pasteOffset } from './paste-offset.ts';

const nodes = [{ position: { x: 100, y: 50 } }, { position: { x: 400, y: 200 } }];

test('a copy goes beside its original, and every further one beside the last', () => {
  expect(pasteOffset(nodes, undefined, 0)).toEqual({ x: 40, y: 40 });
  expect(pasteOffset(nodes, undefined, 2)).toEqual({ x: 120, y: 120 });
});

test('with a pointer over the canvas the copy is centred there', () => {
  const by = pasteOffset(nodes, { x: 1000, y: 1000 }, 0);
  const [left, right] = nodes.map((node) => node.position.x + by.x);
  expect(((left ?? 0) + (right ?? 0) + 248) / 2).toBe(1000);
  expect(50 + by.y).toBe(980);
});
