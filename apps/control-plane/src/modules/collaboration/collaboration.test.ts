import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { eventually, FRAME, SYNC, wireBytes } from '@ensemble/testkit';
import { createMemoryJournal } from './memory-journal.ts';
import { gateJournal } from './test-support/gated-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { ServedCollaboration, ServeOptions } from './test-support/serve-collaboration.ts';

const DOC = 'pipeline:one';
const title = (doc: Y.Doc): unknown => doc.getMap('meta').get('title');
const setTitle =
  (text: string) =>
  (doc: Y.Doc): void =>
    void doc.getMap('meta').set('title', text);

let served: ServedCollaboration | undefined;
async function serve(options: Partial<ServeOptions> = {}): Promise<ServedCollaboration> {
  return (served = await serveCollaboration({ journal: createMemoryJournal(), ...options }));
}
afterEach(async () => {
  await served?.stop();
  served = undefined;
});

test('what one person writes, another sees, and a third who comes later too', async () => {
  const { open } = await serve();
  const [ada, bob] = await Promise.all([open('ada', DOC), open('bob', DOC)]);
  await ada.edit(setTitle('Penguins'));
  await eventually('bob sees the title', () => title(bob.doc) === 'Penguins');
  expect(title((await open('eve', DOC)).doc)).toBe('Penguins');
});

test('no acknowledgement and no peer sees an edit before it is journalled', async () => {
  const journal = gateJournal(createMemoryJournal());
  const { open } = await serve({ journal, timing: { appendTimeoutMs: 60_000 } });
  const [ada, bob] = await Promise.all([open('ada', DOC), open('bob', DOC)]);
  journal.hold();
  let acknowledged = false;
  const edit = ada.edit(setTitle('early')).then(() => (acknowledged = true));
  await eventually('the journal is asked', () => journal.asked.length === 1);
  const late = await open('eve', DOC);
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect([acknowledged, title(bob.doc), title(late.doc)]).toEqual([false, undefined, undefined]);
  journal.release();
  await edit;
  await eventually('everybody sees it', () => title(bob.doc) === 'early' && title(late.doc) === 'early');
});

test('a document comes back as it was after everybody left and the server forgot it', async () => {
  const journal = createMemoryJournal();
  const first = await serve({ journal });
  const ada = await first.open('ada', DOC);
  for (let index = 0; index < 20; index += 1) await ada.edit((doc) => doc.getMap('meta').set(`k${index}`, index));
  const before = ada.doc.getMap('meta').toJSON();
  ada.socket.terminate();
  await eventually('the document is unloaded', () => first.collaboration.connections().documents === 0);
  expect((await first.open('bob', DOC)).doc.getMap('meta').toJSON()).toEqual(before);
});

test('rows carry the person who was authenticated, whatever the client says', async () => {
  const journal = createMemoryJournal();
  const { open } = await serve({ journal });
  await (await open('ada', DOC)).edit(setTitle('a'));
  await (await open('bob', DOC)).edit(setTitle('b'));
  expect((await journal.timeline(DOC, { limit: 10 })).map((row) => row.actor)).toEqual(['ada', 'bob']);
});

test('an edit of the server is journalled before anybody sees it, and reaches loaded and unloaded documents', async () => {
  const journal = gateJournal(createMemoryJournal());
  const { open, collaboration } = await serve({ journal, timing: { appendTimeoutMs: 60_000 } });
  await collaboration.edit('run:r1', 'system:orchestrator', (doc) => doc.getMap('steps').set('a', { state: 'queued' }));
  const ada = await open('ada', 'run:r1');
  expect(ada.doc.getMap('steps').get('a')).toEqual({ state: 'queued' });
  journal.hold();
  const edit = collaboration.edit('run:r1', 'system:orchestrator', (doc) => doc.getMap('steps').set('a', { state: 'running' }));
  await eventually('the journal is asked', () => journal.asked.length === 2);
  await new Promise((resolve) => setTimeout(resolve, 50));
  expect(ada.doc.getMap('steps').get('a')).toEqual({ state: 'queued' });
  journal.release();
  await edit;
  await eventually('ada sees it', () => (ada.doc.getMap('steps').get('a') as { state: string }).state === 'running');
  expect(await collaboration.read('run:r1', (doc) => doc.getMap('steps').toJSON())).toEqual({ a: { state: 'running' } });
});

test('edits of the server run one after the other, and one that throws leaves no trace', async () => {
  const journal = createMemoryJournal();
  const { collaboration } = await serve({ journal });
  const count = (doc: Y.Doc): void => void doc.getMap('meta').set('n', ((doc.getMap('meta').get('n') as number | undefined) ?? 0) + 1);
  const edits = Array.from({ length: 30 }, () => collaboration.edit('run:r2', 'system:test', count));
  const broken = collaboration.edit('run:r2', 'system:test', (doc) => {
    doc.getMap('meta').set('n', -1);
    throw new Error('changed my mind');
  });
  await expect(broken).rejects.toThrow('changed my mind');
  await Promise.all(edits);
  await collaboration.edit('run:r2', 'system:test', count);
  expect(await collaboration.read('run:r2', (doc) => doc.getMap('meta').get('n'))).toBe(31);
  expect(await journal.timeline('run:r2', { limit: 100 })).toHaveLength(31);
});

test('people and the server edit one document at once and nothing is lost', async () => {
  const { open, collaboration } = await serve();
  const people = await Promise.all(['ada', 'bob', 'eve'].map((name) => open(name, DOC)));
  const work = people.flatMap((person, index) =>
    Array.from({ length: 20 }, (_, n) => person.edit((doc) => doc.getMap('meta').set(`${index}-${n}`, n))),
  );
  for (let n = 0; n < 20; n += 1) await collaboration.edit(DOC, 'system:test', (doc) => doc.getMap('meta').set(`s-${n}`, n));
  await Promise.all(work);
  await eventually('everybody has all 80', () => people.every((person) => person.doc.getMap('meta').size === 80));
});

test('a change is told to listeners once, with its author', async () => {
  const { open, collaboration } = await serve();
  const heard: string[] = [];
  const stop = collaboration.onChanged((name, actor) => heard.push(`${name} ${actor}`));
  await (await open('ada', DOC)).edit(setTitle('a'));
  await collaboration.edit(DOC, 'system:test', setTitle('b'));
  stop();
  await collaboration.edit(DOC, 'system:test', setTitle('c'));
  expect(heard).toEqual([`${DOC} ada`, `${DOC} system:test`]);
});

test('who comes back with offline edits and types on before they were asked for loses nothing and is not closed', async () => {
  const { socket, open, collaboration } = await serve();
  const doc = new Y.Doc();
  doc.getText('source').insert(0, 'offline ');
  const before = Y.encodeStateVector(doc);
  const own = await socket('ada');
  const opening = own.open('card:one', doc);
  doc.getText('source').insert(8, 'online');
  own.send(wireBytes('card:one', FRAME.sync, SYNC.update, Y.encodeStateAsUpdate(doc, before)));
  const ada = await opening;
  await eventually('the server has both', () =>
    collaboration.read('card:one', (live) => live.getText('source').toJSON() === 'offline online'),
  );
  await ada.edit((live) => live.getText('source').insert(14, '!'));
  expect((await open('bob', 'card:one')).doc.getText('source').toJSON()).toBe('offline online!');
});
