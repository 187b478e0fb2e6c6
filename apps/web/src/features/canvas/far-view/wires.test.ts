import { getBezierPath, Position } from '@xyflow/react';
import { expect, test } from 'vitest';
import type { CardFlowEdge } from '../flow-edges.ts';
import type { CanvasNode } from '../flow-nodes.ts';
import { wiresOf } from './wires.ts';

const card = (id: string, x: number, y: number): CanvasNode =>
  ({
    id,
    type: 'card',
    position: { x, y },
    handles: [
      { id: 'in', type: 'target', position: Position.Left, x: -6, y: 68, width: 12, height: 12 },
      { id: 'out', type: 'source', position: Position.Right, x: 242, y: 68, width: 12, height: 12 },
    ],
  }) as unknown as CanvasNode;
const edge = (id: string, source: string, target: string): CardFlowEdge => ({
  id,
  source,
  sourceHandle: 'out',
  target,
  targetHandle: 'in',
});

test('a painted connection is the curve that React Flow draws, also backwards', () => {
  for (const [x, y] of [
    [400, 90],
    [255, -300],
    [-700, 40],
    [-10, 0],
  ] as const) {
    const [wire] = wiresOf([], [card('a', 0, 0), card('b', x, y)], [edge('e', 'a', 'b')]);
    const ends = { sourceX: 254, sourceY: 74, targetX: x - 6, targetY: y + 74 };
    const [path] = getBezierPath({ ...ends, sourcePosition: Position.Right, targetPosition: Position.Left });
    const numbers = [...path.matchAll(/-?[\d.]+(?:e-?\d+)?/g)].map(Number);
    const { from, to, swing } = wire!;
    const painted = [from.x, from.y, from.x + swing, from.y, to.x - swing, to.y, to.x, to.y];
    expect(numbers).toHaveLength(painted.length);
    for (const [index, number] of numbers.entries()) expect(painted[index]).toBeCloseTo(number, 6);
  }
});

test('curves are kept while neither end moves, and gone with an end or a port', () => {
  const [a, b, c] = [card('a', 0, 0), card('b', 400, 0), card('c', 800, 0)];
  const edges = [edge('ab', 'a', 'b'), edge('bc', 'b', 'c')];
  const before = wiresOf([], [a, b, c], edges);
  const after = wiresOf(before, [a, b, { ...c, position: { x: 900, y: 0 } }], edges);
  expect(after[0]).toBe(before[0]);
  expect(after[1]).not.toBe(before[1]);
  expect(wiresOf(after, [a, b], edges).map(({ edge: { id } }) => id)).toEqual(['ab']);
  expect(wiresOf([], [a, { ...b, handles: [] }], edges)).toEqual([]);
});
