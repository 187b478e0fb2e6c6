import type { CardManifest, ConfigField } from '@ensemble/cards';
import { expect, test } from 'vitest';
import * as Y from 'yjs';
import { columnProblems } from './column-problems.ts';
import { connect } from './connect.ts';
import { addNode, setBypass, setConfigField } from './edit-nodes.ts';
import { knownColumns } from './known-columns.ts';
import type { ColumnSources } from './known-columns.ts';
import { pinnedLineages } from './lineage.ts';
import { setPin } from './pins.ts';
import { liveFingerprints, pinVersion } from './pinned-version.ts';
import { projectGraph } from './project-graph.ts';
import { known, manifest } from './test-support/cards.ts';

const column = (name: string, more: Partial<ConfigField> = {}): ConfigField => ({
  name,
  type: 'string',
  label: name,
  required: false,
  ...more,
});
const naming = (card: CardManifest, ...fields: string[]): CardManifest => ({
  ...card,
  configSchema: Object.fromEntries(
    card.configFields
      .filter(({ name }) => fields.includes(name))
      .map(({ name, type }) => [name, { format: type === 'json' ? 'columns' : 'column' }]),
  ),
});

/** read → rename → sort → train: a file, columns that only a run tells, columns that stay, columns that are named. */
const CARDS = known(
  {
    ...manifest('read', [], ['data:dataframe'], [column('file', { type: 'file' }), column('header', { type: 'boolean', default: true })]),
    outputColumns: { data: 'file' },
  },
  manifest('rename', ['data:dataframe'], ['data:dataframe'], [column('to')]),
  { ...naming(manifest('sort', ['data:dataframe'], ['data:dataframe'], [column('by')]), 'by'), outputColumns: { data: 'data' } },
  { ...manifest('facts', ['data:dataframe'], ['facts:dataframe']), outputColumns: { facts: ['name', 'mean'] } },
  naming(
    manifest(
      'train',
      ['data:dataframe'],
      ['model:model'],
      [column('target', { required: true, default: 'target' }), column('skip', { default: 'id' }), column('features', { type: 'json' })],
    ),
    'target',
    'skip',
    'features',
  ),
);
const SOURCES = new Map([...CARDS.keys()].map((card) => [card, { path: `cards/${card}.py`, sourceHash: card }]));
const FILE = { $file: 'a'.repeat(64), name: 'houses.csv' };
const columns = [
  { name: 'id', type: 'BIGINT' },
  { name: 'price', type: 'DOUBLE' },
];
const FILES: ColumnSources['files'] = new Map([[FILE.$file, { columns, certain: true }]]);

function pipeline(...cards: string[]): Y.Doc {
  const doc = new Y.Doc();
  cards.forEach((card, index) => {
    addNode(doc, { id: card, card, position: { x: index, y: 0 }, config: card === 'read' ? { file: FILE } : {} }, 'me');
    const source = cards[index - 1];
    if (source !== undefined) connect(doc, { source, sourcePort: 'data', target: card, targetPort: 'data' }, CARDS, 'me');
  });
  return doc;
}

const look = (doc: Y.Doc, made: ColumnSources['made'] = [], files = FILES) => {
  const graph = projectGraph(doc, CARDS);
  const tables = knownColumns(graph, liveFingerprints(graph, SOURCES), { made, files });
  const table = (id: string, side: 'inputs' | 'outputs', port = 'data') => {
    const found = tables.get(id)?.[side].get(port);
    return found && `${found.columns.map(({ name }) => name).join(' ')}${found.certain ? '' : '?'}`;
  };
  return { table, problems: columnProblems(graph, tables) };
};

/** What a run of the document as it is now would leave. */
const runOf = (doc: Y.Doc, nodeId: string, ...names: string[]): ColumnSources['made'] => {
  const lineage = pinnedLineages(pinVersion(projectGraph(doc, CARDS), SOURCES)).get(nodeId)!;
  return [{ nodeId, port: 'data', lineage, columns: names.map((name) => ({ name })) }];
};

test('columns go from a file through cards that keep them, and a card may list its own', () => {
  const { table } = look(pipeline('read', 'sort', 'facts'));
  expect(table('read', 'outputs')).toBe('id price');
  expect(table('sort', 'inputs')).toBe('id price');
  expect(table('sort', 'outputs')).toBe('id price');
  expect(table('facts', 'outputs', 'facts')).toBe('name mean');
});

test('what a card makes of a table is a guess until a run of exactly this state tells', () => {
  const doc = pipeline('read', 'rename', 'sort');
  expect(look(doc).table('rename', 'outputs')).toBe('id price?');
  expect(look(doc).table('sort', 'outputs')).toBe('id price?');
  const ran = runOf(doc, 'rename', 'id', 'cost');
  expect(look(doc, ran).table('rename', 'outputs')).toBe('id cost');
  expect(look(doc, ran).table('sort', 'outputs')).toBe('id cost');
  setConfigField(doc, 'rename', 'to', 'value', 'me');
  expect(look(doc, ran).table('sort', 'outputs')).toBe('id cost?');
});

test('a change anywhere upstream makes a result a guess; a change beside it or below does not', () => {
  const doc = pipeline('read', 'sort', 'rename', 'train');
  const ran = runOf(doc, 'rename', 'cost');
  setConfigField(doc, 'train', 'target', 'cost', 'me');
  expect(look(doc, ran).table('train', 'inputs')).toBe('cost');
  setConfigField(doc, 'sort', 'by', 'id', 'me');
  expect(look(doc, ran).table('train', 'inputs')).toBe('cost?');
});

test('a file is no certain source when another setting could make other columns of it, or when it is not known', () => {
  const doc = pipeline('read', 'sort');
  expect(look(doc, [], new Map()).table('sort', 'inputs')).toBeUndefined();
  setConfigField(doc, 'read', 'header', true, 'me');
  expect(look(doc).table('sort', 'inputs')).toBe('id price');
  setConfigField(doc, 'read', 'header', false, 'me');
  expect(look(doc).table('sort', 'inputs')).toBe('id price?');
  expect(look(doc, runOf(doc, 'read', 'column_1')).table('sort', 'inputs')).toBe('column_1');
});

test('what was measured beats what a card says of itself', () => {
  const doc = pipeline('read', 'sort');
  expect(look(doc, runOf(doc, 'sort', 'surprise')).table('sort', 'outputs')).toBe('surprise');
});

test('tables pass a bypassed card as they came, also when its result is known', () => {
  const doc = pipeline('read', 'rename', 'sort');
  const ran = runOf(doc, 'rename', 'cost');
  setBypass(doc, ['rename'], true, 'me');
  expect(look(doc, ran).table('sort', 'inputs')).toBe('id price');
});

test('a pinned result may be of another state: neither it nor what is made of it is certain', () => {
  const doc = pipeline('read', 'rename', 'sort');
  const ran = [...runOf(doc, 'rename', 'cost'), ...runOf(doc, 'sort', 'cost')];
  expect(look(doc, ran).table('sort', 'outputs')).toBe('cost');
  setPin(doc, ['rename'], { runId: 'old' }, 'me');
  expect(look(doc, ran).table('rename', 'outputs')).toBe('cost?');
  expect(look(doc, ran).table('sort', 'outputs')).toBe('cost?');
  setBypass(doc, ['rename'], true, 'me');
  expect(look(doc, ran).table('sort', 'outputs')).toBe('id price');
});

test('nothing is known on a circle, and nothing breaks', () => {
  const graph = projectGraph(pipeline('sort', 'rename'), CARDS);
  const back = { id: 'back', source: 'rename', sourcePort: 'data', target: 'sort', targetPort: 'data', type: 'dataframe' };
  const made = [{ nodeId: 'sort', port: 'data', lineage: '', columns: [{ name: 'a' }] }];
  const tables = knownColumns({ nodes: graph.nodes, edges: [...graph.edges, back] }, liveFingerprints(graph, SOURCES), {
    made,
    files: FILES,
  });
  expect([...tables.keys()]).toEqual([]);
});

test('a field that names a missing column is a warning at the field, with the column that was probably meant', () => {
  const doc = pipeline('read', 'train');
  setConfigField(doc, 'train', 'target', 'pirce', 'me');
  expect(look(doc).problems).toEqual([
    {
      code: 'config/unknown-column',
      severity: 'warning',
      message: '"target" names "pirce", but the table at "data" has no such column. Did you mean "price"?',
      nodeId: 'train',
      field: 'target',
    },
  ]);
  setConfigField(doc, 'train', 'target', ' price ', 'me');
  expect(look(doc).problems).toEqual([]);
  setConfigField(doc, 'train', 'features', ['id', 'a', 'b', 'c', 'd'], 'me');
  expect(look(doc).problems.map(({ message }) => message)).toEqual([
    '"features" names "a", "b", "c" and 1 more, but the table at "data" has no such column. Choose among its columns.',
  ]);
});

test('a default that is not there counts only where the card cannot do without', () => {
  const doc = pipeline('read', 'train');
  expect(look(doc).problems.map(({ field }) => field)).toEqual(['target']);
  expect(look(doc, [], new Map([[FILE.$file, { columns: [{ name: 'target' }], certain: true }]])).problems).toEqual([]);
});

test('nothing is said of a table that is not known for certain, nor of a card that does not run', () => {
  const doc = pipeline('read', 'rename', 'train');
  setConfigField(doc, 'train', 'target', 'pirce', 'me');
  expect(look(doc).problems).toEqual([]);
  expect(look(doc, runOf(doc, 'rename', 'price')).problems).toHaveLength(1);
  setBypass(doc, ['train'], true, 'me');
  expect(look(doc, runOf(doc, 'rename', 'price')).problems).toEqual([]);
});
