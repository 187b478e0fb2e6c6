import { expect, test } from 'vitest';
import type { CanvasNode } from '../flow-nodes.ts';
import { idsInside, itemAt } from './hit-test.ts';

const item = (id: string, type: 'card' | 'note' | 'frame', x: number, y: number, more: Partial<CanvasNode> = {}): CanvasNode =>
  ({ id, type, position: { x, y }, width: 200, height: 100, data: {}, ...more }) as CanvasNode;
const idAt = (nodes: readonly CanvasNode[], x: number, y: number, zoom = 1) => itemAt(nodes, { x, y }, zoom)?.id;

test('what lies on top is hit: of two, the one that is drawn later, and before both the selected one', () => {
  const nodes = [item('a', 'card', 0, 0), item('b', 'card', 100, 0), item('note', 'note', 150, 0)];
  expect(idAt(nodes, 50, 50)).toBe('a');
  expect(idAt(nodes, 120, 50)).toBe('b');
  expect(idAt(nodes, 180, 50)).toBe('note');
  expect(idAt([item('a', 'card', 0, 0, { selected: true }), ...nodes.slice(1)], 180, 50)).toBe('a');
  expect(idAt(nodes, 500, 50)).toBeUndefined();
});

test('a frame is hit by its title only, which reaches the farther over it the farther away it is seen from', () => {
  const nodes = [item('frame', 'frame', 0, 0), item('inside', 'card', 20, 60, { selected: false })];
  expect(idAt(nodes, 10, 20)).toBe('frame');
  expect(idAt(nodes, 10, 50)).toBeUndefined();
  expect(idAt(nodes, 30, 70)).toBe('inside');
  expect(idAt(nodes, 10, -100)).toBeUndefined();
  expect(idAt(nodes, 10, -100, 0.1)).toBe('frame');
});

test('a selected frame does not hide the cards in it', () => {
  expect(idAt([item('frame', 'frame', 0, 0, { selected: true }), item('inside', 'card', 0, 0)], 10, 20)).toBe('inside');
});

test('a box takes what lies in it wholly', () => {
  const nodes = [item('in', 'card', 10, 10), item('half', 'card', 150, 10), item('out', 'card', 900, 10)];
  expect(idsInside(nodes, { x: 0, y: 0, width: 300, height: 200 })).toEqual(['in']);
});
