import { moveNodes, projectGraph, addNode, connect, createUndo } from '@ensemble/pipeline';
import Elk from 'elkjs';
import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { NODE_WIDTH, nodeHeight } from './geometry.ts';
import { cardsForTest } from './test-support/cards-for-test.ts';
import { tidyLayout } from './tidy-layout.ts';

const elk = new Elk();
const ME = { name: 'me' };
const cards = cardsForTest();

/** A chain with a branch, and one node that nothing is connected to; all in one heap. */
function heap(): Y.Doc {
  const doc = new Y.Doc();
  for (const [id, card] of [
    ['load', 'load'],
    ['split', 'split'],
    ['train', 'train'],
    ['score', 'score'],
    ['alone', 'load'],
  ] as const)
    addNode(doc, { id, card, position: { x: 500, y: 300 } }, ME);
  const wire = (source: string, sourcePort: string, target: string, targetPort: string) =>
    expect(connect(doc, { source, sourcePort, target, targetPort }, cards, ME).ok).toBe(true);
  wire('load', 'data', 'split', 'data');
  wire('split', 'train', 'train', 'train');
  wire('train', 'model', 'score', 'model');
  wire('split', 'test', 'score', 'test');
  return doc;
}

describe('tidy', () => {
  test('puts every card right of what feeds it, and none over another', async () => {
    const doc = heap();
    const before = JSON.stringify(projectGraph(doc, cards).edges);
    moveNodes(doc, await tidyLayout(elk, projectGraph(doc, cards)), ME);
    const { nodes, edges } = projectGraph(doc, cards);
    const at = new Map(nodes.map((node) => [node.id, node.position]));
    for (const { source, target } of edges) expect(at.get(source)!.x + NODE_WIDTH).toBeLessThan(at.get(target)!.x);
    const height = nodeHeight(2);
    for (const [index, a] of nodes.entries())
      for (const b of nodes.slice(index + 1))
        expect(Math.abs(a.position.x - b.position.x) >= NODE_WIDTH || Math.abs(a.position.y - b.position.y) >= height - 32).toBe(true);
    expect(JSON.stringify(edges)).toBe(before);
    expect(Math.min(...nodes.map((node) => node.position.x))).toBe(500);
    expect(Math.min(...nodes.map((node) => node.position.y))).toBe(300);
  });

  test('is one step of undo, and moves nothing when all is tidy', async () => {
    const doc = heap();
    const undo = createUndo(doc, ME);
    moveNodes(doc, await tidyLayout(elk, projectGraph(doc, cards)), ME);
    expect(undo.undoStack.length).toBe(1);
    expect(await tidyLayout(elk, projectGraph(doc, cards))).toEqual([]);
    undo.undo();
    expect(projectGraph(doc, cards).nodes.every((node) => node.position.x === 500 && node.position.y === 300)).toBe(true);
  });

  test('leaves cards alone that are not selected', async () => {
    const graph = projectGraph(heap(), cards);
    const moves = await tidyLayout(elk, graph, new Set(['load', 'split']));
    expect(moves.map((move) => move.id)).toEqual(['split']);
    expect(await tidyLayout(elk, graph, new Set())).toEqual([]);
  });
});
