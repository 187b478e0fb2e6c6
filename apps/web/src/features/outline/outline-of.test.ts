import { addFrame, addNode, addNote, connect, projectGraph } from '@ensemble/pipeline';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { cardsForTest } from '../canvas/test-support/cards-for-test.ts';
import { connectionsText, outlineOf } from './outline-of.ts';

const ME = { name: 'me' };
const size = () => ({ width: 200, height: 100 });

function outlined() {
  const doc = new Y.Doc();
  const cards = cardsForTest();
  const add = (id: string, card: string, x: number) => addNode(doc, { id, card, position: { x, y: 100 } }, ME);
  // In an order that is neither that of the ids nor that of the places.
  add('z', 'load', 900);
  add('a', 'score', 0);
  add('m', 'split', 300);
  add('k', 'train', 600);
  connect(doc, { source: 'z', sourcePort: 'data', target: 'm', targetPort: 'data' }, cards, ME);
  connect(doc, { source: 'm', sourcePort: 'train', target: 'k', targetPort: 'train' }, cards, ME);
  connect(doc, { source: 'm', sourcePort: 'test', target: 'a', targetPort: 'test' }, cards, ME);
  addFrame(doc, { id: 'outer', position: { x: 250, y: 0 }, size: { width: 800, height: 400 }, title: 'Outer' }, ME);
  addFrame(doc, { id: 'inner', position: { x: 560, y: 50 }, size: { width: 300, height: 200 }, title: 'Inner' }, ME);
  addNote(doc, { id: 'note', position: { x: 0, y: 900 }, text: 'later' }, ME);
  return outlineOf(projectGraph(doc, cards), size, (text) => text);
}

test('cards in the order in which they run, in the innermost frame they lie in', () => {
  expect(outlined().map(({ level, kind, label }) => `${level} ${kind} ${label}`)).toEqual([
    '1 group Outer',
    '2 card The load',
    '2 card The split',
    '1 group Inner',
    '2 card The train',
    '1 card The score',
    '1 note later',
  ]);
});

test('connections and problems are told by name', () => {
  const item = (id: string) => outlined().find((entry) => entry.id === id)!;
  expect(connectionsText(item('m'))).toBe('from The load · feeds The score, The train');
  expect(connectionsText(item('z'))).toBe('feeds The split');
  expect(item('a').problems).toHaveLength(1);
  expect(connectionsText(item('note'))).toBe('');
});
