import { createUndo, graphTopology, moveNodes, projectGraph } from '@ensemble/pipeline';
import Elk from 'elkjs';
import { expect, test } from 'vitest';
import { cardSize } from './geometry.ts';
import { cardsForTest } from './test-support/cards-for-test.ts';
import { randomGraph, seededRandom, shuffled } from './test-support/random-graph.ts';
import { tidyLayout } from './tidy-layout.ts';

const elk = new Elk();
const ME = { name: 'me' };
const cards = cardsForTest();
const CASES = 200;

const met = { edges: 0, acyclic: 0, cyclic: 0, moved: 0, parts: 0 };

// In parts, so that a loaded machine has time for each.
test.each([0, 1, 2, 3])(
  `tidying any of ${CASES / 4} graphs moves cards only, to places that follow from the graph alone (%i of 4)`,
  async (part) => {
    for (let seed = 1 + part * (CASES / 4); seed <= (part + 1) * (CASES / 4); seed++) {
      const random = seededRandom(seed);
      const doc = randomGraph(random, cards, ME);
      const before = projectGraph(doc, cards);
      const state = JSON.stringify(before);
      // All cards, or those that are selected.
      const only = random.below(4) === 0 ? new Set(before.nodes.map((node) => node.id).filter(() => random.below(2) === 0)) : undefined;
      const moves = await tidyLayout(elk, before, only);
      // These two lay the graph out once more each, so every third graph has to do.
      if (seed % 3 === 0) {
        const inAnotherOrder = { ...before, nodes: shuffled(before.nodes, random), edges: shuffled(before.edges, random) };
        expect(byId(await tidyLayout(elk, inAnotherOrder, only)), `seed ${seed}: order`).toEqual(byId(moves));
      }
      expect(JSON.stringify(before), `seed ${seed}: input`).toBe(state);

      const undo = createUndo(doc, ME);
      moveNodes(doc, moves, ME);
      const after = projectGraph(doc, cards);
      const still = <Item extends object>(item: Item) => ({ ...item, position: undefined });
      expect(after.nodes.map(still), `seed ${seed}`).toEqual(before.nodes.map(still));
      expect({ ...after, nodes: [] }, `seed ${seed}`).toEqual({ ...before, nodes: [] });
      if (only)
        expect(
          moves.filter((move) => !only.has(move.id)),
          `seed ${seed}`,
        ).toEqual([]);

      const laid = after.nodes.filter((node) => !only || only.has(node.id));
      for (const [index, a] of laid.entries())
        for (const b of laid.slice(index + 1)) expect(overlap(a, b), `seed ${seed}: ${a.id} and ${b.id}`).toBe(false);
      const ids = new Set(laid.map((node) => node.id));
      const edges = after.edges.filter((edge) => !edge.broken && ids.has(edge.source) && ids.has(edge.target));
      if (graphTopology({ nodes: laid, edges }).cycles.length === 0) {
        const at = new Map(laid.map((node) => [node.id, node]));
        for (const edge of edges) {
          const [source, target] = [at.get(edge.source)!, at.get(edge.target)!];
          expect(source.position.x + cardSize(source).width, `seed ${seed}: ${edge.id}`).toBeLessThan(target.position.x);
        }
        met.acyclic++;
      } else met.cyclic++;

      if (seed % 3 === 1) expect(await tidyLayout(elk, after, only), `seed ${seed}: twice`).toEqual([]);
      // One undo brings everything back.
      expect(undo.undoStack.length, `seed ${seed}`).toBe(moves.length > 0 ? 1 : 0);
      undo.undo();
      expect(JSON.stringify(projectGraph(doc, cards)), `seed ${seed}`).toBe(state);
      met.edges += edges.length;
      met.moved += moves.length;
      met.parts += only ? 1 : 0;
    }
  },
);

test('really met what it was to hold for', () => {
  for (const [name, count] of Object.entries(met)) expect(count, name).toBeGreaterThan(10);
});

const byId = (moves: Awaited<ReturnType<typeof tidyLayout>>) => new Map(moves.map((move) => [move.id, move.position]));

type Drawn = Parameters<typeof cardSize>[0] & { position: { x: number; y: number } };

function overlap(a: Drawn, b: Drawn): boolean {
  const [sizeA, sizeB] = [cardSize(a), cardSize(b)];
  return (
    a.position.x < b.position.x + sizeB.width &&
    b.position.x < a.position.x + sizeA.width &&
    a.position.y < b.position.y + sizeB.height &&
    b.position.y < a.position.y + sizeA.height
  );
}
