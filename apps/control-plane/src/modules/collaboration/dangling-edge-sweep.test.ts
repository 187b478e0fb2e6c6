import { afterEach, expect, test } from 'vitest';
import * as Y from 'yjs';
import { SWEEP_ACTOR, watchDanglingEdges } from './dangling-edge-sweep.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';
import type { ServedCollaboration } from './test-support/serve-collaboration.ts';

const DOC = 'pipeline:one';
let served: ServedCollaboration;
afterEach(() => served.stop());

const addNode = (doc: Y.Doc, id: string): void => void doc.getMap('nodes').set(id, new Y.Map(Object.entries({ card: 'x', pos: [0, 0] })));

test('an edge whose node has been gone for 30 s is removed, by an edit in the name of the system; younger ones wait for an undo', async () => {
  const journal = createMemoryJournal();
  served = await serveCollaboration({ journal });
  let now = 0;
  const { sweep, stop } = watchDanglingEdges({ collaboration: served.collaboration, now: () => now });
  const ada = await served.open('ada', DOC);
  await ada.edit((doc) => {
    for (const id of ['a', 'b', 'c']) addNode(doc, id);
    for (const [id, target] of [
      ['ab', 'b'],
      ['ac', 'c'],
    ] as const) {
      doc.getMap('edges').set(id, { source: 'a', sourcePort: 'out', target, targetPort: 'in' });
    }
  });
  await sweep();
  await ada.edit((doc) => doc.getMap('nodes').delete('b'));
  const edges = (): Promise<string[]> => served.collaboration.read(DOC, (doc) => [...doc.getMap('edges').keys()]);
  await sweep();
  now = 29_000;
  await sweep();
  expect(await edges()).toEqual(['ab', 'ac']);
  await ada.edit((doc) => addNode(doc, 'b'));
  await sweep();
  await ada.edit((doc) => doc.getMap('nodes').delete('b'));
  now = 31_000;
  await sweep();
  expect(await edges()).toEqual(['ab', 'ac']);
  now = 61_000;
  await sweep();
  expect(await edges()).toEqual(['ac']);
  expect((await journal.timeline(DOC, { limit: 100 })).at(-1)!.actor).toBe(SWEEP_ACTOR);
  stop();
});
