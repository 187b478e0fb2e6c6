/** Prints how long reading and projecting a pipeline of 1,000 nodes takes. Run with `node`; asserts nothing. */
import * as Y from 'yjs';
import { liveFingerprints, pinVersion } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';
import { writeGraph } from './write-graph.ts';

const NODES = 1_000;
const ROUNDS = 50;
const id = (index: number): string => `node-${index}`;

const doc = new Y.Doc();
writeGraph(
  doc,
  {
    nodes: Array.from({ length: NODES }, (_, index) => ({
      id: id(index),
      card: index === 0 ? 'load' : 'split',
      position: { x: (index % 50) * 320, y: Math.floor(index / 50) * 180 },
      config: { ratio: 0.7, seed: index, columns: ['a', 'b', 'c'] },
    })),
    edges: Array.from({ length: NODES - 1 }, (_, index) => ({
      source: id(Math.floor(index / 2)),
      sourcePort: index < 2 ? 'data' : index % 2 === 0 ? 'train' : 'test',
      target: id(index + 1),
      targetPort: 'data',
    })),
  },
  'bench',
);
const graph = projectGraph(doc, CARDS);
const work: Record<string, () => unknown> = {
  projectGraph: () => projectGraph(doc, CARDS),
  pinVersion: () => pinVersion(graph, new Map()),
  liveFingerprints: () => liveFingerprints(graph, new Map()),
};
for (const [name, run] of Object.entries(work)) {
  const times = Array.from({ length: ROUNDS }, () => {
    const start = performance.now();
    run();
    return performance.now() - start;
  });
  const first = times[0]!;
  times.sort((a, b) => a - b);
  const [p50, worst] = [times[ROUNDS >> 1]!, times[ROUNDS - 1]!];
  console.log(
    `${name}: ${NODES} nodes, ${graph.edges.length} edges, ${graph.problems.length} problems: first ${first.toFixed(1)} ms, p50 ${p50.toFixed(1)} ms, worst ${worst.toFixed(1)} ms`,
  );
}
