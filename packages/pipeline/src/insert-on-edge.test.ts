import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { connect } from './connect.ts';
import { addNode, moveNodes } from './edit-nodes.ts';
import { fitsIntoEdge, insertOnEdge, portsInto, spliceNode } from './insert-on-edge.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';
import { documentText } from './test-support/document-state.ts';
import { createUndo } from './undo.ts';

const ME = { name: 'me' };
const at = { x: 0, y: 0 };

function wired(): { doc: Y.Doc; edge: string } {
  const doc = new Y.Doc();
  addNode(doc, { id: 'load', card: 'load', position: at }, ME);
  addNode(doc, { id: 'train', card: 'train', position: at }, ME);
  const result = connect(doc, { source: 'load', sourcePort: 'data', target: 'train', targetPort: 'train' }, CARDS, ME);
  return { doc, edge: result.ok ? result.edgeId : '' };
}

describe('a card dropped on a connection', () => {
  test('stands between its two ends, and one undo takes it out again', () => {
    const { doc, edge } = wired();
    const before = documentText(doc);
    const undo = createUndo(doc, ME);
    expect(insertOnEdge(doc, { id: 'split', card: 'split', position: at }, edge, CARDS, ME)).toEqual({ ok: true });
    const { edges, problems } = projectGraph(doc, CARDS);
    expect(edges.map((item) => `${item.source}.${item.sourcePort} ${item.target}.${item.targetPort}`).toSorted()).toEqual([
      'load.data split.data',
      'split.train train.train',
    ]);
    expect(problems).toEqual([]);
    undo.undo();
    expect(documentText(doc)).toBe(before);
    undo.redo();
    expect(projectGraph(doc, CARDS).edges).toHaveLength(2);
  });

  test('that does not fit, or on a connection that is gone, changes nothing and says why', () => {
    const { doc, edge } = wired();
    const before = documentText(doc);
    expect(insertOnEdge(doc, { id: 'x', card: 'score', position: at }, edge, CARDS, ME)).toMatchObject({
      ok: false,
      code: 'type-mismatch',
    });
    expect(insertOnEdge(doc, { id: 'x', card: 'split', position: at }, 'gone', CARDS, ME)).toMatchObject({ ok: false });
    expect(insertOnEdge(doc, { id: 'load', card: 'split', position: at }, edge, CARDS, ME)).toMatchObject({
      ok: false,
      code: 'node-exists',
    });
    expect(documentText(doc)).toBe(before);
  });

  test('takes the ports of the same type', () => {
    const card = {
      inputs: [
        { name: 'a', type: 'model' },
        { name: 'b', type: 'dataframe' },
      ],
      outputs: [{ name: 'c', type: 'dataframe' }],
    };
    expect(portsInto(card, 'dataframe', 'dataframe')).toEqual({ input: 'b', output: 'c' });
    expect(portsInto(card, 'dataframe', 'model')).toBeUndefined();
  });
});

describe('an existing card moved onto a connection', () => {
  test('stands between its two ends, as one step with the move, and one undo puts both back', () => {
    const { doc, edge } = wired();
    addNode(doc, { id: 'split', card: 'split', position: at }, ME);
    const before = documentText(doc);
    const undo = createUndo(doc, ME);
    doc.transact(() => {
      moveNodes(doc, [{ id: 'split', position: { x: 50, y: 60 } }], ME);
      expect(spliceNode(doc, 'split', edge, CARDS, ME)).toEqual({ ok: true });
    }, ME);
    const { nodes, edges, problems } = projectGraph(doc, CARDS);
    expect(edges.map((item) => `${item.source} ${item.target}`).toSorted()).toEqual(['load split', 'split train']);
    expect(nodes.find((node) => node.id === 'split')?.position).toEqual({ x: 50, y: 60 });
    expect(problems).toEqual([]);
    undo.undo();
    expect(documentText(doc)).toBe(before);
  });

  test('is refused where it has connections, does not fit, or one of both is gone', () => {
    const { doc, edge } = wired();
    addNode(doc, { id: 'score', card: 'score', position: at }, ME);
    const before = documentText(doc);
    expect(spliceNode(doc, 'load', edge, CARDS, ME)).toMatchObject({ ok: false, code: 'input-taken' });
    expect(spliceNode(doc, 'score', edge, CARDS, ME)).toMatchObject({ ok: false, code: 'type-mismatch' });
    expect(spliceNode(doc, 'score', 'gone', CARDS, ME)).toMatchObject({ ok: false, code: 'invalid' });
    expect(spliceNode(doc, 'gone', edge, CARDS, ME)).toMatchObject({ ok: false, code: 'node-gone' });
    expect(documentText(doc)).toBe(before);
    const graph = projectGraph(doc, CARDS);
    expect(fitsIntoEdge(graph, edge, CARDS.get('split')!.manifest!)).toBe(true);
    expect(fitsIntoEdge(graph, edge, CARDS.get('score')!.manifest!)).toBe(false);
  });
});
