import { expect, test } from 'vitest';
import { connect } from './connect.ts';
import { addNode, removeNodes, setConfigField } from './edit-nodes.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText, foreignChanges, writtenKeys } from './test-support/document-state.ts';
import { PeerNetwork } from './test-support/peer-network.ts';
import type { Peer } from './test-support/peer-network.ts';

type Move = (network: PeerNetwork) => void;
const EDGE = { source: 'load', sourcePort: 'data', target: 'split', targetPort: 'data' };
let undone = 0;

const step = (peer: Peer, direction: 'undo' | 'redo') => {
  const before = writtenKeys(peer.doc);
  if (peer.undo[direction]() !== null) undone++;
  return foreignChanges(before, writtenKeys(peer.doc), peer.doc.clientID);
};

const EDITS: Record<string, (peer: Peer) => unknown> = {
  delete: ({ doc, origin }) => removeNodes(doc, ['split'], origin),
  connect: ({ doc, origin }) => connect(doc, EDGE, CARDS, origin),
  type: ({ doc, origin }) => setConfigField(doc, 'split', 'seed', doc.clientID, origin),
  undo: (peer) => expect(step(peer, 'undo'), 'UNDO-1').toEqual([]),
  redo: (peer) => expect(step(peer, 'redo'), 'UNDO-1').toEqual([]),
};

const MOVES: Record<string, Move> = { sync: (network) => network.settle() };
for (const [name, edit] of Object.entries(EDITS)) {
  MOVES[`A ${name}`] = (network) => void edit(network.peers[0]!);
  MOVES[`B ${name}`] = (network) => void edit(network.peers[1]!);
}

/** A added both nodes; B has seen them. */
function start(): PeerNetwork {
  const network = new PeerNetwork(2);
  const { doc, origin } = network.peers[0]!;
  addNode(doc, { id: 'load', card: 'load', position: { x: 0, y: 0 } }, origin);
  addNode(doc, { id: 'split', card: 'split', position: { x: 1, y: 0 }, config: { ratio: 0.5 } }, origin);
  network.settle();
  return network;
}

/** Without a sync that follows a sync or comes at either end, where one is done anyway: those orders are played in a shorter form. */
function* sequences(length: number, last = true): Generator<string[]> {
  if (length === 0) {
    yield [];
    return;
  }
  for (const rest of sequences(length - 1, false)) {
    for (const name of Object.keys(MOVES)) {
      if (name !== 'sync' || (!last && rest.length > 0 && rest.at(-1) !== 'sync')) yield [...rest, name];
    }
  }
}

const firstMoves = Object.keys(MOVES).filter((name) => name !== 'sync');
let played = 0;

test.each(firstMoves)('every order of four moves of two people that begins with %s ends the same for both', (first) => {
  for (const names of sequences(4)) {
    if (names[0] !== first) continue;
    const network = start();
    const story = names.join(', ');
    try {
      for (const name of names) MOVES[name]!(network);
      network.settle();
      const [a, b] = network.peers.map((peer) => peer.doc);
      if (documentText(a!) !== documentText(b!) || documentText(a!) !== documentText(network.reload())) throw new Error('documents differ');
      const graphs = [a!, b!].map((doc) => JSON.stringify(projectGraph(doc, CARDS)));
      if (new Set(graphs).size !== 1) throw new Error('projections differ');
    } catch (cause) {
      throw new Error(`after: ${story}`, { cause });
    }
    played++;
  }
});

test('really played all of them', () => {
  // 10 edits in each place, or sync in the second or third.
  expect(played).toBe(10 ** 4 + 2 * 10 ** 3);
  expect(undone).toBeGreaterThan(1_000);
});
