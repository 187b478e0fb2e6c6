/** A graph as people could have drawn it, chosen by a seed: known and unknown cards anywhere, wires wherever they are allowed, and some that are not. */
import { addNode, connect, edgeId, projectGraph, setBypass } from '@ensemble/pipeline';
import type { KnownCards, ProjectedNode } from '@ensemble/pipeline';
import * as Y from 'yjs';

export interface Random {
  below(end: number): number;
}

export function seededRandom(seed: number): Random {
  let state = Math.imul(seed + 1, 0x9e3779b1) >>> 0 || 1;
  return {
    below(end) {
      state ^= state << 13;
      state ^= state >>> 17;
      state ^= state << 5;
      return Math.floor(((state >>> 0) / 2 ** 32) * end);
    },
  };
}

export const shuffled = <Item>(items: readonly Item[], random: Random): Item[] =>
  items
    .map((item) => ({ item, place: random.below(1_000_000) }))
    .sort((a, b) => a.place - b.place)
    .map(({ item }) => item);

export function randomGraph(random: Random, cards: KnownCards, origin: object): Y.Doc {
  const doc = new Y.Doc();
  const types = [...cards.keys(), 'unknown'];
  const count = 2 + random.below(10);
  for (let index = 0; index < count; index++) {
    const position = { x: random.below(900), y: random.below(900) };
    addNode(doc, { id: `n${index}`, card: types[random.below(types.length)]!, position }, origin);
    if (random.below(8) === 0) setBypass(doc, [`n${index}`], true, origin);
  }
  const { nodes } = projectGraph(doc, cards);
  const any = (): ProjectedNode => nodes[random.below(count)]!;
  for (let tries = 0; tries < count * 5; tries++) {
    const [from, to] = [any(), any()];
    const out = from.manifest?.outputs[random.below(2)];
    const into = to.manifest?.inputs[random.below(2)];
    if (!out || !into) continue;
    const ends = { source: from.id, sourcePort: out.name, target: to.id, targetPort: into.name };
    // What two people draw at the same moment can close a circle or fill an input twice.
    if (random.below(10) === 0) doc.getMap('edges').set(edgeId(ends), ends);
    else connect(doc, ends, cards, origin);
  }
  return doc;
}
