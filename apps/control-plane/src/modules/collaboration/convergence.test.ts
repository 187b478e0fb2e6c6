/**
 * Peers write, are cut off and come back; the storage fails; the server restarts. In the end peers, server and a reload
 * from the journal hold the same, and every acknowledged edit is in it.
 */
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { eventually, seededRandom } from '@ensemble/testkit';
import type { RawDocument, RawSocket, SeededRandom } from '@ensemble/testkit';
import { loadDocument } from './load-document.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { gateJournal } from './test-support/gated-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { ServedCollaboration } from './test-support/serve-collaboration.ts';

vi.spyOn(console, 'error').mockImplementation(() => {});

const DOC = 'pipeline:fuzz';
const STEPS = 250;
const UNLIMITED = { messages: { perSecond: 1e6, burst: 1e6 }, bytes: { perSecond: 1e9, burst: 1e9 } };

interface Peer {
  name: string;
  doc: Y.Doc;
  session: (RawDocument & { socket: RawSocket }) | undefined;
}

let served: ServedCollaboration;
afterEach(() => served.stop());

test.each([20_261_122, 20_261_121, 7])('everything converges, seed %s', async (seed) => {
  const random = seededRandom(seed);
  const where = `seed ${random.seed}`;
  const journal = gateJournal(createMemoryJournal());
  const start = (): Promise<ServedCollaboration> =>
    serveCollaboration({
      journal,
      limits: UNLIMITED,
      folding: { rows: 10, bytes: 1e9 },
      timing: { appendTimeoutMs: 30, retryMs: { first: 5, most: 10 }, keepOpenMs: 20 },
    });
  served = await start();
  const peers: Peer[] = Array.from({ length: 2 + random.integer(7) }, (_, index) => ({
    name: `p${index}`,
    doc: new Y.Doc(),
    session: undefined,
  }));
  const acknowledged = new Map<string, number>();
  const bites = { cuts: 0, outages: 0, restarts: 0, serverEdits: 0, offlineEdits: 0 };
  let count = 0;

  async function connect(peer: Peer): Promise<void> {
    const socket = await served.socket(peer.name).catch(() => undefined);
    const document = await socket?.open(DOC, peer.doc).catch(() => undefined);
    if (socket && document) peer.session = Object.assign(document, { socket });
  }
  function edit(peer: Peer): void {
    const number = (count += 1);
    const change = changeOf(random, number);
    if (!peer.session) {
      bites.offlineEdits += 1;
      peer.doc.transact(() => change(peer.doc));
      return;
    }
    peer.session.edit(change).then(
      () => acknowledged.set(`${number}`, number),
      () => {},
    );
  }

  for (let step = 0; step < STEPS; step += 1) {
    const peer = random.pick(peers);
    const dice = random.next();
    if (dice < 0.68) edit(peer);
    else if (dice < 0.78) {
      if (peer.session) bites.cuts += 1;
      peer.session?.socket.terminate();
      peer.session = undefined;
    } else if (dice < 0.9) {
      if (!peer.session) await connect(peer);
    } else if (dice < 0.94) {
      bites.outages += 1;
      if (random.next() < 0.5) journal.fail();
      else journal.hold();
      await new Promise((resolve) => setTimeout(resolve, random.integer(60)));
      journal.mend();
      journal.release();
    } else if (dice < 0.98) {
      const number = (count += 1);
      bites.serverEdits += 1;
      await served.collaboration.edit(DOC, 'system:fuzz', changeOf(random, number)).then(
        () => acknowledged.set(`${number}`, number),
        () => {},
      );
    } else {
      bites.restarts += 1;
      await served.stop();
      served = await start();
      for (const each of peers) each.session = undefined;
    }
    if (random.next() < 0.2) await new Promise((resolve) => setTimeout(resolve, 2));
  }

  for (const peer of peers) {
    peer.session?.socket.terminate();
    await eventually(`${peer.name} is connected`, async () => {
      await connect(peer);
      return peer.session;
    });
  }
  const state = (doc: Y.Doc): string => JSON.stringify([doc.getMap('meta'), doc.getMap('nodes')], inOrderOfKeys);
  await eventually(`everybody has the same (${where})`, async () => {
    const mine = await served.collaboration.read(DOC, state);
    return peers.every((peer) => state(peer.doc) === mine);
  });
  const reloaded = new Y.Doc();
  const { quarantined } = await loadDocument(reloaded, DOC, journal);
  expect(quarantined, where).toEqual([]);
  expect(reloaded.store.pendingStructs, where).toBeNull();
  expect(state(reloaded), where).toBe(state(peers[0]!.doc));
  const present = new Set(reloaded.getMap('meta').keys());
  expect(
    [...acknowledged.keys()].filter((key) => !present.has(key)),
    where,
  ).toEqual([]);
  expect(acknowledged.size, where).toBeGreaterThan(0);
  expect(
    Object.entries(bites).filter(([name, times]) => times === 0 && name !== 'restarts'),
    where,
  ).toEqual([]);
});

/** Sets a key that nobody deletes, and does something that others may undo. */
function changeOf(random: SeededRandom, number: number): (doc: Y.Doc) => void {
  const node = `n${random.integer(6)}`;
  const action = random.integer(3);
  return (doc) => {
    doc.getMap('meta').set(String(number), number);
    const nodes = doc.getMap<Y.Map<unknown>>('nodes');
    if (action === 0) nodes.set(node, new Y.Map<unknown>([['config', new Y.Map([['a', number]])]]));
    else if (action === 1) nodes.delete(node);
    else (nodes.get(node)?.get('config') as Y.Map<unknown> | undefined)?.set(`f${number % 4}`, number);
  };
}

/** Replicas that are equal may have got the keys of a map in different orders. */
const inOrderOfKeys = (_key: string, value: unknown): unknown =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
    ? Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)))
    : value;
