import { describe, expect, test } from 'vitest';
import type * as Y from 'yjs';
import { clipText, copyNodes, freshGraph, readClip } from './clip.ts';
import { connect, disconnect } from './connect.ts';
import { danglingEdges, sweepDanglingEdges } from './dangling-edges.ts';
import {
  addNode,
  moveNodes,
  removeConfigField,
  removeNodes,
  renameNode,
  resizeNode,
  setBypass,
  setConfigField,
  setTitle,
} from './edit-nodes.ts';
import { insertOnEdge } from './insert-on-edge.ts';
import { pipelineRoots } from './layout.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText, foreignChanges, writtenKeys } from './test-support/document-state.ts';
import { PeerNetwork } from './test-support/peer-network.ts';
import type { Peer } from './test-support/peer-network.ts';
import { seededRandom } from './test-support/random.ts';
import type { Random } from './test-support/random.ts';
import { insertGraph } from './write-graph.ts';

const SEEDS = process.env.ENSEMBLE_LONG ? 500 : 200;
/** The first fifty histories are long; the others add variety. */
const operationsOf = (seed: number): number => (process.env.ENSEMBLE_LONG || seed <= 50 || FOUND.includes(seed) ? 300 : 120);
/** Seeds that once failed, with the operations of their time: 240 let an undo overwrite a colleague, 429 made Yjs throw inside an undo, 497 took a node's place. */
const FOUND = [240, 429, 497];
const ONLY = process.env.ENSEMBLE_SEED;
const seeds =
  ONLY === undefined
    ? [...Array.from({ length: SEEDS }, (_, index) => index + 1), ...FOUND.filter((seed) => seed > SEEDS)]
    : [Number(ONLY)];

/** How often each fault and each interesting thing really happened. */
const bites = {
  concurrentEdits: 0,
  danglingSeen: 0,
  undos: 0,
  redos: 0,
  reordered: 0,
  doubled: 0,
  partitions: 0,
  restarts: 0,
  swept: 0,
  cycles: 0,
  bypasses: 0,
  blocked: 0,
  pasted: 0,
  inserted: 0,
};

describe('peers that edit at once', () => {
  test.each(seeds)('end with one state on every peer, the server and a reload (seed %i)', (seed) => {
    const random = seededRandom(seed);
    const network = new PeerNetwork(2 + random.below(5));
    const since = new Map<string, number>();
    for (let step = 0; step < operationsOf(seed); step++) {
      const peer = random.pick(network.peers)!;
      if (network.isBehind(peer)) bites.concurrentEdits++;
      edit(peer, random, step);
      shake(network, random);
      if (random.chance(0.04)) bites.swept += sweepDanglingEdges(network.server, since, step * 8_000, 'system').length;
      const graph = projectGraph(peer.doc, CARDS);
      if (danglingEdges(peer.doc).length > 0) bites.danglingSeen++;
      if (graph.problems.some((problem) => problem.code === 'pipeline/cycle')) bites.cycles++;
      if (graph.problems.some((problem) => problem.code === 'bypass/blocked')) bites.blocked++;
    }
    network.settle();
    const expected = documentText(network.server);
    const graph = JSON.stringify(projectGraph(network.server, CARDS));
    for (const doc of [...network.peers.map((peer) => peer.doc), network.reload()]) {
      expect(documentText(doc), `seed ${seed}`).toBe(expected);
      expect(JSON.stringify(projectGraph(doc, CARDS)), `seed ${seed}`).toBe(graph);
    }
    const unreadable = projectGraph(network.server, CARDS).problems.filter((problem) => /unreadable|repaired/.test(problem.code));
    expect(unreadable, `seed ${seed}: our own edits must leave nothing unreadable`).toEqual([]);
  });

  test.skipIf(ONLY !== undefined)('really met the faults they were to survive', () => {
    for (const [name, count] of Object.entries(bites)) expect(count, name).toBeGreaterThan(SEEDS / 5);
    console.log('convergence faults', JSON.stringify(bites));
  });
});

function edit(peer: Peer, random: Random, step: number): void {
  const { doc, origin } = peer;
  const node = (): string => random.pick([...pipelineRoots(doc).nodes.keys()]) ?? 'gone';
  const point = () => ({ x: random.below(1_000), y: random.below(1_000) });
  const edits: [weight: number, edit: () => unknown][] = [
    // Now and then two peers choose the same id.
    [
      5,
      () =>
        addNode(
          doc,
          {
            id: random.chance(0.1) ? `same${random.below(4)}` : `n${step}`,
            card: random.pick([...CARDS.keys()])!,
            position: point(),
            config: { seed: step },
          },
          origin,
        ),
    ],
    [12, () => connectSomething(doc, random, origin)],
    [
      4,
      () =>
        moveNodes(
          doc,
          [node(), node()].map((id) => ({ id, position: point() })),
          origin,
        ),
    ],
    [2, () => renameNode(doc, node(), `title ${step}`, origin)],
    [1, () => resizeNode(doc, node(), { width: 1 + random.below(300), height: 80 }, origin)],
    [5, () => setConfigField(doc, node(), random.pick(['ratio', 'seed', 'other'])!, random.below(5), origin)],
    [1, () => removeConfigField(doc, node(), random.pick(['ratio', 'seed'])!, origin)],
    [3, () => removeNodes(doc, [node()], origin)],
    [2, () => (setBypass(doc, [node()], random.chance(0.7), origin), bites.bypasses++)],
    [2, () => pasteSomething(doc, random, origin, step)],
    [1, () => disconnect(doc, [random.pick([...pipelineRoots(doc).edges.keys()]) ?? 'gone'], origin)],
    [1, () => setTitle(doc, `pipeline ${step}`, origin)],
    [5, () => (undoOwn(peer, 'undo') ? bites.undos++ : 0)],
    [3, () => (undoOwn(peer, 'redo') ? bites.redos++ : 0)],
  ];
  let left = random.below(edits.reduce((sum, [weight]) => sum + weight, 0));
  for (const [weight, run] of edits) {
    if (left < weight) return void run();
    left -= weight;
  }
}

function pasteSomething(doc: Y.Doc, random: Random, origin: unknown, step: number): void {
  const graph = projectGraph(doc, CARDS);
  const ids = new Set([random.pick(graph.nodes), random.pick(graph.nodes)].flatMap((node) => node?.id ?? []));
  // Few nodes meet more often: a crowd would hide the faults that need two people at one place.
  if (graph.nodes.length > 10) return void removeNodes(doc, [...ids], origin);
  const edge = random.pick(graph.edges);
  if (edge && random.chance(0.5)) {
    const node = { id: `i${step}`, card: 'split', position: { x: step, y: 0 } };
    if (insertOnEdge(doc, node, edge.id, CARDS, origin).ok) bites.inserted++;
    return;
  }
  let next = 0;
  const clip = readClip(clipText(copyNodes(graph, ids)));
  expect(clip, 'what is copied can be read').toBeDefined();
  // The id names the peer's step, so two peers never choose the same.
  if (
    clip &&
    insertGraph(
      doc,
      freshGraph(clip, () => `p${step}-${next++}`, { x: 40, y: 40 }),
      origin,
    ).ok
  )
    bites.pasted++;
}

function connectSomething(doc: Y.Doc, random: Random, origin: unknown): void {
  const { nodes } = projectGraph(doc, CARDS);
  const [source, target] = [random.pick(nodes), random.pick(nodes)];
  const output = random.pick(source?.manifest?.outputs ?? []);
  const input = random.pick(target?.manifest?.inputs ?? []);
  if (source && target && output && input) {
    connect(doc, { source: source.id, sourcePort: output.name, target: target.id, targetPort: input.name }, CARDS, origin);
  }
}

function undoOwn(peer: Peer, direction: 'undo' | 'redo'): boolean {
  const before = writtenKeys(peer.doc);
  const done = peer.undo[direction]() !== null;
  expect(foreignChanges(before, writtenKeys(peer.doc), peer.doc.clientID), 'UNDO-1').toEqual([]);
  return done;
}

function shake(network: PeerNetwork, random: Random): void {
  for (const peer of network.peers) {
    if (!peer.online) {
      if (random.chance(0.08)) network.reconnect(peer);
      continue;
    }
    for (const direction of ['up', 'down'] as const) {
      if (!random.chance(0.35)) continue;
      for (let waiting = random.below(peer[direction].length + 1); waiting > 0; waiting--) {
        const at = random.chance(0.1) ? random.below(peer[direction].length) : 0;
        if (at > 0) bites.reordered++;
        if (random.chance(0.05)) {
          peer[direction].push(peer[direction][at]!);
          bites.doubled++;
        }
        network.deliver(peer, direction, at);
      }
    }
  }
  const victim = random.pick(network.peers)!;
  if (random.chance(0.03)) {
    network.disconnect(victim);
    bites.partitions++;
  }
  if (random.chance(0.01)) {
    network.restart(victim);
    bites.restarts++;
  }
}
