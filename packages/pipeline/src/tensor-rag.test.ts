import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { projectGraph } from './project-graph.ts';
import { messagesOf } from './import-finding.ts';
import { fromTensorRag } from './tensor-rag-import.ts';
import { toTensorRag } from './tensor-rag-export.ts';
import { CARDS } from './test-support/cards.ts';
import { writeGraph } from './write-graph.ts';

const FILE = {
  nodes: [
    {
      id: 'load-1',
      type: 'cardNode',
      position: { x: 10, y: 20 },
      data: { label: 'Rows', cardSchema: { card_type: 'load', input_schema: { stale: 'json' } }, config: {} },
    },
    {
      id: 'split-2',
      type: 'custom',
      position: { x: 300, y: 20 },
      data: { cardSchema: { card_type: 'split' }, config: { ratio: 0.7, list: [1, null] } },
    },
    {
      id: 'train-3',
      type: 'cardNode',
      position: { x: 600.5, y: -20 },
      width: 200,
      height: 90,
      data: { label: 'Train', cardSchema: { card_type: 'train' } },
    },
  ],
  edges: [
    {
      id: 'e1',
      source: 'load-1',
      target: 'split-2',
      sourceHandle: 'wrong',
      targetHandle: 'wrong',
      data: { source_output: 'data', target_input: 'data' },
    },
    { id: 'e2', source: 'split-2', target: 'train-3', sourceHandle: 'train', targetHandle: 'train' },
  ],
  nodeCounter: 3,
};

const problems = (result: ReturnType<typeof fromTensorRag>): string[] => messagesOf(result.findings, 'not-understood');

function written(json: unknown): Y.Doc {
  const doc = new Y.Doc();
  expect(writeGraph(doc, fromTensorRag(json), 'import')).toEqual({ ok: true });
  return doc;
}

describe('a TensorRag pipeline', () => {
  test('is taken over with ids, positions, config, and ports from data before handles', () => {
    const result = fromTensorRag(FILE);
    expect(result.findings).toEqual([]);
    expect(result.nodes[1]).toEqual({
      id: 'split-2',
      card: 'split',
      title: '',
      position: { x: 300, y: 20 },
      config: { ratio: 0.7, list: [1, null] },
    });
    expect(result.nodes[2]?.size).toEqual({ width: 200, height: 90 });
    expect(result.edges).toEqual([
      { source: 'load-1', sourcePort: 'data', target: 'split-2', targetPort: 'data' },
      { source: 'split-2', sourcePort: 'train', target: 'train-3', targetPort: 'train' },
    ]);
    expect(projectGraph(written(FILE), CARDS).problems).toEqual([]);
  });

  test('comes back the same after export and import', () => {
    const first = projectGraph(written({ ...FILE, name: 'Mine' }), CARDS);
    const file: unknown = JSON.parse(JSON.stringify(toTensorRag(first)));
    expect(file).toMatchObject({
      nodeCounter: 3,
      nodes: [{ data: { cardSchema: { card_type: 'load', output_schema: { data: 'dataframe' } } } }, {}, {}],
    });
    expect(projectGraph(written(file), CARDS)).toEqual(first);
  });

  test('finds the card where the file has it, and leaves nodes out that name none', () => {
    const card = (node: object) => fromTensorRag({ nodes: [{ id: 'n', ...node }] }).nodes[0]?.card;
    expect(card({ type: 'cardNode', data: { cardSchema: { card_type: 'a' }, card_type: 'b' } })).toBe('a');
    expect(card({ type: 'cardNode', data: { card_type: 'b' } })).toBe('b');
    expect(card({ type: 'cardNode', data: { cardType: 'c' } })).toBe('c');
    expect(card({ type: 'my_card', data: {} })).toBe('my_card');
    expect(card({ type: 'cardNode', data: {} })).toBeUndefined();
    expect(problems(fromTensorRag({ nodes: [{ id: 'n', type: 'custom' }] }))).toEqual([expect.stringContaining('"n" was left out')]);
  });

  test('without positions is laid out from left to right, below what has a place', () => {
    const bare = { ...FILE, nodes: FILE.nodes.map((node) => ({ ...node, position: undefined })) };
    const { nodes, findings } = fromTensorRag(bare);
    expect(nodes.map((node) => node.position)).toEqual([
      { x: 0, y: 0 },
      { x: 320, y: 0 },
      { x: 640, y: 0 },
    ]);
    expect(messagesOf(findings, 'guessed')).toEqual(['3 nodes had no position and were laid out.']);
    const mixed = fromTensorRag({ ...FILE, nodes: [FILE.nodes[0], { ...FILE.nodes[1], position: { x: null } }] });
    expect(mixed.nodes[1]!.position.y).toBeGreaterThan(mixed.nodes[0]!.position.y);
  });

  test('may bring notes and frames, which TensorRag does not know', () => {
    const annotations: unknown[] = [
      { kind: 'note', id: 'why', position: { x: 1, y: 2 }, size: { width: 30, height: 40 }, color: 'green', text: '# Why' },
      { kind: 'frame', id: 'data', position: { x: 0, y: 0 }, title: 'Data' },
    ];
    const graph = projectGraph(written({ ...FILE, annotations }), CARDS);
    expect(graph.notes).toMatchObject([
      { id: 'why', position: { x: 1, y: 2 }, size: { width: 30, height: 40 }, color: 'green', text: '# Why' },
    ]);
    expect(graph.frames).toMatchObject([{ id: 'data', title: 'Data', color: 'gray' }]);
    expect(toTensorRag(graph)).toEqual(toTensorRag(projectGraph(written(FILE), CARDS)));
    const wrong = [{ kind: 'note', id: 'load-1', position: { x: 0, y: 0 } }, { kind: 'group', id: 'g' }, { kind: 'note', id: 'n' }, 5];
    const result = fromTensorRag({ ...FILE, annotations: [...annotations, ...wrong] });
    expect(problems(result)).toHaveLength(wrong.length);
    expect([result.notes.length, result.frames.length]).toEqual([1, 1]);
  });

  test('says which fields it does not know, once each, and passes over how things were drawn', () => {
    const nodes = FILE.nodes.map((node) => ({ ...node, selected: true, owner: 'me', data: { ...node.data, retries: 3 } }));
    expect(fromTensorRag({ ...FILE, nodes, viewport: {}, schedule: '@daily' }).findings).toEqual([
      expect.objectContaining({ code: 'unknown-field', field: 'schedule' }),
      expect.objectContaining({ code: 'unknown-field', field: 'owner', message: expect.stringContaining('3 nodes') as string }),
      expect.objectContaining({ code: 'unknown-field', field: 'data.retries' }),
    ]);
  });

  test('keeps odd ids and survives hostile ones', () => {
    const nodes = ['__proto__', 'constructor', ' ', 'ü/..\\', 7].map((id) => ({
      id,
      position: { x: 0, y: 0 },
      data: { cardSchema: { card_type: 'load' } },
    }));
    const json: unknown = JSON.parse(
      `{"__proto__": {"polluted": 1}, "nodes": ${JSON.stringify(nodes)}, "edges": [{"source": "__proto__", "target": "7", "data": {"__proto__": {"target_input": "x"}}}]}`,
    );
    const result = fromTensorRag(json);
    expect(result.nodes.map((node) => node.id)).toEqual(['__proto__', 'constructor', ' ', 'ü/..\\', '7']);
    expect(result.edges).toEqual([{ source: '__proto__', sourcePort: '', target: '7', targetPort: '' }]);
    expect(projectGraph(written(json), CARDS).nodes).toHaveLength(5);
    expect('polluted' in {}).toBe(false);
  });

  test('says what it could not take over and takes the rest', () => {
    const config = JSON.parse('{"ok": 1, "__proto__": 2}') as object;
    const result = fromTensorRag({
      nodes: [
        FILE.nodes[0],
        FILE.nodes[0],
        null,
        { id: 'x'.repeat(201), type: 'a' },
        { id: 'c', type: 'a', data: { config } },
        { id: 'd', type: 'a', data: { config: [1] } },
      ],
      edges: [5, { source: 'load-1', target: 'gone' }, FILE.edges[0]],
    });
    expect(result.nodes.map((node) => node.id)).toEqual(['load-1', 'c', 'd']);
    expect(result.nodes[1]?.config).toEqual({ ok: 1 });
    expect(result.edges).toEqual([]);
    expect(problems(result)).toHaveLength(8);
  });

  test.each([undefined, null, 5, 'x', [], {}, { nodes: 5 }])('that is none (%j) is refused in one sentence', (json) => {
    expect(fromTensorRag(json)).toEqual({
      nodes: [],
      edges: [],
      notes: [],
      frames: [],
      findings: [{ kind: 'not-understood', code: 'no-pipeline', message: 'This is no pipeline file: it needs a list named "nodes".' }],
    });
  });
});
