import { describe, expect, test } from 'vitest';
import { seededRandom } from './test-support/random.ts';
import { ancestors, criticalWeights, descendants, layersOf, topologyOf, upstreamClosure } from './topology.ts';

/** Edges written `ab`: from a to b. */
const graph = (ids: string, ...edges: string[]) =>
  topologyOf(
    ids,
    edges.map(([source = '', target = '']) => ({ source, target })),
  );

describe('topology', () => {
  test('orders every node after its sources, whatever the order of the input', () => {
    expect(graph('dcba', 'ac', 'bc', 'cd').order).toEqual(['a', 'b', 'c', 'd']);
    for (let seed = 0; seed < 30; seed++) {
      const random = seededRandom(seed);
      const ids = Array.from({ length: 40 }, (_, index) => `n${index}`);
      const arrows = Array.from({ length: 80 }, () => [random.below(40), random.below(40)])
        .filter(([a, b]) => a! < b!)
        .map(([a, b]) => ({ source: ids[a!]!, target: ids[b!]! }));
      const { order, cycles } = topologyOf(ids, arrows);
      const place = new Map(order.map((id, index) => [id, index]));
      expect(order).toHaveLength(40);
      expect(cycles).toEqual([]);
      for (const { source, target } of arrows) expect(place.get(source)!, `seed ${seed}`).toBeLessThan(place.get(target)!);
      expect(topologyOf(ids.toReversed(), arrows.toReversed()).order).toEqual(order);
    }
  });

  test('finds each cycle, leaves what is behind one out of the order, and passes over unknown ends', () => {
    const topology = graph('abcdefg', 'ab', 'bc', 'cb', 'cd', 'ee', 'fg', 'gx');
    expect(topology.cycles).toEqual([['b', 'c'], ['e']]);
    expect(topology.order).toEqual(['a', 'f', 'g']);
    expect(layersOf(topology)).toEqual([['a', 'f'], ['g'], ['b', 'c', 'd', 'e']]);
  });

  test('answers what a node needs and what needs it', () => {
    const topology = graph('abcdef', 'ab', 'bc', 'dc', 'ce');
    expect([...ancestors(topology, ['c'])].sort()).toEqual(['a', 'b', 'd']);
    expect([...descendants(topology, ['b'])].sort()).toEqual(['c', 'e']);
    expect([...upstreamClosure(topology, ['b', 'f', 'unknown'])].sort()).toEqual(['a', 'b', 'f']);
    expect([...upstreamClosure(graph('ab', 'ab', 'ba'), ['a'])].sort()).toEqual(['a', 'b']);
  });

  test('weighs each node by the longest way to the end', () => {
    const weights = criticalWeights(graph('abcd', 'ab', 'ac', 'bd', 'cd'), (id) => (id === 'c' ? 10 : 1));
    expect(Object.fromEntries(weights)).toEqual({ a: 12, b: 2, c: 11, d: 1 });
  });

  test('does not overflow the stack on a circle of 50,000 nodes', () => {
    const ids = Array.from({ length: 50_000 }, (_, index) => String(index));
    const topology = topologyOf(
      ids,
      ids.map((id, index) => ({ source: id, target: ids[(index + 1) % ids.length]! })),
    );
    expect(topology.cycles[0]).toHaveLength(50_000);
  });
});
