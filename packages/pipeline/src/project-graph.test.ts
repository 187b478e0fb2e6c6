import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import type { EdgeEnds, KnownCards } from './model.ts';
import { projectGraph } from './project-graph.ts';
import { CARDS, known, manifest } from './test-support/cards.ts';
import { insertGraph } from './write-graph.ts';
import type { NewNode } from './edit-nodes.ts';

const wire = (text: string): EdgeEnds => {
  const [source = '', sourcePort = '', target = '', targetPort = ''] = text.split(/[.>]/);
  return { source, sourcePort, target, targetPort };
};

/** Nodes `id:card`, edges `source.port>target.port`. */
function pipeline(nodes: (string | NewNode)[], edges: string[]): Y.Doc {
  const doc = new Y.Doc();
  const made = nodes.map((node): NewNode => {
    if (typeof node !== 'string') return node;
    const [id = '', card = id] = node.split(':');
    return { id, card, position: { x: 0, y: 0 } };
  });
  expect(insertGraph(doc, { nodes: made, edges: edges.map(wire) }, 'test')).toEqual({ ok: true });
  return doc;
}

const found = (doc: Y.Doc, cards: KnownCards = CARDS) =>
  projectGraph(doc, cards).problems.map(({ code, nodeId, port, field }) => [code, nodeId, port ?? field].filter(Boolean).join(' '));

describe('the projection reports', () => {
  test('nothing about a pipeline that can run', () => {
    const doc = pipeline(
      ['load', 'split', 'train', 'score'],
      ['load.data>split.data', 'split.train>train.train', 'train.model>score.model', 'split.test>score.test'],
    );
    const graph = projectGraph(doc, CARDS);
    expect(graph.problems).toEqual([]);
    expect(graph.edges.map((edge) => [edge.sourcePort, edge.type])).toEqual(
      expect.arrayContaining([
        ['data', 'dataframe'],
        ['model', 'model'],
      ]),
    );
    expect(graph.nodes.map((node) => node.manifest?.cardType)).toEqual(['load', 'score', 'split', 'train']);
  });

  test('an input that is not connected, and one that has two connections', () => {
    expect(found(pipeline(['score', 'train', 'load'], ['load.data>train.train']))).toEqual([
      'input/missing score model',
      'input/missing score test',
    ]);
    expect(found(pipeline(['a:load', 'b:load', 'split'], ['a.data>split.data', 'b.data>split.data']))).toEqual([
      'input/doubled split data',
    ]);
  });

  test('ports of two types, and shows the edge broken', () => {
    const graph = projectGraph(
      pipeline(['load', 'x:split', 'score'], ['load.data>x.data', 'load.data>score.model', 'x.test>score.test']),
      CARDS,
    );
    expect(graph.problems).toMatchObject([{ code: 'edge/type-mismatch', severity: 'error', nodeId: 'score', port: 'model' }]);
    expect(graph.edges.filter((edge) => edge.broken).map((edge) => [edge.id, edge.broken])).toEqual([
      [graph.problems[0]?.edgeId, 'type-mismatch'],
    ]);
  });

  test('ports that a card lost, on either side, and keeps the edge', () => {
    const doc = pipeline(['load', 'split'], ['load.data>split.data']);
    const changed = known(manifest('load', [], ['rows:dataframe']), manifest('split', ['data:dataframe'], []));
    expect(found(doc, changed)).toEqual(['edge/port-gone load data']);
    expect(projectGraph(doc, changed).edges).toMatchObject([{ broken: 'port-gone' }]);
    const renamed = known(manifest('load', [], ['data:dataframe']), manifest('split', ['rows:dataframe'], []));
    expect(found(doc, renamed)).toEqual(['input/missing split rows', 'edge/port-gone split data']);
  });

  test('each circle once, with the names of its nodes', () => {
    const doc = pipeline(
      ['a:split', 'b:split', 'c:split', 'd:split'],
      ['a.train>b.data', 'b.train>a.data', 'c.train>c.data', 'b.test>d.data'],
    );
    const { problems } = projectGraph(doc, CARDS);
    expect(problems.map(({ code, nodeId }) => [code, nodeId])).toEqual([
      ['pipeline/cycle', 'a'],
      ['pipeline/cycle', 'c'],
    ]);
    expect(problems[0]?.message).toContain('"The split", "The split"');
  });

  test('cards that are unknown or have errors, without a flood of problems about their edges', () => {
    const doc = pipeline(['load', 'mystery', 'split'], ['load.data>mystery.in', 'mystery.out>split.data']);
    expect(found(doc)).toEqual(['card/unknown mystery']);
    const diagnostics = [{ line: 3, column: 1, severity: 'error' as const, code: 'card/syntax', message: 'Bracket missing.' }];
    const broken = new Map([...CARDS, ['split', { ...CARDS.get('split'), diagnostics }], ['mystery', { diagnostics }]]);
    expect(found(doc, broken)).toEqual(['card/errors mystery', 'card/errors split']);
    expect(projectGraph(doc, broken).problems[0]?.message).toContain('line 3: Bracket missing.');
    const unread = new Map([...CARDS, ['cards/mystery.py', { diagnostics }]]);
    expect(projectGraph(doc, unread).problems[0]?.message).toContain('"cards/mystery.py" has errors');
    const warned = new Map([
      ...CARDS,
      ['load', { ...CARDS.get('load'), diagnostics: [{ ...diagnostics[0]!, severity: 'warning' as const }] }],
    ]);
    expect(found(pipeline(['load'], []), warned)).toEqual([]);
  });

  test('config values that do not fit, by field', () => {
    const doc = pipeline(
      [{ id: 'split', card: 'split', position: { x: 0, y: 0 }, config: { ratio: 3, seed: 'x' } }, 'load'],
      ['load.data>split.data'],
    );
    const problems = projectGraph(doc, CARDS).problems;
    expect(problems.map(({ code, nodeId, field }) => [code, nodeId, field])).toEqual([
      ['config/range', 'split', 'ratio'],
      ['config/type', 'split', 'seed'],
    ]);
  });
});

describe('an edge without port names', () => {
  const edges = (doc: Y.Doc) =>
    projectGraph(doc, CARDS).edges.map(({ sourcePort, targetPort, broken }) => [sourcePort, targetPort, broken]);

  test('binds by name, then by the only ports of a type', () => {
    expect(edges(pipeline(['split', 'train'], ['split.>train.']))).toEqual([['train', 'train', undefined]]);
    expect(edges(pipeline(['load', 'train'], ['load.>train.']))).toEqual([['data', 'train', undefined]]);
    expect(edges(pipeline(['split', 'score'], ['split.train>score.']))).toEqual([['train', 'test', undefined]]);
  });

  test('is reported when the ports cannot be told', () => {
    const doc = pipeline(['a:split', 'b:split'], ['a.>b.']);
    expect(edges(doc)).toEqual([['', '', 'unbound']]);
    expect(found(doc)).toContain('edge/unbound b');
  });

  test('is shown once when the same connection is there with names', () => {
    expect(edges(pipeline(['load', 'split'], ['load.>split.', 'load.data>split.data']))).toEqual([['data', 'data', undefined]]);
  });
});
