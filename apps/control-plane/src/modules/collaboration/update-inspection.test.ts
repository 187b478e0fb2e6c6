/** Whatever decent clients send is let in; refusals are tested in hostile.test.ts, on the wire. */
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { seededRandom } from '@ensemble/testkit';
import { writableRoots } from './document-rules.ts';
import { alreadyHas, inspectUpdate } from './update-inspection.ts';

const PIPELINE = writableRoots('pipeline')!;
const CARD = writableRoots('card')!;

test('random editing of a pipeline by three people, merged and batched, is let in update by update', () => {
  const random = seededRandom();
  const server = new Y.Doc();
  const people = [0, 1, 2].map(() => new Y.Doc());
  const outbox: Uint8Array[][] = [[], [], []];
  people.forEach((doc, index) =>
    doc.on('update', (update: Uint8Array, origin: unknown) => void (origin !== server && outbox[index]!.push(update))),
  );
  let letIn = 0;
  for (let round = 0; round < 300; round += 1) {
    const index = random.integer(3);
    const doc = people[index]!;
    const nodes = doc.getMap<Y.Map<unknown>>('nodes');
    const id = `n${random.integer(8)}`;
    doc.transact(() => {
      const action = random.integer(5);
      if (action === 0)
        nodes.set(
          id,
          new Y.Map<unknown>([
            ['config', new Y.Map([['list', new Y.Array<number>()]])],
            ['pos', [round, 1]],
          ]),
        );
      else if (action === 1) nodes.delete(id);
      else if (action === 2) nodes.get(id)?.set('pos', [random.integer(99), 2]);
      else if (action === 3) (nodes.get(id)?.get('config') as Y.Map<unknown> | undefined)?.set(`f${random.integer(3)}`, { deep: [round] });
      else doc.getMap('edges').set(`e${random.integer(5)}`, { source: id, target: 'n1' });
    });
    if (random.next() < 0.4 && outbox[index]!.length > 0) {
      const update = Y.mergeUpdates(outbox[index]!.splice(0));
      expect(inspectUpdate(server, update, PIPELINE), `seed ${random.seed}, round ${round}`).toEqual({ verdict: 'complete' });
      Y.applyUpdate(server, update);
      letIn += 1;
      for (const person of people) Y.applyUpdate(person, update, server);
    }
  }
  expect(letIn, `seed ${random.seed}`).toBeGreaterThan(30);
  expect(server.store.pendingStructs).toBeNull();
});

test('what a client sends after it was away is let in, undo and all', () => {
  const server = new Y.Doc();
  const client = new Y.Doc();
  const text = client.getText('source');
  const undo = new Y.UndoManager(text);
  text.insert(0, 'class A:\n');
  undo.stopCapturing();
  text.insert(3, 'xyz');
  undo.undo();
  undo.redo();
  text.delete(0, 2);
  const update = Y.encodeStateAsUpdate(client, Y.encodeStateVector(server));
  expect(inspectUpdate(server, update, CARD)).toEqual({ verdict: 'complete' });
  Y.applyUpdate(server, update);
  expect(alreadyHas(server, Y.encodeStateAsUpdate(client, Y.encodeStateVector(server)))).toBe(true);
  text.delete(0, 1);
  expect(alreadyHas(server, Y.encodeStateAsUpdate(client, Y.encodeStateVector(server)))).toBe(false);
});
