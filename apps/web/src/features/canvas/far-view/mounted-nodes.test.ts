import { expect, test } from 'vitest';
import type { CanvasNode } from '../flow-nodes.ts';
import { mountedNodes } from './mounted-nodes.ts';

const nodes = Array.from({ length: 100 }, (_, index) => ({ id: `n${index}`, type: 'card' }) as CanvasNode);
const ids = (inHand: Partial<Parameters<typeof mountedNodes>[1]>, from = nodes) =>
  mountedNodes(from, { hovered: undefined, focused: undefined, others: [], ...inHand }).map(({ id }) => id);

test('Tab finds a way in from both sides when nothing is in hand', () => {
  expect(ids({})).toEqual(['n0', 'n99']);
  expect(ids({}, [])).toEqual([]);
});

test('from the node that has the focus, Tab finds the next one and the one before', () => {
  expect(ids({ focused: 'n50' })).toEqual(['n0', 'n49', 'n50', 'n51', 'n99']);
  expect(ids({ focused: 'n0' })).toEqual(['n0', 'n1', 'n99']);
  expect(ids({ focused: 'deleted' })).toEqual(['n0', 'n99']);
});

test('what is under the pointer or in use is there, in the order in which everything is drawn', () => {
  expect(ids({ hovered: 'n70', others: ['n20', undefined] })).toEqual(['n0', 'n20', 'n70', 'n99']);
});

test('thousands that are dragged at once are no elements', () => {
  const dragged = nodes.map((node) => ({ ...node, dragging: true, selected: true }));
  expect(ids({ hovered: 'n5' }, dragged)).toEqual(['n0', 'n5', 'n99']);
});
