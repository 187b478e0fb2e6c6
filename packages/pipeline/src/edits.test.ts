import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { checkConnection, connect, disconnect } from './connect.ts';
import { DANGLING_GRACE_MS, danglingEdges, sweepDanglingEdges } from './dangling-edges.ts';
import {
  addNode,
  changeNodeCard,
  moveNodes,
  removeConfigField,
  removeNodes,
  renameNode,
  resizeNode,
  setConfigField,
  setTitle,
} from './edit-nodes.ts';
import { PIPELINE_ROOTS } from './layout.ts';
import { projectGraph } from './project-graph.ts';
import { readPipeline } from './read-pipeline.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText } from './test-support/document-state.ts';
import { insertGraph, writeGraph } from './write-graph.ts';

const at = { x: 0, y: 0 };
let doc: Y.Doc;
let updates: unknown[];

beforeEach(() => {
  doc = new Y.Doc();
  for (const card of ['load', 'split', 'train', 'score']) addNode(doc, { id: card, card, position: at }, 'me');
  updates = [];
  doc.on('update', (_update, origin) => updates.push(origin));
});

const wire = (source: string, sourcePort: string, target: string, targetPort: string) => ({ source, sourcePort, target, targetPort });
const draw = (...ends: Parameters<typeof wire>) => connect(doc, wire(...ends), CARDS, 'me');

describe('every edit', () => {
  test('is one update with the origin of its caller', () => {
    draw('load', 'data', 'split', 'data');
    moveNodes(
      doc,
      ['load', 'split', 'train'].map((id) => ({ id, position: { x: 5, y: 6 } })),
      'me',
    );
    renameNode(doc, 'load', 'Load', 'me');
    resizeNode(doc, 'load', { width: 10, height: 20 }, 'me');
    setConfigField(doc, 'split', 'ratio', 0.7, 'me');
    removeConfigField(doc, 'split', 'ratio', 'me');
    setTitle(doc, 'Pipeline', 'me');
    changeNodeCard(doc, ['load', 'split'], 'other', 'me');
    removeNodes(doc, ['load', 'split'], 'me');
    expect(updates).toEqual(Array(9).fill('me'));
    expect(readPipeline(doc).edges.size).toBe(0);
    expect([...doc.share.keys()].every((root) => (PIPELINE_ROOTS as readonly string[]).includes(root))).toBe(true);
  });

  test('that changes nothing writes nothing', () => {
    setConfigField(doc, 'split', 'json', { a: [1], b: 2 }, 'me');
    updates = [];
    setConfigField(doc, 'split', 'json', { b: 2, a: [1] }, 'me');
    moveNodes(doc, [{ id: 'load', position: at }], 'me');
    renameNode(doc, 'load', '', 'me');
    removeNodes(doc, ['gone'], 'me');
    disconnect(doc, ['gone'], 'me');
    expect(updates).toEqual([]);
  });

  test('refuses bad values with a reason and writes nothing', () => {
    const deep = JSON.parse('['.repeat(40) + ']'.repeat(40)) as [];
    const refused = [
      addNode(doc, { id: '', card: 'load', position: at }, 'me'),
      addNode(doc, { id: 'x'.repeat(201), card: 'load', position: at }, 'me'),
      addNode(doc, { id: '\ud800', card: 'load', position: at }, 'me'),
      addNode(doc, { id: 'n', card: '', position: at }, 'me'),
      addNode(doc, { id: 'n', card: 'load', position: { x: NaN, y: 0 } }, 'me'),
      addNode(doc, { id: 'n', card: 'load', position: at, size: { width: 0, height: 1 } }, 'me'),
      addNode(doc, { id: 'n', card: 'load', position: at, config: JSON.parse('{"__proto__": 1}') as {} }, 'me'),
      moveNodes(doc, [{ id: 'load', position: { x: Infinity, y: 0 } }], 'me'),
      renameNode(doc, 'load', 'x'.repeat(501), 'me'),
      setConfigField(doc, 'split', '__proto__', 1, 'me'),
      setConfigField(doc, 'split', 'f', NaN, 'me'),
      setConfigField(doc, 'split', 'f', 'x'.repeat(300_000), 'me'),
      setConfigField(doc, 'split', 'f', JSON.parse('{"a": {"__proto__": 1}}') as {}, 'me'),
      setConfigField(doc, 'split', 'f', deep, 'me'),
      setTitle(doc, '\udc00', 'me'),
    ];
    for (const result of refused) expect(result).toMatchObject({ ok: false, code: 'invalid', message: expect.stringMatching(/\.$/) });
    expect(addNode(doc, { id: 'load', card: 'load', position: at }, 'me')).toMatchObject({ ok: false, code: 'node-exists' });
    for (const result of [
      renameNode(doc, 'gone', 'x', 'me'),
      setConfigField(doc, 'gone', 'f', 1, 'me'),
      moveNodes(doc, [{ id: 'gone', position: at }], 'me'),
    ]) {
      expect(result).toMatchObject({ ok: false, code: 'node-gone' });
    }
    expect(updates).toEqual([]);
  });

  test('10,000 moves of one node leave the document about as small as one', () => {
    const before = Y.encodeStateAsUpdate(doc).length;
    for (let x = 1; x <= 10_000; x++) moveNodes(doc, [{ id: 'load', position: { x, y: x } }], 'me');
    expect(Y.encodeStateAsUpdate(doc).length - before).toBeLessThan(100);
  });
});

describe('connecting', () => {
  test('draws an edge once, under one id on every machine', () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    const first = draw('load', 'data', 'split', 'data');
    const second = connect(other, wire('load', 'data', 'split', 'data'), CARDS, 'you');
    expect(first).toEqual(second);
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
    expect(projectGraph(doc, CARDS).edges).toHaveLength(1);
    expect(draw('load', 'data', 'split', 'data')).toEqual(first);
  });

  test('refuses what cannot work, each with its own code', () => {
    draw('load', 'data', 'split', 'data');
    draw('split', 'train', 'train', 'train');
    addNode(doc, { id: 'load2', card: 'load', position: at }, 'me');
    addNode(doc, { id: 'mystery', card: 'mystery', position: at }, 'me');
    addNode(doc, { id: 'split2', card: 'split', position: at }, 'me');
    draw('split', 'test', 'split2', 'data');
    disconnect(doc, [(draw('load', 'data', 'split', 'data') as { edgeId: string }).edgeId], 'me');
    expect(draw('split2', 'test', 'split', 'data')).toMatchObject({ ok: false, code: 'cycle' });
    expect(draw('load2', 'data', 'split', 'data')).toMatchObject({ ok: true });
    expect(draw('load', 'data', 'split', 'data')).toMatchObject({ ok: false, code: 'input-taken' });
    expect(draw('split', 'test', 'split', 'data')).toMatchObject({ ok: false, code: 'self-edge' });
    expect(draw('load', 'data', 'score', 'model')).toMatchObject({ ok: false, code: 'type-mismatch' });
    expect(draw('load', 'nothing', 'split', 'data')).toMatchObject({ ok: false, code: 'unknown-port' });
    expect(draw('mystery', 'data', 'score', 'test')).toMatchObject({ ok: false, code: 'unknown-port' });
    expect(draw('gone', 'data', 'score', 'test')).toMatchObject({ ok: false, code: 'node-gone' });
    expect(checkConnection(projectGraph(doc, CARDS), wire('split2', 'test', 'score', 'test'))).toBeUndefined();
  });
});

describe('an edge whose node a colleague deleted', () => {
  const dangle = () => {
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
    removeNodes(other, ['split'], 'you');
    draw('load', 'data', 'split', 'data');
    Y.applyUpdate(doc, Y.encodeStateAsUpdate(other), 'network');
  };

  test('is hidden at once and swept when it stayed so for 30 seconds', () => {
    dangle();
    expect(projectGraph(doc, CARDS).edges).toEqual([]);
    const since = new Map<string, number>();
    expect(danglingEdges(doc)).toHaveLength(1);
    expect(sweepDanglingEdges(doc, since, 1_000, 'system')).toEqual([]);
    expect(sweepDanglingEdges(doc, since, 1_000 + DANGLING_GRACE_MS - 1, 'system')).toEqual([]);
    updates = [];
    expect(sweepDanglingEdges(doc, since, 1_000 + DANGLING_GRACE_MS, 'system')).toHaveLength(1);
    expect(updates).toEqual(['system']);
    expect(danglingEdges(doc)).toEqual([]);
    expect(since.size).toBe(0);
  });

  test('shows again when the node comes back, and its time starts anew', () => {
    dangle();
    const since = new Map<string, number>();
    sweepDanglingEdges(doc, since, 0, 'system');
    addNode(doc, { id: 'split', card: 'split', position: at }, 'me');
    expect(sweepDanglingEdges(doc, since, DANGLING_GRACE_MS, 'system')).toEqual([]);
    expect(projectGraph(doc, CARDS).edges).toHaveLength(1);
    expect(since.size).toBe(0);
  });
});

describe('writing a whole graph', () => {
  const graph = {
    nodes: [
      { id: 'a', card: 'load', position: at },
      { id: 'b', card: 'split', position: at },
    ],
    edges: [wire('a', 'data', 'b', 'data')],
  };

  test('fills an empty document in one update and refuses a filled one', () => {
    const empty = new Y.Doc();
    let count = 0;
    empty.on('update', () => count++);
    expect(writeGraph(empty, { ...graph, title: 'T' }, 'me')).toEqual({ ok: true });
    expect(count).toBe(1);
    expect(readPipeline(empty)).toMatchObject({ title: 'T', problems: [] });
    expect(writeGraph(empty, graph, 'me')).toMatchObject({ ok: false, code: 'not-empty' });
  });

  test('writes all of it or nothing', () => {
    const before = documentText(doc);
    expect(insertGraph(doc, { ...graph, edges: [wire('a', 'data', 'gone', 'data')] }, 'me')).toMatchObject({
      ok: false,
      code: 'node-gone',
    });
    expect(insertGraph(doc, { nodes: [...graph.nodes, graph.nodes[0]!], edges: [] }, 'me')).toMatchObject({
      ok: false,
      code: 'node-exists',
    });
    expect(documentText(doc)).toBe(before);
    expect(insertGraph(doc, graph, 'me')).toEqual({ ok: true });
  });
});
