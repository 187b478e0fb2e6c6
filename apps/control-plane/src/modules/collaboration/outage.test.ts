/** COL-4, COL-5, COL-7: the storage fails, hangs and comes back. */
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { eventually } from '@ensemble/testkit';
import { ApiError } from '../../platform/api-error.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { gateJournal } from './test-support/gated-journal.ts';
import type { GatedJournal } from './test-support/gated-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { ServedCollaboration } from './test-support/serve-collaboration.ts';

vi.spyOn(console, 'error').mockImplementation(() => {});

const DOC = 'pipeline:one';
const TIMING = { appendTimeoutMs: 100, retryMs: { first: 20, most: 50 }, loadTimeoutMs: 300 };
let journal: GatedJournal;
let served: ServedCollaboration;
async function serve(folding?: { rows: number; bytes: number }): Promise<void> {
  journal = gateJournal(createMemoryJournal());
  served = await serveCollaboration({ journal, timing: TIMING, ...(folding && { folding }) });
}
afterEach(() => served.stop());

const keys = (count: number, prefix: string): string[] => Array.from({ length: count }, (_, index) => `${prefix}${index}`);
const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

test.each(['fails', 'hangs'] as const)(
  'while the storage %s edits wait unacknowledged, and are saved by themselves when it works again',
  async (how) => {
    await serve();
    const [ada, bob] = await Promise.all([served.open('ada', DOC), served.open('bob', DOC)]);
    await ada.edit((doc) => doc.getMap('meta').set('before', 1));
    if (how === 'fails') journal.fail();
    else journal.hold();
    let acknowledged = 0;
    const edits = [ada, bob].flatMap((person, index) =>
      keys(10, `p${index}-`).map((key) => person.edit((doc) => doc.getMap('meta').set(key, 1)).then(() => (acknowledged += 1))),
    );
    await eventually('both are told', () =>
      [ada, bob].every((person) => person.stateless.at(-1) === '{"kind":"storage","state":"unavailable"}'),
    );
    expect(served.collaboration.storage()).toBe('unavailable');
    await pause(300);
    expect(acknowledged).toBe(0);
    expect(bob.doc.getMap('meta').has('p0-0')).toBe(false);
    if (how === 'fails') journal.mend();
    else journal.release();
    await Promise.all(edits);
    await eventually('both are told that it is over', () =>
      [ada, bob].every((person) => person.stateless.at(-1) === '{"kind":"storage","state":"ok"}'),
    );
    const stored = new Y.Doc();
    for (const row of await journal.timeline(DOC, { limit: 1_000 })) Y.applyUpdate(stored, row.bytes);
    expect(stored.getMap('meta').size).toBe(21);
    await eventually('bob has everything', () => bob.doc.getMap('meta').size === 21);
  },
);

test('who goes while their edits wait does not hold the document or the others', async () => {
  await serve();
  const ada = await served.open('ada', DOC);
  journal.fail();
  void ada.edit((doc) => doc.getMap('meta').set('a', 1)).catch(() => {});
  await eventually('the storage is noticed', () => served.collaboration.storage() === 'unavailable');
  ada.socket.terminate();
  await eventually('the document is unloaded', () => served.collaboration.connections().documents === 0);
  journal.mend();
  expect((await eventually('it opens again', () => served.open('bob', DOC).catch(() => undefined))).doc.getMap('meta').size).toBe(0);
});

test('access can be taken away while the storage is down', async () => {
  await serve();
  const ada = await served.open('ada', DOC);
  journal.fail();
  void ada.edit((doc) => doc.getMap('meta').set('a', 1)).catch(() => {});
  await eventually('the storage is noticed', () => served.collaboration.storage() === 'unavailable');
  await served.collaboration.disconnectUser('ada');
  journal.mend();
  await eventually('the storage is back', () => served.collaboration.storage() === 'ok');
  expect(await journal.timeline(DOC, { limit: 10 })).toEqual([]);
});

test('a document that cannot be loaded is not opened, and opens once it can', async () => {
  await serve();
  const ada = await served.open('ada', DOC);
  await ada.edit((doc) => doc.getMap('meta').set('a', 1));
  ada.socket.terminate();
  await eventually('the document is unloaded', () => served.collaboration.connections().documents === 0);
  journal.fail();
  await expect(served.open('ada', DOC)).rejects.toThrow('storage-unavailable');
  await expect(served.collaboration.read(DOC, () => 1)).rejects.toThrow(ApiError);
  expect(served.collaboration.connections().documents).toBe(0);
  journal.mend();
  expect((await served.open('ada', DOC)).doc.getMap('meta').toJSON()).toEqual({ a: 1 });
});

test('an edit of the server that was sent waits for the storage; one asked for meanwhile is rejected with nothing written', async () => {
  await serve();
  await served.collaboration.edit('run:one', 'system:test', (doc) => doc.getMap('meta').set('n', 0));
  journal.fail();
  const sent = served.collaboration.edit('run:one', 'system:test', (doc) => doc.getMap('meta').set('n', 1));
  await eventually('the storage is noticed', () => served.collaboration.storage() === 'unavailable');
  await expect(served.collaboration.edit('run:two', 'system:test', (doc) => doc.getMap('meta').set('n', 1))).rejects.toMatchObject({
    code: 'unavailable',
  });
  expect(await served.collaboration.read('run:one', (doc) => doc.getMap('meta').get('n'))).toBe(0);
  journal.mend();
  await sent;
  expect(await served.collaboration.read('run:one', (doc) => doc.getMap('meta').get('n'))).toBe(1);
  expect(await journal.timeline('run:two', { limit: 10 })).toEqual([]);
});

test('documents are folded as they grow, and failing to fold loses nothing', async () => {
  await serve({ rows: 20, bytes: 1e9 });
  let folded = 0;
  const checkpoint = journal.checkpoint.bind(journal);
  journal.checkpoint = async (...args) => {
    folded += 1;
    if (folded % 2 === 1) throw new Error('no space left');
    return checkpoint(...args);
  };
  const ada = await served.open('ada', DOC);
  for (const key of keys(130, 'k')) await ada.edit((doc) => doc.getMap('meta').set(key, 1));
  await eventually('it was folded', async () => (await journal.load(DOC)).snapshot !== undefined);
  expect(folded).toBeGreaterThan(1);
  await eventually('most is folded', async () => (await journal.load(DOC)).unfolded.length < 50);
  expect(await journal.timeline(DOC, { limit: 1_000 })).toHaveLength(130);
  ada.socket.terminate();
  await eventually('the document is unloaded', () => served.collaboration.connections().documents === 0);
  expect((await served.open('bob', DOC)).doc.getMap('meta').size).toBe(130);
});

test('an empty document is never stored over one that is not', async () => {
  await serve({ rows: 1, bytes: 1 });
  await journal.append({ document: DOC, actor: 'mallory', bytes: new Uint8Array([7, 7, 7]) });
  await journal.append({ document: DOC, actor: 'ada', bytes: new Uint8Array([0, 0]) });
  const ada = await served.open('ada', DOC);
  await pause(50);
  expect((await journal.load(DOC)).snapshot).toBeUndefined();
  await ada.edit((doc) => doc.getMap('meta').set('a', 1));
  await eventually('it is folded', async () => (await journal.load(DOC)).snapshot !== undefined);
});
