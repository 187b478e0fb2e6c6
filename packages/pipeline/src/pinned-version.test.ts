import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { connect } from './connect.ts';
import { addNode, moveNodes, removeConfigField, renameNode, setConfigField } from './edit-nodes.ts';
import { liveFingerprints, pinnedFingerprints, pinVersion, versionText } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';

const SOURCES = new Map([...CARDS.keys()].map((card) => [card, { path: `cards/${card}.py`, sourceHash: `hash of ${card}` }]));

function example(): Y.Doc {
  const doc = new Y.Doc();
  addNode(doc, { id: 'b', card: 'split', position: { x: 1, y: 1 }, config: { seed: 1 } }, 'me');
  addNode(doc, { id: 'a', card: 'load', position: { x: 0, y: 0 }, title: 'Rows' }, 'me');
  connect(doc, { source: 'a', sourcePort: 'data', target: 'b', targetPort: 'data' }, CARDS, 'me');
  return doc;
}
const pin = (doc: Y.Doc) => pinVersion(projectGraph(doc, CARDS), SOURCES);
const live = (doc: Y.Doc, sources = SOURCES) => liveFingerprints(projectGraph(doc, CARDS), sources);

test('a version holds nodes with defaults filled in, named edges and the cards in use, and survives JSON', () => {
  const version = pin(example());
  expect(version).toEqual({
    v: 1,
    title: '',
    nodes: [
      { id: 'a', card: 'load', title: 'Rows', config: {} },
      { id: 'b', card: 'split', title: 'The split', config: { ratio: 0.8, seed: 1 } },
    ],
    edges: [{ source: 'a', sourcePort: 'data', target: 'b', targetPort: 'data' }],
    cards: { load: SOURCES.get('load'), split: SOURCES.get('split') },
  });
  expect(JSON.parse(JSON.stringify(version))).toEqual(version);
});

test('moving nodes changes neither the version nor a fingerprint; renaming changes no fingerprint', () => {
  const doc = example();
  const version = pin(doc);
  moveNodes(doc, [{ id: 'a', position: { x: 77, y: 7 } }], 'me');
  expect(versionText(pin(doc))).toBe(versionText(version));
  renameNode(doc, 'a', 'Other', 'me');
  expect(versionText(pin(doc))).not.toBe(versionText(version));
  expect(live(doc)).toEqual(pinnedFingerprints(version));
});

test('setting a field to its default is no drift, another value is, and going back ends it', () => {
  const doc = example();
  const pinned = pinnedFingerprints(pin(doc));
  expect(live(doc)).toEqual(pinned);
  setConfigField(doc, 'b', 'ratio', 0.8, 'me');
  expect(live(doc)).toEqual(pinned);
  setConfigField(doc, 'b', 'ratio', 0.7, 'me');
  expect(live(doc).get('b')).not.toBe(pinned.get('b'));
  expect(live(doc).get('a')).toBe(pinned.get('a'));
  removeConfigField(doc, 'b', 'ratio', 'me');
  expect(live(doc)).toEqual(pinned);
});

test('a changed source or another incoming edge is drift of that node alone', () => {
  const doc = example();
  const pinned = pinnedFingerprints(pin(doc));
  const edited = new Map([...SOURCES, ['load', { path: 'cards/load.py', sourceHash: 'edited' }]]);
  expect([...live(doc, edited)].filter(([id, print]) => print !== pinned.get(id)).map(([id]) => id)).toEqual(['a']);
  addNode(doc, { id: 'c', card: 'train', position: { x: 0, y: 0 } }, 'me');
  const before = live(doc);
  connect(doc, { source: 'b', sourcePort: 'train', target: 'c', targetPort: 'train' }, CARDS, 'me');
  expect([...live(doc)].filter(([id, print]) => print !== before.get(id)).map(([id]) => id)).toEqual(['c']);
});

test('a version of part of a graph has only the edges inside that part', () => {
  const graph = projectGraph(example(), CARDS);
  const part = pinVersion({ ...graph, nodes: graph.nodes.filter((node) => node.id === 'a') }, SOURCES);
  expect(part.edges).toEqual([]);
  expect(Object.keys(part.cards)).toEqual(['load']);
});
