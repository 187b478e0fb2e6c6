import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { MAX_CLIP_NODES, clipText, copyNodes, freshGraph, readClip } from './clip.ts';
import { connect } from './connect.ts';
import { addNode, setConfigField } from './edit-nodes.ts';
import { pipelineRoots } from './layout.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS } from './test-support/cards.ts';
import { insertGraph } from './write-graph.ts';

const ME = { name: 'me' };

function example(): Y.Doc {
  const doc = new Y.Doc();
  for (const [index, card] of ['load', 'split', 'train', 'score'].entries())
    addNode(doc, { id: card, card, position: { x: index * 300, y: 0 } }, ME);
  setConfigField(doc, 'split', 'ratio', 0.7, ME);
  setConfigField(doc, 'load', 'file', { $file: 'a'.repeat(64), name: 'rows.csv', bytes: 5 }, ME);
  const wire = (source: string, sourcePort: string, target: string, targetPort: string) =>
    connect(doc, { source, sourcePort, target, targetPort }, CARDS, ME);
  wire('load', 'data', 'split', 'data');
  wire('split', 'train', 'train', 'train');
  wire('split', 'test', 'score', 'test');
  wire('train', 'model', 'score', 'model');
  return doc;
}

function counter(prefix: string): () => string {
  let next = 0;
  return () => `${prefix}${next++}`;
}

describe('copy and paste', () => {
  test('brings nodes, config, files and the edges between them into another pipeline', () => {
    const graph = projectGraph(example(), CARDS);
    const clip = readClip(clipText(copyNodes(graph, new Set(['load', 'split', 'train']))));
    const into = new Y.Doc();
    expect(insertGraph(into, freshGraph(clip!, counter('p'), { x: 40, y: 40 }), ME)).toEqual({ ok: true });
    const pasted = projectGraph(into, CARDS);
    expect(pasted.nodes.map(({ id, card, position }) => ({ id, card, ...position }))).toEqual([
      { id: 'p0', card: 'load', x: 40, y: 40 },
      { id: 'p1', card: 'split', x: 340, y: 40 },
      { id: 'p2', card: 'train', x: 640, y: 40 },
    ]);
    expect(pasted.nodes[0]?.config).toEqual({ file: { $file: 'a'.repeat(64), name: 'rows.csv', bytes: 5 } });
    expect(pasted.nodes[1]?.config).toEqual({ ratio: 0.7 });
    expect(pasted.edges.map((edge) => `${edge.source} ${edge.target}`).toSorted()).toEqual(['p0 p1', 'p1 p2']);
  });

  test('takes nothing that is no clip, or not wholly sound', () => {
    const clip = { type: 'ensemble/clip', v: 1, nodes: [{ id: 'a', card: 'load', position: { x: 0, y: 0 } }], edges: [] };
    const read = (change: object) => readClip(JSON.stringify({ ...clip, ...change }));
    expect(read({})?.nodes).toEqual([{ id: 'a', card: 'load', title: '', position: { x: 0, y: 0 }, config: {} }]);
    expect(readClip('hello')).toBeUndefined();
    expect(readClip('{"type": "ensemble/clip"')).toBeUndefined();
    expect(read({ v: 2 })).toBeUndefined();
    expect(read({ nodes: [clip.nodes[0], clip.nodes[0]] })).toBeUndefined();
    expect(read({ nodes: [{ ...clip.nodes[0], position: { x: 1e9, y: 0 } }] })).toBeUndefined();
    expect(read({ nodes: [{ ...clip.nodes[0], id: '' }] })).toBeUndefined();
    expect(read({ nodes: [{ ...clip.nodes[0], config: 5 }] })).toBeUndefined();
    expect(read({ edges: [{ source: 'a', sourcePort: 'x', target: 'other', targetPort: 'y' }] })).toBeUndefined();
    expect(read({ nodes: Array.from({ length: MAX_CLIP_NODES + 1 }, (_, id) => ({ ...clip.nodes[0], id: `${id}` })) })).toBeUndefined();
  });

  test('with a field named __proto__ changes no prototype', () => {
    const text = `{"type":"ensemble/clip","v":1,"nodes":[{"id":"a","card":"load","position":{"x":0,"y":0},"config":{"__proto__":{"polluted":1}}}],"edges":[]}`;
    const clip = readClip(text);
    const doc = new Y.Doc();
    if (clip) insertGraph(doc, freshGraph(clip, counter('p'), { x: 0, y: 0 }), ME);
    expect('polluted' in {}).toBe(false);
    expect([...pipelineRoots(doc).nodes.keys()].length).toBeLessThanOrEqual(1);
  });
});
