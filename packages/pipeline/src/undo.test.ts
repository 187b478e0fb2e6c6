import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { connect } from './connect.ts';
import { addNode, moveNodes, removeConfigField, removeNodes, renameNode, setConfigField, setTitle } from './edit-nodes.ts';
import { projectGraph } from './project-graph.ts';
import { readPipeline } from './read-pipeline.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText } from './test-support/document-state.ts';
import { createUndo } from './undo.ts';

const ANN = 'ann';
const BEN = 'ben';
let ann: Y.Doc;
let ben: Y.Doc;
let undo: Y.UndoManager;

const send = (from: Y.Doc, to: Y.Doc) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), 'network');
const sync = () => {
  send(ann, ben);
  send(ben, ann);
};
const split = (doc: Y.Doc) => readPipeline(doc).nodes.get('split');

beforeEach(() => {
  ann = new Y.Doc();
  ben = new Y.Doc();
  // The higher client id wins when both write a key at once.
  ann.clientID = 1;
  ben.clientID = 2;
  // No pause between two edits of a test is long enough to end a step.
  undo = createUndo(ann, ANN, { groupMs: 600_000 });
  addNode(ann, { id: 'load', card: 'load', position: { x: 0, y: 0 } }, ANN);
  addNode(ann, { id: 'split', card: 'split', position: { x: 9, y: 9 }, title: 'Mine', config: { ratio: 0.5 } }, ANN);
  connect(ann, { source: 'load', sourcePort: 'data', target: 'split', targetPort: 'data' }, CARDS, ANN);
  sync();
});

describe('undo', () => {
  test('of a deletion brings back node, config and edges, and redo takes them away again', () => {
    const before = documentText(ann);
    removeNodes(ann, ['split'], ANN);
    const deleted = documentText(ann);
    expect(projectGraph(ann, CARDS).edges).toEqual([]);
    undo.undo();
    expect(documentText(ann)).toBe(before);
    undo.redo();
    expect(documentText(ann)).toBe(deleted);
    undo.undo();
    sync();
    expect(documentText(ben)).toBe(before);
  });

  test('takes typing in one field as one step, and the next edit as another (UNDO-3)', () => {
    for (const text of ['a', 'ab', 'abc']) setConfigField(ann, 'split', 'name', text, ANN);
    renameNode(ann, 'split', 'T', ANN);
    undo.undo();
    expect(split(ann)).toMatchObject({ title: 'Mine', config: { name: 'abc' } });
    undo.undo();
    expect(split(ann)?.config).toEqual({ ratio: 0.5 });
  });

  test('takes a drag as one step, and two drags of different nodes as two', () => {
    for (const x of [1, 2, 3]) moveNodes(ann, [{ id: 'split', position: { x, y: 0 } }], ANN);
    moveNodes(ann, [{ id: 'load', position: { x: 5, y: 5 } }], ANN);
    undo.undo();
    expect(split(ann)?.position).toEqual({ x: 3, y: 0 });
    undo.undo();
    expect(split(ann)?.position).toEqual({ x: 9, y: 9 });
  });

  test("never touches another person's edits (UNDO-1)", () => {
    setTitle(ann, 'by Ann', ANN);
    sync();
    setTitle(ben, 'by Ben', BEN);
    setConfigField(ben, 'split', 'seed', 7, BEN);
    sync();
    setConfigField(ann, 'split', 'ratio', 0.9, ANN);
    undo.undo();
    undo.undo();
    sync();
    for (const doc of [ann, ben]) {
      expect(readPipeline(doc).title).toBe('by Ben');
      expect(split(doc)?.config).toEqual({ ratio: 0.5, seed: 7 });
    }
  });

  test("leaves a colleague's value alone also in the copy of a node that an undo brought back (UNDO-1)", () => {
    removeConfigField(ann, 'split', 'ratio', ANN);
    removeNodes(ann, ['split'], ANN);
    undo.undo();
    sync();
    setConfigField(ben, 'split', 'ratio', 0.1, BEN);
    sync();
    undo.undo();
    sync();
    for (const doc of [ann, ben]) expect(split(doc)?.config).toEqual({ ratio: 0.1 });
  });

  test('of adding a node passes over it once a colleague has written into it (UNDO-2)', () => {
    setConfigField(ben, 'split', 'seed', 7, BEN);
    sync();
    while (undo.undo());
    expect(split(ann)).toMatchObject({ title: 'Mine', config: { ratio: 0.5, seed: 7 } });
    expect(readPipeline(ann).nodes.has('load')).toBe(false);
  });

  test('of adding a node passes over the copy that an undo of its deletion made, once a colleague has written into that (UNDO-2)', () => {
    removeNodes(ann, ['split'], ANN);
    undo.undo();
    sync();
    setConfigField(ben, 'split', 'seed', 7, BEN);
    sync();
    while (undo.undo());
    expect(split(ann)?.config).toEqual({ ratio: 0.5, seed: 7 });
  });

  test('keeps the position when the earlier one cannot be put back (UNDO-4)', () => {
    undo.destroy();
    const undoBen = createUndo(ben, BEN);
    moveNodes(ann, [{ id: 'split', position: { x: 1, y: 1 } }], ANN);
    moveNodes(ben, [{ id: 'split', position: { x: 2, y: 2 } }], BEN);
    sync();
    expect(split(ann)?.position).toEqual({ x: 2, y: 2 });
    undoBen.undo();
    sync();
    expect(split(ann)?.position).toEqual({ x: 2, y: 2 });
    expect(readPipeline(ann).problems).toEqual([]);
  });

  test('of a deletion brings back what a colleague was changing meanwhile, as it was (UNDO-5)', () => {
    removeNodes(ann, ['split'], ANN);
    moveNodes(ben, [{ id: 'split', position: { x: 2, y: 2 } }], BEN);
    setConfigField(ben, 'split', 'ratio', 0.1, BEN);
    // First Ben's writes to Ann: once Ben has the deletion, Yjs sends nothing of them any more.
    send(ben, ann);
    sync();
    undo.undo();
    sync();
    expect(split(ben)).toEqual({ id: 'split', card: 'split', title: 'Mine', position: { x: 9, y: 9 }, config: { ratio: 0.5 } });
    undo.redo();
    expect(split(ann)).toBeUndefined();
    undo.undo();
    expect(split(ann)?.config).toEqual({ ratio: 0.5 });
  });

  test('tells whether there is anything to undo, and sees only its own origin', () => {
    const own = createUndo(ben, BEN);
    expect(own.canUndo()).toBe(false);
    setTitle(ben, 'x', 'somebody else');
    expect(own.canUndo()).toBe(false);
    expect(own.undo()).toBeNull();
    setTitle(ben, 'y', BEN);
    expect(own.canUndo()).toBe(true);
  });
});
