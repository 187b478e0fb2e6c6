/** Clients that speak the protocol and mean harm. After each of them a decent person must still be able to work. */
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { eventually, FRAME, seededRandom, SYNC, wireBytes } from '@ensemble/testkit';
import type { RawSocket } from '@ensemble/testkit';
import type { MemoryJournal } from './memory-journal.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { ServedCollaboration, ServeOptions } from './test-support/serve-collaboration.ts';

// Hocuspocus prints a line for every connection that it closes.
vi.spyOn(console, 'error').mockImplementation(() => {});

const DOC = 'pipeline:one';
let journal: MemoryJournal;
let served: ServedCollaboration;

async function serve(options: Partial<ServeOptions> = {}): Promise<ServedCollaboration> {
  journal = createMemoryJournal();
  return (served = await serveCollaboration({ journal, ...options }));
}
afterEach(async () => {
  const decent = await served.open('decent', 'pipeline:decent');
  await decent.edit((doc) => doc.getMap('meta').set('title', 'still works'));
  await served.stop();
});

const rowsOf = async (name: string): Promise<number> => (await journal.timeline(name, { limit: 1_000 })).length;

function updateOf(change: (doc: Y.Doc) => void, doc = new Y.Doc()): Uint8Array {
  const before = Y.encodeStateVector(doc);
  doc.transact(() => change(doc));
  return Y.encodeStateAsUpdate(doc, before);
}

const BAD_UPDATES: [string, string, () => Uint8Array][] = [
  ['noise', DOC, () => new Uint8Array([250, 1, 2, 3, 4, 5, 6])],
  ['half an update', DOC, () => updateOf((doc) => doc.getMap('meta').set('title', 'cut short')).subarray(0, 12)],
  ['another root', DOC, () => updateOf((doc) => doc.getMap('secrets').set('a', 1))],
  ['a root named __proto__', DOC, () => updateOf((doc) => doc.getMap('__proto__').set('a', 1))],
  ['text under a root that is a map', DOC, () => updateOf((doc) => doc.getText('nodes').insert(0, 'x'))],
  ['keys under a root that is a text', 'card:one', () => updateOf((doc) => doc.getMap('source').set('a', 1))],
  ['a nested document', DOC, () => updateOf((doc) => doc.getMap('nodes').set('a', new Y.Doc()))],
  ['XML', DOC, () => updateOf((doc) => doc.getMap('nodes').set('a', new Y.XmlElement('script')))],
  [
    'an allowed root beside another one',
    DOC,
    () =>
      updateOf((doc) => {
        doc.getMap('meta').set('title', 'a');
        doc.getArray('extra').push([1]);
      }),
  ],
];

test.each(BAD_UPDATES)('an update is refused, closes the document and is never journalled: %s', async (_what, name, make) => {
  await serve();
  const mallory = await served.open('mallory', name);
  await expect(mallory.sendUpdate(make())).rejects.toThrow('invalid-update');
  expect(await mallory.closed).toBe('invalid-update');
  expect(await rowsOf(name)).toBe(0);
  // The socket is still there, and the document opens again.
  await (
    await mallory.socket.open(name)
  ).edit((doc) => (name === DOC ? doc.getMap('meta').set('a', 1) : doc.getText('source').insert(0, 'a')));
  expect(await rowsOf(name)).toBe(1);
});

/** An update by a client whose earlier changes the server never saw. */
function updateWithGap(text: string): Uint8Array {
  const doc = new Y.Doc();
  doc.getText('source').insert(0, 'never sent');
  return updateOf((later) => later.getText('source').insert(10, text), doc);
}

test('updates that wait for what never comes are bounded, shown to nobody, and stop nobody', async () => {
  await serve();
  let accepted = 0;
  for (;;) {
    const mallory = await served.open('mallory', 'card:one');
    const failure = await mallory.sendUpdate(updateWithGap('x'.repeat(300_000))).catch((error: Error) => error.message);
    mallory.socket.terminate();
    if (failure === undefined) accepted += 1;
    else {
      expect(failure).toBe('invalid-update');
      break;
    }
  }
  expect(accepted).toBe(3);
  const decent = await served.open('ada', 'card:one');
  await decent.edit((doc) => doc.getText('source').insert(0, 'fine'));
  decent.socket.terminate();
  await eventually('the document is unloaded', () => served.collaboration.connections().documents === 0);
  expect((await served.open('bob', 'card:one')).doc.getText('source').toJSON()).toBe('fine');
});

test('updates that depend on each other in a circle stop nobody', async () => {
  await serve();
  const [one, two] = [1, 2];
  // Two clients, one item each: the origin of either is the other (format 1: info 0x84 = string with origin).
  const item = (client: number, other: number): Uint8Array => Buffer.concat([Buffer.from([1, client, 0, 0x84, other, 0]), wireBytes('x')]);
  const update = Buffer.concat([Buffer.from([2]), item(two, one), item(one, two), Buffer.from([0])]);
  const mallory = await served.open('mallory', 'card:one');
  await mallory.sendUpdate(update);
  const decent = await served.open('ada', 'card:one');
  await decent.edit((doc) => doc.getText('source').insert(0, 'fine'));
  expect(await served.collaboration.read('card:one', (doc) => doc.getText('source').toJSON())).toBe('fine');
});

test('people write nothing into run: and project: documents, whatever their role', async () => {
  await serve({ access: () => 'write' });
  for (const name of ['run:one', 'project:one']) {
    const mallory = await served.open('mallory', name);
    expect(mallory.readOnly).toBe(true);
    await expect(mallory.edit((doc) => doc.getMap('steps').set('a', 'succeeded'))).rejects.toThrow('did not take');
    await expect(mallory.sendUpdate(new Uint8Array([1, 2, 3]))).rejects.toThrow();
    expect(await rowsOf(name)).toBe(0);
  }
});

test('viewers and strangers write nothing', async () => {
  await serve({ access: (user) => (user === 'viewer' ? 'read' : undefined) });
  const viewer = await served.open('viewer', DOC);
  await expect(viewer.edit((doc) => doc.getMap('meta').set('a', 1))).rejects.toThrow('did not take');
  await expect(served.open('stranger', DOC)).rejects.toThrow('forbidden');
  const stranger = await served.socket('stranger');
  stranger.send(
    wireBytes(
      DOC,
      FRAME.sync,
      SYNC.update,
      updateOf((doc) => doc.getMap('meta').set('a', 1)),
    ),
  );
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(await rowsOf(DOC)).toBe(0);
  served = { ...served, open: async () => Object.assign(viewer, { edit: () => Promise.resolve() }) };
});

const BAD_FRAMES: [string, (name: string) => Uint8Array | string][] = [
  ['nothing', () => new Uint8Array()],
  ['a name that is longer than the frame', () => new Uint8Array([200, 1, 1, 2])],
  ['a number without end', () => new Uint8Array(50).fill(0xff)],
  ['a name that is no UTF-8', () => new Uint8Array([2, 0xff, 0xfe, 0])],
  ['text instead of bytes', () => 'hello'],
  ['an unknown type', (name) => wireBytes(name, 77, 1)],
  ['the opcode between servers', (name) => wireBytes(name, FRAME.broadcastStateless, 'spoof')],
];

test.each(BAD_FRAMES)('a malformed frame closes the socket: %s', async (_what, make) => {
  await serve();
  const mallory = await served.open('mallory', DOC);
  const frame = make(DOC);
  mallory.socket.socket.send(frame);
  expect(await mallory.socket.closed).toEqual({ code: 4422, reason: 'invalid-update' });
});

/** Resolves some time after the server has looked at every frame that was sent. */
const handled = (socket: RawSocket['socket']): Promise<undefined> =>
  new Promise((resolve) => {
    socket.once('pong', () => setTimeout(() => resolve(undefined), 15));
    socket.ping();
  });

test('random bytes, also behind a right head, end no process and journal nothing', async () => {
  await serve({ limits: { messages: { perSecond: 100_000, burst: 100_000 } } });
  const random = seededRandom();
  let refused = 0;
  for (let round = 0; round < 150; round += 1) {
    const mallory = await served.open('mallory', DOC);
    const noise = Uint8Array.from({ length: random.integer(60) }, () => random.integer(256));
    const head = random.pick([
      [],
      [DOC, FRAME.sync],
      [DOC, FRAME.sync, SYNC.step1],
      [DOC, FRAME.sync, SYNC.update],
      [DOC, FRAME.awareness],
      [DOC, FRAME.auth],
      [DOC, FRAME.close],
    ]);
    mallory.socket.send(Buffer.concat([wireBytes(...head), noise]));
    mallory.socket.send(wireBytes(DOC, FRAME.sync, SYNC.step1, Y.encodeStateVector(new Y.Doc())));
    const outcome = await Promise.race([mallory.closed, mallory.socket.closed, handled(mallory.socket.socket)]);
    if (outcome !== undefined) refused += 1;
    mallory.socket.terminate();
  }
  expect(refused, `seed ${random.seed}`).toBeGreaterThan(50);
  for (const row of await journal.timeline(DOC, { limit: 1_000 }))
    expect(() => Y.decodeUpdate(row.bytes), `seed ${random.seed}`).not.toThrow();
});

test('presence is stamped, foreign client ids are dropped, and leaving is seen', async () => {
  await serve();
  const [ada, bob, eve] = await Promise.all(['ada', 'bob', 'eve'].map((user) => served.open(user, DOC)));
  bob!.setPresence({ cursor: { x: 1, y: 1 } });
  await eventually('eve sees bob', () => eve!.presence.get(bob!.doc.clientID) != null);
  ada!.setPresence({ user: { id: 'admin', name: 'Admin' }, cursor: { x: 2, y: 2 } });
  const seen = await eventually('eve sees ada', () => eve!.presence.get(ada!.doc.clientID) ?? undefined);
  expect(seen).toEqual({ user: { id: 'ada', name: 'ADA', color: expect.stringMatching(/^#[0-9a-f]{6}$/) }, cursor: { x: 2, y: 2 } });
  ada!.setPresence({ cursor: { x: 666, y: 666 } }, { clientId: bob!.doc.clientID, clock: 1_000 });
  ada!.setPresence({ cursor: { x: 667, y: 667 } }, { clientId: 424_242, clock: 1 });
  ada!.setPresence(null, { clientId: bob!.doc.clientID, clock: 1_001 });
  ada!.setPresence({ cursor: { x: 3, y: 3 } });
  await eventually('eve sees ada move', () => (eve!.presence.get(ada!.doc.clientID) as { cursor?: { x: number } } | null)?.cursor?.x === 3);
  expect(eve!.presence.get(bob!.doc.clientID)).toMatchObject({ user: { id: 'bob' }, cursor: { x: 1 } });
  expect(eve!.presence.has(424_242)).toBe(false);
  ada!.setPresence(null);
  await eventually('eve sees ada leave', () => eve!.presence.get(ada!.doc.clientID) === null);
  ada!.setPresence({ cursor: { x: 4, y: 4 } });
  await eventually('ada is back', () => eve!.presence.get(ada!.doc.clientID) != null);
  ada!.socket.terminate();
  await eventually('eve sees that ada is cut off', () => eve!.presence.get(ada!.doc.clientID) === null);
});

test('a client id in use is not taken by another person, but by the same one who comes back', async () => {
  await serve();
  const [bob, eve] = await Promise.all([served.open('bob', DOC), served.open('eve', DOC)]);
  bob.setPresence({ cursor: { x: 1, y: 1 } });
  await eventually('eve sees bob', () => eve.presence.get(bob.doc.clientID) != null);
  const mallory = await served.open('mallory', DOC);
  mallory.setPresence({ cursor: { x: 9, y: 9 } }, { clientId: bob.doc.clientID, clock: 50 });
  const again = await served.open('bob', DOC);
  again.setPresence({ cursor: { x: 2, y: 2 } }, { clientId: bob.doc.clientID, clock: 60 });
  await eventually('eve sees bob move', () => (eve.presence.get(bob.doc.clientID) as { cursor?: { x: number } } | null)?.cursor?.x === 2);
  bob.socket.terminate();
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(eve.presence.get(bob.doc.clientID)).toMatchObject({ user: { id: 'bob' }, cursor: { x: 2 } });
});

const BAD_PRESENCE: [string, Uint8Array, string][] = [
  ['too big', wireBytes(1, 7, 1, JSON.stringify({ text: 'x'.repeat(5_000) })), 'message-too-large'],
  ['no JSON', wireBytes(1, 7, 1, '{"a"'), 'invalid-update'],
  ['shorter than it says', wireBytes(1_000_000, 7, 1), 'invalid-update'],
];
test.each(BAD_PRESENCE)('presence that is %s closes the document for its sender alone', async (_what, body, reason) => {
  await serve();
  const [mallory, bob] = await Promise.all([served.open('mallory', DOC), served.open('bob', DOC)]);
  mallory.send(FRAME.awareness, body);
  expect(await mallory.closed).toBe(reason);
  await bob.edit((doc) => doc.getMap('meta').set('a', 1));
});

test('presence whose state is no object is left out', async () => {
  await serve();
  const [mallory, bob] = await Promise.all([served.open('mallory', DOC), served.open('bob', DOC)]);
  for (const [clock, text] of ['5', '"x"', '[1]', 'true'].entries()) mallory.send(FRAME.awareness, wireBytes(1, 7, clock + 1, text));
  mallory.send(FRAME.awareness, wireBytes(1, 7, 9, '{"__proto__":{"user":1},"ok":true}'));
  await eventually('bob sees the last', () => bob.presence.get(7) != null);
  expect(bob.presence.get(7)).toMatchObject({ ok: true, user: { id: 'mallory' } });
});

test('the fifty-first document on a socket is refused, and the fifty keep working', async () => {
  await serve();
  const socket = await served.socket('mallory');
  const outcomes = await Promise.allSettled(Array.from({ length: 150 }, (_, index) => socket.open(`pipeline:many-${index}`)));
  const opened = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  expect(opened).toHaveLength(50);
  expect(
    outcomes.filter((outcome) => outcome.status === 'rejected' && (outcome.reason as Error).message === 'too-many-documents'),
  ).toHaveLength(100);
  await Promise.all(opened.map((document) => document.edit((doc) => doc.getMap('meta').set('a', 1))));
  opened[0]!.send(FRAME.close);
  await eventually('a place is free', () => served.collaboration.connections().documents === 49);
  await socket.open('pipeline:one-more');
});

test('names that are no document names are refused', async () => {
  await serve();
  for (const name of ['', 'pipeline:', '__proto__', 'secrets:one', 'pipeline:../x', `pipeline:one\0session`, 'x'.repeat(150)]) {
    await expect((await served.socket('mallory')).open(name)).rejects.toThrow('not-found');
  }
});

test('a frame above 4 MiB closes the socket', async () => {
  await serve();
  const mallory = await served.open('mallory', DOC);
  mallory.socket.send(new Uint8Array(4 * 1024 * 1024 + 1));
  expect((await mallory.socket.closed).code).toBe(1009);
});

test('an update of almost 4 MiB is accepted', async () => {
  await serve();
  const ada = await served.open('ada', 'card:big');
  await ada.edit((doc) => doc.getText('source').insert(0, 'x'.repeat(4_100_000)));
  expect(await rowsOf('card:big')).toBe(1);
});

test('a document stops growing at its limit, says so, and can still be read', async () => {
  await serve({ limits: { bytes: { perSecond: 1e9, burst: 1e9 } } });
  const ada = await served.open('ada', 'card:big');
  let accepted = 0;
  for (;;) {
    const before = ada.doc.getText('source').length;
    const failure = await ada
      .edit((doc) => doc.getText('source').insert(before, 'y'.repeat(4_000_000)))
      .then(
        () => undefined,
        (error: Error) => error.message,
      );
    if (failure === undefined) accepted += 1;
    else {
      expect(failure).toBe('message-too-large');
      break;
    }
  }
  expect(accepted).toBe(8);
  expect((await served.open('bob', 'card:big')).doc.getText('source').length).toBe(32_000_000);
});

test('a flood of frames closes the socket', async () => {
  await serve({ limits: { messages: { perSecond: 100, burst: 300 } } });
  const mallory = await served.open('mallory', DOC);
  // More than come in anew while they are sent.
  for (let index = 0; index < 3_000; index += 1) mallory.setPresence({ index });
  expect(await mallory.socket.closed).toEqual({ code: 4429, reason: 'too-many-messages' });
});

test('a reader who does not read is cut off, and does not slow down the others', async () => {
  await serve({ limits: { maxUnsentBytes: 256 * 1024, messages: { perSecond: 1e6, burst: 1e6 }, bytes: { perSecond: 1e9, burst: 1e9 } } });
  const [ada, slow] = await Promise.all([served.open('ada', 'card:one'), served.open('slow', 'card:one')]);
  slow.socket.socket.pause();
  const deadline = Date.now() + 45_000;
  let sent = 0;
  // Larger than what the kernel takes for a paused reader.
  while (served.collaboration.connections().sockets > 1 && Date.now() < deadline) {
    await ada.edit((doc) => doc.getText('source').insert(0, 'z'.repeat(100_000)));
    sent += 1;
  }
  expect(served.collaboration.connections().sockets).toBe(1);
  expect(sent).toBeLessThan(200);
  slow.socket.socket.resume();
  await slow.socket.closed;
});
