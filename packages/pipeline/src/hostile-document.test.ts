import { describe, expect, test } from 'vitest';
import * as Y from 'yjs';
import { danglingEdges } from './dangling-edges.ts';
import { addNode, removeNodes, setConfigField } from './edit-nodes.ts';
import { disconnect } from './connect.ts';
import { pinVersion, versionText } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { readPipeline } from './read-pipeline.ts';
import { CARDS } from './test-support/cards.ts';
import { seededRandom } from './test-support/random.ts';

/** As it arrives at another peer. */
function received(write: (maps: Record<'meta' | 'nodes' | 'edges', Y.Map<unknown>>, doc: Y.Doc) => void): Y.Doc {
  const attacker = new Y.Doc();
  attacker.transact(() =>
    write({ meta: attacker.getMap('meta'), nodes: attacker.getMap('nodes'), edges: attacker.getMap('edges') }, attacker),
  );
  const doc = new Y.Doc();
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(attacker));
  return doc;
}
const node = (entries: Record<string, unknown>) => new Y.Map(Object.entries(entries));
const codes = (doc: Y.Doc) => projectGraph(doc, CARDS).problems.map((problem) => problem.code);

describe('a document written by hand', () => {
  test('with nodes that are no nodes: they are reported, hidden and still there', () => {
    const values = [
      1,
      null,
      'text',
      [1],
      { card: 'load' },
      new Uint8Array(3),
      new Y.Array(),
      new Y.Text('x'),
      node({}),
      node({ card: 7 }),
      node({ card: '' }),
    ];
    const doc = received(({ nodes }) => values.forEach((value, index) => nodes.set(`n${index}`, value)));
    const graph = projectGraph(doc, CARDS);
    expect(graph.nodes).toEqual([]);
    expect(graph.problems.map((problem) => [problem.code, problem.nodeId])).toEqual(
      values.map((_, index) => ['node/unreadable', `n${index}`]).sort((a, b) => (a[1]! < b[1]! ? -1 : 1)),
    );
    expect(readPipeline(doc).nodeIds.size).toBe(values.length);
    expect(addNode(doc, { id: 'n1', card: 'load', position: { x: 0, y: 0 } }, 'me')).toMatchObject({ code: 'node-exists' });
    expect(removeNodes(doc, ['n1'], 'me')).toEqual({ ok: true, removed: 1 });
  });

  test('with an unreadable node: its edges are hidden but not swept', () => {
    const doc = received(({ nodes }) => nodes.set('b', 5));
    addNode(doc, { id: 'a', card: 'load', position: { x: 0, y: 0 } }, 'me');
    doc.getMap('edges').set('whatever', { source: 'a', sourcePort: 'data', target: 'b', targetPort: 'data' });
    expect(danglingEdges(doc)).toEqual([]);
    expect(projectGraph(doc, CARDS).edges).toEqual([]);
  });

  test('with bad positions, sizes, titles and no config: the node shows with defaults and a warning', () => {
    const doc = received(({ nodes }) => {
      nodes.set('a', node({ card: 'load', pos: [NaN, 0], size: [-1, 1], title: 'x'.repeat(600) }));
      nodes.set('b', node({ card: 'load', pos: 'here', title: 7, config: { plain: 1 } }));
      nodes.set('c', node({ card: 'load', pos: [1e300, 0], title: '', config: new Y.Map() }));
    });
    const graph = projectGraph(doc, CARDS);
    expect(graph.nodes.map(({ position, title, config, size }) => [position, title, config, size])).toEqual(
      [1, 2, 3].map(() => [{ x: 0, y: 0 }, '', {}, undefined]),
    );
    expect(graph.problems.map(({ code, severity }) => [code, severity])).toEqual([1, 2, 3].map(() => ['node/repaired', 'warning']));
    expect(graph.problems[0]?.message).toContain('title and position and config and size');
    expect(setConfigField(doc, 'a', 'f', 1, 'me')).toEqual({ ok: true });
    expect(readPipeline(doc).nodes.get('a')?.config).toEqual({ f: 1 });
  });

  test('with keys named __proto__: no prototype changes anywhere', () => {
    const doc = received(({ nodes, edges, meta }) => {
      nodes.set(
        '__proto__',
        node({
          card: '__proto__',
          pos: [0, 0],
          title: '',
          config: new Y.Map<unknown>([
            ['__proto__', { polluted: 1 }],
            ['ok', 1],
          ]),
        }),
      );
      nodes.set(
        'a',
        node({
          card: 'constructor',
          pos: [0, 0],
          title: '',
          config: new Y.Map([['x', JSON.parse('{"__proto__": {"polluted": 1}}') as object]]),
        }),
      );
      edges.set('__proto__', { source: 'a', sourcePort: '__proto__', target: '__proto__', targetPort: 'x' });
      meta.set('__proto__', { polluted: 1 });
    });
    const graph = projectGraph(doc, CARDS);
    expect(graph.nodes.map((found) => found.id)).toEqual(['__proto__', 'a']);
    expect(graph.nodes[0]?.config).toEqual({ ok: 1 });
    for (const found of [{}, graph, ...graph.nodes, ...graph.nodes.map((each) => each.config)]) expect('polluted' in found).toBe(false);
    const version = pinVersion(graph, new Map([['__proto__', { path: 'p', sourceHash: 'h' }]]));
    expect(Object.keys(version.cards)).toEqual(['__proto__']);
    expect(versionText(version)).toContain('"__proto__":{"path":"p"');
  });

  test('with config values that are no JSON: each is reported by field, the others stay', () => {
    const doc = received(({ nodes }) => {
      const config = new Y.Map<unknown>([
        ['good', [1, { a: 'b' }]],
        ['nan', NaN],
        ['deep', { a: { b: Infinity } }],
        ['bytes', new Uint8Array(2)],
        ['big', 5n],
        ['text', new Y.Text('x')],
        ['huge', 'x'.repeat(300_000)],
        ['u', undefined],
      ]);
      nodes.set('a', node({ card: 'load', pos: [0, 0], title: '', config }));
    });
    const graph = projectGraph(doc, CARDS);
    expect(graph.nodes[0]?.config).toEqual({ good: [1, { a: 'b' }] });
    expect(graph.problems.map((problem) => problem.field)).toEqual(['big', 'bytes', 'deep', 'huge', 'nan', 'text', 'u']);
    expect(new Set(codes(doc))).toEqual(new Set(['config/unreadable']));
  });

  test('with edges that are no edges, or under a wrong id: they are reported and can be removed', () => {
    const ends = { source: 'a', sourcePort: 'data', target: 'b', targetPort: 'data' };
    const values = [
      1,
      null,
      {},
      [],
      { ...ends, source: 5 },
      { ...ends, target: '' },
      { ...ends, targetPort: 'x'.repeat(900) },
      ends,
      new Y.Map(Object.entries(ends)),
    ];
    const doc = received(({ edges }) => values.forEach((value, index) => edges.set(`e${index}`, value)));
    expect(codes(doc)).toEqual(values.map(() => 'edge/unreadable'));
    disconnect(doc, [...doc.getMap('edges').keys()], 'me');
    expect(codes(doc)).toEqual([]);
  });

  test('with roots of another kind, huge ids or a later version: nothing throws', () => {
    const doc = received((_, attacker) => {
      attacker.getMap('x').set('y', 1);
      attacker.getMap('nodes').set('z'.repeat(100_000), node({ card: 'load' }));
      attacker.getMap('meta').set('schemaVersion', 99).valueOf();
      attacker.getMap('meta').set('title', { not: 'text' });
    });
    const graph = projectGraph(doc, CARDS);
    expect(graph.title).toBe('');
    expect(graph.problems.map((problem) => problem.code)).toEqual(['pipeline/newer-version', 'node/unreadable']);
    expect(graph.problems[1]?.nodeId).toHaveLength(200);
    const attacker = new Y.Doc();
    attacker.getArray('nodes').push([1, 2]);
    attacker.getText('edges').insert(0, 'text');
    const other = new Y.Doc();
    Y.applyUpdate(other, Y.encodeStateAsUpdate(attacker));
    expect(projectGraph(other, CARDS)).toEqual({ title: '', nodes: [], edges: [], notes: [], frames: [], problems: [] });
  });

  test.each(Array.from({ length: 40 }, (_, index) => index))(
    'made of random rubbish never makes the projection throw (seed %i)',
    (seed) => {
      const random = seededRandom(seed);
      const scraps: (() => unknown)[] = [
        () => NaN,
        () => -0,
        () => 1e308,
        () => '',
        () => '__proto__',
        () => 'load',
        () => 'split',
        () => random.pick(['note', 'frame', 'group'])!,
        () => null,
        () => [random.below(9), random.below(9)],
        () => ({ source: 'k1', sourcePort: 'data', target: `k${random.below(4)}`, targetPort: 'data' }),
        () => new Y.Text('t'),
        () => new Uint8Array(1),
        () => new Y.Map(),
      ];
      const keys = [
        'card',
        'kind',
        'color',
        'text',
        'pos',
        'size',
        'title',
        'config',
        'k1',
        'k2',
        'k3',
        '__proto__',
        'constructor',
        'toString',
      ];
      const rubbish = (depth: number): unknown =>
        depth > 0 && random.chance(0.6)
          ? new Y.Map(Array.from({ length: random.below(6) }, () => [random.pick(keys)!, rubbish(depth - 1)] as const))
          : random.pick(scraps)!();
      const doc = received((maps) => {
        for (const map of Object.values(maps)) for (let count = 0; count < 12; count++) map.set(random.pick(keys)!, rubbish(3));
      });
      const graph = projectGraph(doc, CARDS);
      expect(graph.problems.length, `seed ${seed}`).toBeGreaterThan(0);
      expect(JSON.stringify(projectGraph(doc, CARDS))).toBe(JSON.stringify(graph));
      danglingEdges(doc);
      versionText(pinVersion(graph, new Map()));
    },
  );
});
