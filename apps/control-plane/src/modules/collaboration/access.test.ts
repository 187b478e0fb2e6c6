/** COL-3: what happens to people who are connected when their access changes. */
import { afterEach, expect, test, vi } from 'vitest';
import { eventually } from '@ensemble/testkit';
import { createMemoryJournal } from './memory-journal.ts';
import { gateJournal } from './test-support/gated-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { Access, ServedCollaboration } from './test-support/serve-collaboration.ts';

vi.spyOn(console, 'error').mockImplementation(() => {});

const DOC = 'pipeline:one';
const UNLIMITED = { messages: { perSecond: 1e6, burst: 1e6 }, bytes: { perSecond: 1e9, burst: 1e9 } };
let served: ServedCollaboration;
afterEach(() => served.stop());

test.each<[string, Access]>([
  ['a viewer', 'read'],
  ['nobody', undefined],
])('who becomes %s while writing at full speed has nothing accepted after the change is confirmed', async (_what, next) => {
  const journal = createMemoryJournal();
  const roles = new Map<string, Access>([['mallory', 'write']]);
  served = await serveCollaboration({ journal, access: (user) => roles.get(user), limits: UNLIMITED });
  const mallory = await served.open('mallory', DOC);
  let sent = 0;
  const write = (): void => void mallory.edit((doc) => doc.getMap('meta').set(`k${(sent += 1)}`, 1)).catch(() => {});
  const timer = setInterval(() => Array.from({ length: 5 }).forEach(write), 1);
  await eventually('a hundred edits are journalled', async () => (await journal.timeline(DOC, { limit: 1_000 })).length >= 100);
  roles.set('mallory', next);
  await served.collaboration.disconnectUser('mallory');
  const confirmed = (await journal.timeline(DOC, { limit: 100_000 })).length;
  expect(await mallory.socket.closed).toEqual({ code: 4205, reason: 'access-changed' });
  const before = sent;
  await eventually('mallory keeps trying', () => sent > before + 200);
  clearInterval(timer);
  const again = await served.open('mallory', DOC).catch((error: Error) => error);
  if (next === undefined) expect(again).toEqual(new Error('forbidden'));
  else expect(again).toMatchObject({ readOnly: true });
  if (!(again instanceof Error)) await expect(again.edit((doc) => doc.getMap('meta').set('late', 1))).rejects.toThrow('did not take');
  expect((await journal.timeline(DOC, { limit: 100_000 })).length).toBe(confirmed);
});

test('an edit that is on its way to the journal when access ends is settled before the change is confirmed', async () => {
  const journal = gateJournal(createMemoryJournal());
  served = await serveCollaboration({ journal, timing: { appendTimeoutMs: 10_000 } });
  const ada = await served.open('ada', DOC);
  journal.hold();
  void ada.edit((doc) => doc.getMap('meta').set('a', 1)).catch(() => {});
  void ada.edit((doc) => doc.getMap('meta').set('b', 1)).catch(() => {});
  await eventually('the journal is asked', () => journal.asked.length === 1);
  let confirmed = false;
  const gone = served.collaboration.disconnectUser('ada').then(() => (confirmed = true));
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(confirmed).toBe(false);
  journal.release();
  await gone;
  const journalled = (await journal.timeline(DOC, { limit: 10 })).length;
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(journalled).toBe(1);
  expect((await journal.timeline(DOC, { limit: 10 })).length).toBe(1);
});

test('who was being admitted under the old role when it changed is closed too', async () => {
  const asked = Promise.withResolvers<void>();
  const answer = Promise.withResolvers<Access>();
  served = await serveCollaboration({
    journal: createMemoryJournal(),
    access: () => {
      asked.resolve();
      return answer.promise;
    },
  });
  const opening = served.open('mallory', DOC).catch((error: Error) => error.message);
  await asked.promise;
  await served.collaboration.disconnectUser('mallory');
  answer.resolve('write');
  expect(await opening).toContain('4205');
});

test('recheck closes those it concerns and nobody else', async () => {
  served = await serveCollaboration({ journal: createMemoryJournal() });
  const [ada, bob, eve] = await Promise.all([served.open('ada', DOC), served.open('bob', 'pipeline:two'), served.open('eve', DOC)]);
  await served.collaboration.recheck((person, ref) => ref.id === 'one' && person.userId !== 'eve');
  expect((await ada.socket.closed).code).toBe(4205);
  await bob.edit((doc) => doc.getMap('meta').set('a', 1));
  await eve.edit((doc) => doc.getMap('meta').set('a', 1));
});

test('draining sends everybody away, finishes what is being written and takes nobody new', async () => {
  const journal = gateJournal(createMemoryJournal());
  served = await serveCollaboration({ journal, timing: { appendTimeoutMs: 10_000 } });
  const ada = await served.open('ada', DOC);
  journal.hold();
  void ada.edit((doc) => doc.getMap('meta').set('a', 1)).catch(() => {});
  const edit = served.collaboration.edit('run:one', 'system:test', (doc) => doc.getMap('meta').set('a', 1));
  await eventually('the journal is asked twice', () => journal.asked.length === 2);
  setTimeout(() => journal.release(), 50);
  expect(await served.collaboration.drain(30_000)).toBe(true);
  await edit;
  expect((await ada.socket.closed).code).toBe(1001);
  expect(await journal.timeline(DOC, { limit: 10 })).toHaveLength(1);
  expect((await (await served.socket('bob')).closed).code).toBe(1001);
});

test('draining keeps its deadline when the journal hangs, and what waits is rejected', async () => {
  const journal = gateJournal(createMemoryJournal());
  served = await serveCollaboration({ journal });
  journal.hold();
  const edit = served.collaboration
    .edit('run:one', 'system:test', (doc) => doc.getMap('meta').set('a', 1))
    .catch((error: Error) => error.message);
  await eventually('the journal is asked', () => journal.asked.length === 1);
  // The journal never answers: without the deadline this would not end.
  expect(await served.collaboration.drain(200)).toBe(false);
  expect(await edit).toBe('The server is shutting down.');
});
