import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { connect } from './connect.ts';
import { addNode } from './edit-nodes.ts';
import { edgeId } from './model.ts';
import type { EdgeEnds, KnownCard } from './model.ts';
import { projectGraph } from './project-graph.ts';
import { bestRemaps, brokenEdgesOf, remapEdges, remapOptions } from './remap-ports.ts';
import { documentText } from './test-support/document-state.ts';
import { CARDS, known, manifest } from './test-support/cards.ts';
import { PIPELINE_CARDS, randomPipeline } from './test-support/random-pipeline.ts';
import { seededRandom, type Random } from './test-support/random.ts';
import { createUndo } from './undo.ts';

const ME = { name: 'me' };
const CASES = 240;

/** load → split → train, and load → score where the types allow. */
function pipeline(): Y.Doc {
  const doc = new Y.Doc();
  for (const card of ['load', 'split', 'train']) addNode(doc, { id: card, card, position: { x: 0, y: 0 } }, ME);
  connect(doc, { source: 'load', sourcePort: 'data', target: 'split', targetPort: 'data' }, CARDS, ME);
  connect(doc, { source: 'split', sourcePort: 'train', target: 'train', targetPort: 'train' }, CARDS, ME);
  return doc;
}

const portsOf = (remaps: { ends: EdgeEnds }[]) => remaps.map(({ ends }) => `${ends.sourcePort}>${ends.targetPort}`);
const idOf = (source: string, sourcePort: string, target: string, targetPort: string) => edgeId({ source, sourcePort, target, targetPort });

test.each([
  ['renamed a little', ['rows:dataframe', 'dataset:dataframe', 'extra:json'], ['data>dataset', 'data>rows']],
  ['the only one of its type', ['unlike:dataframe', 'data2:json'], ['data>unlike']],
  ['of no type that fits', ['data2:json'], []],
  ['none at all', [], []],
])('a lost input, the others %s: the best guess comes first', (_name, inputs, expected) => {
  const cards = new Map([...CARDS, ...known(manifest('split', inputs, ['train:dataframe', 'test:dataframe']))]);
  const graph = projectGraph(pipeline(), cards);
  expect(portsOf(remapOptions(graph, idOf('load', 'data', 'split', 'data')))).toEqual(expected);
  expect(remapOptions(graph, idOf('split', 'train', 'train', 'train'))).toEqual([]);
});

test('a lost output goes to the most similar one, and a type that changed moves either end', () => {
  const lost = new Map([...CARDS, ...known(manifest('split', ['data:dataframe'], ['test:dataframe', 'training:dataframe']))]);
  expect(portsOf(remapOptions(projectGraph(pipeline(), lost), idOf('split', 'train', 'train', 'train')))).toEqual([
    'training>train',
    'test>train',
  ]);
  const changed = new Map([...CARDS, ...known(manifest('split', ['data:dataframe'], ['train:json', 'test:dataframe']))]);
  expect(portsOf(remapOptions(projectGraph(pipeline(), changed), idOf('split', 'train', 'train', 'train')))).toEqual(['test>train']);
});

test('an input that another connection feeds is not offered', () => {
  const doc = pipeline();
  const two = new Map([...CARDS, ...known(manifest('split', ['data:dataframe', 'more:dataframe'], ['train:dataframe']))]);
  addNode(doc, { id: 'load2', card: 'load', position: { x: 0, y: 0 } }, ME);
  connect(doc, { source: 'load2', sourcePort: 'data', target: 'split', targetPort: 'more' }, two, ME);
  const after = new Map([...CARDS, ...known(manifest('split', ['more:dataframe', 'third:dataframe'], ['train:dataframe']))]);
  expect(portsOf(remapOptions(projectGraph(doc, after), idOf('load', 'data', 'split', 'data')))).toEqual(['data>third']);
});

test('two lost inputs of one node get an input each, by the better name', () => {
  const doc = new Y.Doc();
  for (const [id, card] of [
    ['a', 'load'],
    ['b', 'load'],
    ['c', 'pair'],
  ])
    addNode(doc, { id: id!, card: card!, position: { x: 0, y: 0 } }, ME);
  const before = new Map([...CARDS, ...known(manifest('pair', ['left:dataframe', 'right:dataframe'], []))]);
  connect(doc, { source: 'a', sourcePort: 'data', target: 'c', targetPort: 'left' }, before, ME);
  connect(doc, { source: 'b', sourcePort: 'data', target: 'c', targetPort: 'right' }, before, ME);
  const after = new Map([...CARDS, ...known(manifest('pair', ['right_table:dataframe', 'left_table:dataframe'], []))]);
  const graph = projectGraph(doc, after);
  const best = bestRemaps(graph, brokenEdgesOf(graph, 'pair'));
  expect(best.map(({ ends }) => `${ends.source}>${ends.targetPort}`).sort()).toEqual(['a>left_table', 'b>right_table']);
  expect(remapEdges(doc, best, after, ME)).toEqual({ ok: true, remapped: 2 });
  expect(projectGraph(doc, after).edges.map((edge) => edge.broken)).toEqual([undefined, undefined]);
  expect(remapEdges(doc, best, after, ME)).toMatchObject({ ok: false });
});

test('nodes of a type that is called otherwise now, or whose card is in the trash, say so', () => {
  const cards = new Map<string, KnownCard>(CARDS);
  cards.set('split', { lost: { kind: 'renamed', cardType: 'divide' } });
  cards.set('train', { lost: { kind: 'trashed', path: 'cards/train.py' } });
  const problems = projectGraph(pipeline(), cards).problems.filter(({ code }) => code.startsWith('card/'));
  expect(problems.map(({ code, nodeId }) => [code, nodeId])).toEqual([
    ['card/renamed', 'split'],
    ['card/trashed', 'train'],
  ]);
  expect(problems[0]?.message).toContain('is called "divide" now');
  expect(problems[1]?.message).toContain('in the trash (cards/train.py)');
});

/** Each card with some ports renamed, dropped, added or of another type. */
function changedCards(random: Random): Map<string, KnownCard> {
  const ports = (list: readonly { name: string; type: string }[]) =>
    list.flatMap(({ name, type }) => {
      const kind = random.below(6);
      if (kind === 0) return [];
      const changed = kind === 1 ? `${name}_new:${type}` : kind === 2 ? `${name}:json` : `${name}:${type}`;
      return random.chance(0.2) ? [changed, `added${random.below(3)}:${type}`] : [changed];
    });
  return new Map(
    [...PIPELINE_CARDS].map(([type, { manifest: card }]) => [
      type,
      { manifest: manifest(type, [...new Set(ports(card!.inputs))], [...new Set(ports(card!.outputs))], card!.configFields) },
    ]),
  );
}

const doubled = (graph: ReturnType<typeof projectGraph>) => graph.problems.filter(({ code }) => code === 'input/doubled').length;

test(`in ${CASES} pipelines whose cards changed, every option that is offered mends its connection and nothing else, in one step`, () => {
  let applied = 0;
  let without = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const random = seededRandom(seed);
    const doc = randomPipeline(random, 3 + random.below(8));
    const cards = changedCards(random);
    const before = projectGraph(doc, cards);
    const broken = before.edges.filter((edge) => edge.broken);
    for (const edge of before.edges.filter((candidate) => !candidate.broken)) expect(remapOptions(before, edge.id)).toEqual([]);
    const options = broken.flatMap((edge) => {
      const found = remapOptions(before, edge.id);
      if (found.length === 0) without++;
      return found;
    });
    for (const option of options) {
      const copy = new Y.Doc();
      Y.applyUpdate(copy, Y.encodeStateAsUpdate(doc));
      const state = documentText(copy);
      const undo = createUndo(copy, ME);
      let updates = 0;
      copy.on('update', () => updates++);
      expect(remapEdges(copy, [option], cards, ME), `seed ${seed}`).toEqual({ ok: true, remapped: 1 });
      const after = projectGraph(copy, cards);
      expect(after.edges.find(({ id }) => id === edgeId(option.ends))?.broken, `seed ${seed}`).toBeUndefined();
      expect(doubled(after), `seed ${seed}`).toBeLessThanOrEqual(doubled(before));
      const others = (edges: { id: string }[]) => edges.filter(({ id }) => id !== option.edgeId && id !== edgeId(option.ends));
      expect(others(after.edges), `seed ${seed}`).toEqual(others(before.edges));
      expect(after.nodes, `seed ${seed}`).toEqual(before.nodes);
      expect([updates, undo.undoStack.length], `seed ${seed}`).toEqual([1, 1]);
      undo.undo();
      expect(documentText(copy), `seed ${seed}`).toBe(state);
      applied++;
    }
  }
  expect([applied > 100, without > 20]).toEqual([true, true]);
});

test(`in ${CASES} pipelines, mending everything at once mends each connection that it names and doubles no input`, () => {
  let mended = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const random = seededRandom(seed);
    const doc = randomPipeline(random, 3 + random.below(8));
    const cards = changedCards(random);
    const before = projectGraph(doc, cards);
    const broken = before.edges.filter((edge) => edge.broken).map((edge) => edge.id);
    const best = bestRemaps(before, broken);
    expect(bestRemaps(before, broken.toReversed()), `seed ${seed}`).toEqual(best);
    if (best.length === 0) continue;
    expect(remapEdges(doc, best, cards, ME), `seed ${seed}`).toEqual({ ok: true, remapped: best.length });
    const after = projectGraph(doc, cards);
    for (const { ends } of best) expect(after.edges.find(({ id }) => id === edgeId(ends))?.broken, `seed ${seed}`).toBeUndefined();
    expect(after.edges.length, `seed ${seed}`).toBe(before.edges.length);
    expect(doubled(after), `seed ${seed}`).toBeLessThanOrEqual(doubled(before));
    mended += best.length;
  }
  expect(mended).toBeGreaterThan(100);
});

test('a port that was renamed and is the only one left without a connection is found, whatever it is called', () => {
  for (let seed = 1; seed <= CASES; seed++) {
    const random = seededRandom(seed);
    const doc = pipeline();
    const name = String.fromCodePoint(...Array.from({ length: 1 + random.below(12) }, () => 97 + random.below(26)));
    const cards = new Map([...CARDS, ...known(manifest('split', [`${name}:dataframe`], ['train:dataframe', 'test:dataframe']))]);
    const graph = projectGraph(doc, cards);
    const best = bestRemaps(graph, brokenEdgesOf(graph, 'split'));
    expect(portsOf(best), `seed ${seed}`).toEqual(name === 'data' ? [] : [`data>${name}`]);
  }
});
