/** What the README promises to the web client, tried with the provider that it uses. */
import { afterEach, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { eventually, openProvider } from '@ensemble/testkit';
import type { ProviderClient } from '@ensemble/testkit';
import { createMemoryJournal } from './memory-journal.ts';
import { gateJournal } from './test-support/gated-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { Access, ServedCollaboration } from './test-support/serve-collaboration.ts';

const said = vi.spyOn(console, 'error').mockImplementation(() => {});

const DOC = 'pipeline:one';
const journal = gateJournal(createMemoryJournal());
let served: ServedCollaboration;
let clients: ProviderClient[] = [];

async function open(user: string): Promise<ProviderClient> {
  const client = await openProvider({ url: served.url, documentName: DOC, headers: { 'x-user': user } });
  clients.push(client);
  return client;
}
const saved = (client: ProviderClient): Promise<boolean> => eventually('it says Saved', () => !client.provider.hasUnsyncedChanges);
const set =
  (key: string, value: unknown) =>
  (client: ProviderClient): void =>
    void client.doc.getMap('meta').set(key, value);

afterEach(async () => {
  for (const client of clients) client.destroy();
  clients = [];
  journal.mend();
  journal.release();
  await served.stop();
});

test('Saving becomes Saved when the edit is journalled, not before', async () => {
  served = await serveCollaboration({ journal, timing: { appendTimeoutMs: 60_000 } });
  const ada = await open('ada');
  await saved(ada);
  journal.hold();
  set('held', 1)(ada);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(ada.provider.hasUnsyncedChanges).toBe(true);
  journal.release();
  await saved(ada);
});

test('through an outage the client stays connected, says so, and is saved without doing anything', async () => {
  served = await serveCollaboration({ journal, timing: { appendTimeoutMs: 100, retryMs: { first: 20, most: 50 } } });
  const [ada, bob] = [await open('ada'), await open('bob')];
  await saved(ada);
  journal.fail();
  set('during', 1)(ada);
  await eventually('both are told', () => [ada, bob].every((client) => client.stateless.at(-1)?.includes('unavailable')));
  expect(ada.provider.hasUnsyncedChanges).toBe(true);
  journal.mend();
  await saved(ada);
  await eventually('bob sees it', () => bob.doc.getMap('meta').get('during') === 1);
  await eventually('ada is told that it is over', () => ada.stateless.at(-1) === '{"kind":"storage","state":"ok"}');
  expect(ada.closes).toEqual([]);
});

test('what somebody typed just before they left is written, however slow the journal is, and they are gone at once', async () => {
  served = await serveCollaboration({ journal, timing: { appendTimeoutMs: 60_000 } });
  const [ada, bob] = [await open('ada'), await open('bob')];
  await saved(ada);
  const here = () => [...(bob.provider.awareness?.getStates().keys() ?? [])].includes(ada.doc.clientID);
  ada.provider.awareness?.setLocalStateField('at', 1);
  await eventually('bob sees ada', here);
  said.mockClear();
  journal.hold();
  for (const key of ['a', 'b', 'c']) {
    set(key, 1)(ada);
    ada.provider.awareness?.setLocalStateField('at', key);
    // Each is a frame of its own.
    await new Promise((resolve) => setTimeout(resolve, 1));
  }
  ada.destroy();
  await eventually('bob sees that ada left', () => !here());
  journal.release();
  await eventually('bob has all of it', () => ['a', 'b', 'c'].every((key) => bob.doc.getMap('meta').get(key) === 1));
  expect(here()).toBe(false);
  expect(said).not.toHaveBeenCalled();
});

test('COL-3 who is sent away after they left has nothing written any more that still waited', async () => {
  served = await serveCollaboration({ journal, timing: { appendTimeoutMs: 100, retryMs: { first: 20, most: 50 } } });
  const [ada, bob] = [await open('ada'), await open('bob')];
  await saved(ada);
  const here = () => [...(bob.provider.awareness?.getStates().keys() ?? [])].includes(ada.doc.clientID);
  ada.provider.awareness?.setLocalStateField('at', 1);
  await eventually('bob sees ada', here);
  journal.fail();
  set('waiting', 1)(ada);
  await eventually('it waits for the journal', () => ada.stateless.at(-1)?.includes('unavailable') ?? false);
  set('behind', 1)(ada);
  ada.destroy();
  await eventually('bob sees that ada left', () => !here());
  await served.collaboration.disconnectUser('ada');
  journal.mend();
  set('later', 1)(bob);
  await saved(bob);
  const there = await served.collaboration.read(DOC, (doc) => [...doc.getMap('meta').keys()]);
  expect(there.filter((key) => ['waiting', 'behind', 'later'].includes(key))).toEqual(['later']);
  await eventually('the visit is over', () => served.collaboration.connections().sockets === 1);
});

test('a document that the server closed is opened again on the same socket and syncs what was unsaved', async () => {
  served = await serveCollaboration({ journal });
  const ada = await open('ada');
  await saved(ada);
  // A root that is refused, then one that is not: the first must not take the second with it for ever.
  const stray = new Y.Doc();
  stray.getMap('nowhere').set('a', 1);
  ada.provider.documentUpdateHandler(Y.encodeStateAsUpdate(stray), 'test');
  set('after', 1)(ada);
  await eventually('the document was closed', () => ada.closes.includes('invalid-update'));
  await eventually('the server has it', async () => (await served.collaboration.read(DOC, (doc) => doc.getMap('meta').get('after'))) === 1);
  await saved(ada);
});

test('whose role changed comes back by themselves with the new one', async () => {
  let access: Access = 'write';
  served = await serveCollaboration({ journal, access: () => access });
  const ada = await open('ada');
  expect(ada.provider.authorizedScope).toBe('read-write');
  access = 'read';
  await served.collaboration.disconnectUser('ada');
  await eventually('ada may only read', () => ada.provider.isAuthenticated && ada.provider.authorizedScope === 'readonly');
  access = 'write';
  await served.collaboration.disconnectUser('ada');
  await eventually('ada may write', () => ada.provider.isAuthenticated && ada.provider.authorizedScope === 'read-write');
  set('again', 1)(ada);
  await saved(ada);
});

test('who comes back with the same client id is seen after renewing their presence', async () => {
  served = await serveCollaboration({ journal });
  const [ada, bob] = [await open('ada'), await open('bob')];
  const awareness = ada.provider.awareness!;
  ada.provider.on('authenticated', () => awareness.setLocalState({ ...awareness.getLocalState() }));
  awareness.setLocalState({ cursor: { x: 1, y: 1 } });
  const seen = (): Record<string, unknown> | undefined => bob.provider.awareness!.getStates().get(ada.doc.clientID);
  await eventually('bob sees ada', () => seen() !== undefined);
  await served.collaboration.disconnectUser('ada');
  await eventually('bob sees ada leave', () => seen() === undefined);
  await eventually('bob sees ada again', () => seen() !== undefined);
  expect(seen()).toMatchObject({ user: { id: 'ada' }, cursor: { x: 1 } });
});

test('a silent connection is kept alive by both ends', async () => {
  served = await serveCollaboration({ journal, limits: { keepAliveMs: 20 } });
  const ada = await open('ada');
  const { websocketProvider } = ada.provider.configuration;
  let pings = 0;
  websocketProvider.on('message', ({ data }: { data: ArrayBuffer }) => void (data.byteLength === 1 && (pings += 1)));
  await eventually('pings arrive', () => pings > 3);
  expect([websocketProvider.status, ada.closes]).toEqual(['connected', []]);
  set('after', 1)(ada);
  await saved(ada);
});
