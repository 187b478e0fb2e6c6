import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { clipText, copyNodes, freshGraph, readClip } from './clip.ts';
import { connect } from './connect.ts';
import { danglingEdges } from './dangling-edges.ts';
import { addFrame, addNote, noteText, setColor, setNoteText } from './edit-annotations.ts';
import { addNode, changeNodeCard, moveNodes, removeNodes, renameNode, resizeNode, setBypass, setConfigField } from './edit-nodes.ts';
import { LIMITS, isEmptyPipeline } from './layout.ts';
import { nodesInFrame } from './nodes-in-frame.ts';
import { liveFingerprints, pinVersion } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText } from './test-support/document-state.ts';
import { createUndo } from './undo.ts';
import { insertGraph } from './write-graph.ts';

const ANN = 'ann';
const BEN = 'ben';
const at = { x: 0, y: 0 };
let doc: Y.Doc;
let ben: Y.Doc;

const send = (from: Y.Doc, to: Y.Doc) => Y.applyUpdate(to, Y.encodeStateAsUpdate(from, Y.encodeStateVector(to)), 'network');
const sync = () => {
  send(doc, ben);
  send(ben, doc);
};
const graph = () => projectGraph(doc, CARDS);
const note = (of = doc) => projectGraph(of, CARDS).notes[0];

beforeEach(() => {
  doc = new Y.Doc();
  ben = new Y.Doc();
  doc.clientID = 1;
  ben.clientID = 2;
  addNode(doc, { id: 'load', card: 'load', position: at }, ANN);
  addNote(doc, { id: 'note', position: { x: 5, y: 6 }, text: '# Why' }, ANN);
  addFrame(doc, { id: 'frame', position: { x: -10, y: -10 }, size: { width: 600, height: 400 }, title: 'Data', color: 'blue' }, ANN);
  sync();
});

describe('notes and frames', () => {
  test('stand beside the nodes, with defaults for what was left out', () => {
    expect(graph()).toMatchObject({
      nodes: [{ id: 'load' }],
      notes: [{ id: 'note', position: { x: 5, y: 6 }, size: { width: 240, height: 160 }, text: '# Why', color: 'yellow' }],
      frames: [{ id: 'frame', position: { x: -10, y: -10 }, size: { width: 600, height: 400 }, title: 'Data', color: 'blue' }],
      problems: [],
    });
    const empty = new Y.Doc();
    addNote(empty, { id: 'n', position: at }, ANN);
    expect(isEmptyPipeline(empty)).toBe(false);
  });

  test('change nothing that runs', () => {
    const fingerprints = [...liveFingerprints(graph(), new Map())];
    const version = pinVersion(graph(), new Map());
    removeNodes(doc, ['note', 'frame'], ANN);
    expect([...liveFingerprints(graph(), new Map())]).toEqual(fingerprints);
    expect(pinVersion(graph(), new Map())).toEqual(version);
  });

  test('are moved, resized, coloured, renamed and removed', () => {
    moveNodes(
      doc,
      ['note', 'frame', 'load'].map((id) => ({ id, position: { x: 1, y: 2 } })),
      ANN,
    );
    resizeNode(doc, 'note', { width: 30, height: 40 }, ANN);
    renameNode(doc, 'frame', 'Rows', ANN);
    expect(setColor(doc, ['note', 'frame', 'load', 'gone'], 'green', ANN)).toEqual({ ok: true, changed: 2 });
    expect(graph()).toMatchObject({
      nodes: [{ position: { x: 1, y: 2 } }],
      notes: [{ position: { x: 1, y: 2 }, size: { width: 30, height: 40 }, color: 'green' }],
      frames: [{ position: { x: 1, y: 2 }, title: 'Rows', color: 'green' }],
    });
    expect(removeNodes(doc, ['note', 'frame'], ANN)).toEqual({ ok: true, removed: 2 });
    expect(graph()).toMatchObject({ notes: [], frames: [], problems: [] });
  });

  test('take no edit that is for cards, and refuse what they cannot hold', () => {
    const before = documentText(doc);
    const wide = 'x'.repeat(LIMITS.noteText + 1);
    const refused = [
      setConfigField(doc, 'note', 'f', 1, ANN),
      renameNode(doc, 'note', 'x', ANN),
      setNoteText(doc, 'frame', 'x', ANN),
      setNoteText(doc, 'note', wide, ANN),
      setNoteText(doc, 'note', '\ud800', ANN),
      setColor(doc, ['note'], 'pink' as 'red', ANN),
      addNote(doc, { id: 'n', position: { x: NaN, y: 0 } }, ANN),
      addNote(doc, { id: 'n', position: at, text: wide }, ANN),
      addFrame(doc, { id: 'f', position: at, size: { width: 0, height: 1 } }, ANN),
      addFrame(doc, { id: 'note', position: at }, ANN),
    ];
    for (const result of refused) expect(result).toMatchObject({ ok: false, message: expect.stringMatching(/\.$/) });
    expect(setBypass(doc, ['note', 'frame'], true, ANN)).toEqual({ ok: true, changed: 0 });
    expect(changeNodeCard(doc, ['note'], 'load', ANN)).toEqual({ ok: true, changed: 0 });
    expect(noteText(doc, 'frame')).toBeUndefined();
    expect(documentText(doc)).toBe(before);
  });

  test('are no end of an edge', () => {
    addNode(doc, { id: 'split', card: 'split', position: at }, ANN);
    const ends = { source: 'load', sourcePort: 'data', target: 'note', targetPort: 'data' };
    expect(connect(doc, ends, CARDS, ANN)).toMatchObject({ ok: false, code: 'invalid', message: expect.stringContaining('notes') });
    expect(insertGraph(doc, { nodes: [], edges: [ends] }, ANN)).toMatchObject({ ok: false });
    // A card and a note of one id, by two people at once: one of them wins, and the edge may lead to the note.
    connect(doc, { ...ends, target: 'split' }, CARDS, ANN);
    doc.getMap('nodes').set('split', new Y.Map(Object.entries({ kind: 'note' })));
    expect(graph().edges).toEqual([]);
    expect(danglingEdges(doc)).toHaveLength(1);
  });
});

describe('the text of a note', () => {
  test('takes what two people type at once', () => {
    setNoteText(doc, 'note', '# Why so', ANN);
    setNoteText(ben, 'note', 'See: # Why', BEN);
    sync();
    expect(note()?.text).toBe('See: # Why so');
    expect(note(ben)?.text).toBe('See: # Why so');
  });

  test('keeps its container, and never holds half a character', () => {
    const shared = noteText(doc, 'note');
    for (const text of ['👍', '👎', '👎👍', '👍', '', 'aXa', 'aa', 'aaa']) {
      setNoteText(doc, 'note', text, ANN);
      sync();
      expect([note()?.text, note(ben)?.text]).toEqual([text, text]);
    }
    expect(noteText(doc, 'note')).toBe(shared);
  });

  test('is undone for one person alone: typing as one step, a deletion with the text', () => {
    const undo = createUndo(doc, ANN);
    for (const text of ['# Why?', '# Why??', '# Why???']) setNoteText(doc, 'note', text, ANN);
    setNoteText(ben, 'note', 'Ben: # Why', BEN);
    sync();
    undo.undo();
    expect(note()?.text).toBe('Ben: # Why');
    expect(undo.canUndo()).toBe(false);
    removeNodes(doc, ['note'], ANN);
    undo.undo();
    sync();
    expect(note(ben)).toMatchObject({ text: 'Ben: # Why', color: 'yellow', position: { x: 5, y: 6 } });
  });

  test('keeps a note that I added once a colleague typed into it (UNDO-2)', () => {
    const undo = createUndo(doc, ANN);
    addNote(doc, { id: 'mine', position: at, text: 'Mine' }, ANN);
    sync();
    setNoteText(ben, 'mine', 'Mine and yours', BEN);
    sync();
    undo.undo();
    expect(graph().notes.find((found) => found.id === 'mine')?.text).toBe('Mine and yours');
  });

  test('that two people made too long together is cut, and says so', () => {
    const half = LIMITS.noteText * 0.75;
    setNoteText(doc, 'note', 'a'.repeat(half), ANN);
    setNoteText(ben, 'note', 'b'.repeat(half), BEN);
    sync();
    expect(note()?.text).toHaveLength(LIMITS.noteText);
    expect(graph().problems).toMatchObject([{ code: 'note/too-long', severity: 'warning', nodeId: 'note' }]);
    expect(setNoteText(doc, 'note', 'short', ANN)).toEqual({ ok: true });
    expect(note()?.text).toBe('short');
  });
});

test('notes and frames written by hand show with defaults and a warning, and unknown kinds are reported', () => {
  const entry = (entries: Record<string, unknown>) => new Y.Map(Object.entries(entries));
  const nodes = doc.getMap('nodes');
  doc.transact(() => {
    nodes.set('a', entry({ kind: 'note', pos: 'here', size: [-1, 2], color: '__proto__', text: 'plain' }));
    nodes.set('b', entry({ kind: 'frame', title: 7 }));
    nodes.set('c', entry({ kind: 'group', card: 'load', pos: [0, 0], title: '', config: new Y.Map() }));
    nodes.set('note', entry({ kind: 'note', pos: [0, 0], size: [1, 1], color: 'red', text: new Y.Text() }));
  });
  noteText(doc, 'note')!.insertEmbed(0, { image: 'x' });
  expect(graph().problems.map((problem) => [problem.code, problem.nodeId, problem.severity])).toEqual([
    ['node/repaired', 'a', 'warning'],
    ['node/repaired', 'b', 'warning'],
    ['node/unreadable', 'c', 'error'],
  ]);
  expect(graph().problems[0]?.message).toContain('colour and position and size and text of this note');
  expect(setNoteText(doc, 'a', 'mended', ANN)).toEqual({ ok: true });
  expect(setNoteText(doc, 'note', 'too', ANN)).toEqual({ ok: true });
  expect(graph().notes.map((found) => found.text)).toEqual(['mended', 'too']);
});

test('copy and paste carries notes and frames under ids of their own', () => {
  const clip = readClip(clipText(copyNodes(graph(), new Set(['load', 'note', 'frame']))));
  let next = 0;
  expect(
    insertGraph(
      doc,
      freshGraph(clip!, () => `p${next++}`, { x: 100, y: 0 }),
      BEN,
    ),
  ).toEqual({ ok: true });
  expect(graph()).toMatchObject({
    nodes: [{ id: 'load' }, { id: 'p0' }],
    notes: [{ id: 'note' }, { id: 'p1', text: '# Why', position: { x: 105, y: 6 } }],
    frames: [{ id: 'frame' }, { id: 'p2', title: 'Data', color: 'blue', position: { x: 90, y: -10 } }],
  });
  const json = JSON.parse(clipText(clip!)) as { notes: object[]; frames: object[] };
  expect(readClip(JSON.stringify({ ...json, notes: [{ ...json.notes[0], color: 'pink' }] }))).toBeUndefined();
  expect(readClip(JSON.stringify({ ...json, frames: [json.frames[0], json.frames[0]] }))).toBeUndefined();
  expect(readClip(JSON.stringify({ ...json, notes: [{ ...json.notes[0], id: 'load' }] }))).toBeUndefined();
});

test('what lies in a frame is decided by geometry', () => {
  const size = { width: 200, height: 100 };
  addNode(doc, { id: 'half', card: 'load', position: { x: 580, y: 0 } }, ANN);
  addNote(doc, { id: 'out', position: { x: 580, y: 380 } }, ANN);
  addFrame(doc, { id: 'inner', position: { x: 50, y: 50 }, size: { width: 10, height: 10 } }, ANN);
  addFrame(doc, { id: 'twin', position: { x: -10, y: -10 }, size: { width: 600, height: 400 } }, ANN);
  addFrame(doc, { id: 'cut', position: { x: 550, y: 50 }, size: { width: 100, height: 10 } }, ANN);
  expect(nodesInFrame(graph(), 'frame', () => size)).toEqual(['load', 'note', 'inner']);
  expect(nodesInFrame(graph(), 'inner', () => size)).toEqual([]);
  expect(nodesInFrame(graph(), 'gone', () => size)).toEqual([]);
  moveNodes(doc, [{ id: 'half', position: { x: 480, y: 0 } }], ANN);
  expect(nodesInFrame(graph(), 'frame', () => size)).toContain('half');
});
