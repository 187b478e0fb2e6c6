import type { CardManifest } from '@ensemble/cards';
import { addNode, connect, liveFingerprints, moveNodes, projectGraph, removeNodes, setConfigField } from '@ensemble/pipeline';
import type { KnownCard } from '@ensemble/pipeline';
import { beforeEach, describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { connectionOptions } from './connection-options.ts';
import { reconcileEdges } from './flow-edges.ts';
import { reconcileNodes } from './flow-nodes.ts';
import type { CanvasNode, Offset } from './flow-nodes.ts';

const manifest = (cardType: string, inputs: CardManifest['inputs'], outputs: CardManifest['outputs']): CardManifest => ({
  cardType,
  className: 'Card',
  displayName: cardType,
  description: '',
  category: 'data',
  executionMode: 'local',
  outputViewType: 'table',
  configSchema: {},
  configFields: [],
  inputs,
  outputs,
  resources: { gpu: 0, timeoutSeconds: 300, network: [] },
  requirements: [],
  retries: 0,
  cache: true,
  scratch: true,
});

const load = manifest('load', [], [{ name: 'dataset', type: 'dataframe' }]);
const train = manifest('train', [{ name: 'train', type: 'dataframe' }], [{ name: 'model', type: 'model' }]);
const ME = { name: 'me' };

let doc: Y.Doc;
let cards: Map<string, KnownCard>;
let nodes: CanvasNode[];

const draw = (offsetOf?: (id: string) => Offset | undefined) => {
  const graph = projectGraph(doc, cards);
  nodes = reconcileNodes(nodes, graph, liveFingerprints(graph, new Map()), offsetOf && ((node) => offsetOf(node.id)));
  return nodes;
};
const drawn = (id: string) => nodes.find((node) => node.id === id)!;

beforeEach(() => {
  doc = new Y.Doc();
  cards = new Map([
    ['load', { manifest: load }],
    ['train', { manifest: train }],
  ]);
  nodes = [];
  addNode(doc, { id: 'a', card: 'load', position: { x: 0, y: 0 } }, ME);
  addNode(doc, { id: 'b', card: 'train', position: { x: 300, y: 0 } }, ME);
  draw();
});

describe('drawing again after a change', () => {
  test('nothing changed: the same array, so React Flow does nothing', () => {
    const before = nodes;
    expect(draw()).toBe(before);
  });

  test('only the node that changed gets a new object', () => {
    const [a, b] = [drawn('a'), drawn('b')];
    moveNodes(doc, [{ id: 'b', position: { x: 10, y: 20 } }], ME);
    draw();
    expect(drawn('a')).toBe(a);
    expect(drawn('b')).not.toBe(b);
    expect(drawn('b').position).toEqual({ x: 10, y: 20 });
    expect(drawn('b').data).toBe(b.data);
  });

  test('a config change is drawn through the fingerprint of that node alone', () => {
    const [a, b] = [drawn('a'), drawn('b')];
    setConfigField(doc, 'a', 'name', 'iris', ME);
    draw();
    expect(drawn('a').data.fingerprint).not.toBe(a.data.fingerprint);
    expect(drawn('b')).toBe(b);
  });

  test('what is local survives: selection and measured size', () => {
    nodes = nodes.map((node) => (node.id === 'b' ? { ...node, selected: true, measured: { width: 5, height: 6 } } : node));
    moveNodes(doc, [{ id: 'b', position: { x: 1, y: 1 } }], ME);
    draw();
    expect(drawn('b')).toMatchObject({ selected: true, measured: { width: 5, height: 6 }, position: { x: 1, y: 1 } });
  });

  test('a node under my pointer stays there although a colleague moved it', () => {
    nodes = nodes.map((node) => (node.id === 'b' ? { ...node, dragging: true, position: { x: 77, y: 77 } } : node));
    moveNodes(doc, [{ id: 'b', position: { x: 1, y: 1 } }], ME);
    draw();
    expect(drawn('b').position).toEqual({ x: 77, y: 77 });
  });

  test('a colleague’s drag shifts the node without touching the document', () => {
    draw((id) => (id === 'b' ? { dx: 5, dy: 7 } : undefined));
    expect(drawn('b').position).toEqual({ x: 305, y: 7 });
    draw();
    expect(drawn('b').position).toEqual({ x: 300, y: 0 });
  });

  test('a deleted node goes', () => {
    removeNodes(doc, ['a'], ME);
    expect(draw().map((node) => node.id)).toEqual(['b']);
  });
});

describe('ports', () => {
  test('a port that the card lost is drawn as gone while an edge names it', () => {
    connect(doc, { source: 'a', sourcePort: 'dataset', target: 'b', targetPort: 'train' }, cards, ME);
    cards.set('load', { manifest: { ...load, outputs: [{ name: 'table', type: 'dataframe' }] } });
    draw();
    expect(drawn('a').data.outputs).toEqual([
      { name: 'table', type: 'dataframe', gone: false },
      { name: 'dataset', type: '', gone: true },
    ]);
    expect(drawn('a').handles?.map((handle) => handle.id)).toEqual(['table', 'dataset']);
    const [edge] = reconcileEdges([], projectGraph(doc, cards));
    expect(edge).toMatchObject({ data: { broken: true }, ariaLabel: 'Connection from dataset of load to train of train, broken' });
  });

  test('edges keep their objects while nothing changes', () => {
    connect(doc, { source: 'a', sourcePort: 'dataset', target: 'b', targetPort: 'train' }, cards, ME);
    const first = reconcileEdges([], projectGraph(doc, cards));
    moveNodes(doc, [{ id: 'b', position: { x: 9, y: 9 } }], ME);
    expect(reconcileEdges(first, projectGraph(doc, cards))).toBe(first);
  });
});

test('connecting without dragging offers what fits and is not there yet, from either end', () => {
  const ends = { source: 'a', sourcePort: 'dataset', target: 'b', targetPort: 'train' };
  for (const id of ['a', 'b']) {
    expect(connectionOptions(projectGraph(doc, cards), id)).toEqual([
      { ends, type: 'dataframe', label: 'dataset of load → train of train' },
    ]);
  }
  connect(doc, ends, cards, ME);
  expect(connectionOptions(projectGraph(doc, cards), 'a')).toEqual([]);
});
