import type { CardManifest } from '@ensemble/cards';
import type { ProjectedGraph } from '@ensemble/pipeline';
import { expect, test } from 'vitest';
import { rememberedColumns } from './remembered-columns.ts';

const manifest: CardManifest = {
  cardType: 'list',
  className: 'List',
  displayName: 'List',
  description: '',
  category: 'data',
  executionMode: 'local',
  outputViewType: 'table',
  configSchema: {},
  configFields: [],
  inputs: [],
  outputs: [{ name: 'out', type: 'dataframe' }],
  outputColumns: { out: ['a'] },
  resources: { gpu: 0, timeoutSeconds: 1, network: [] },
  requirements: [],
  retries: 0,
  cache: true,
  scratch: false,
};
const graphAt = (x: number, card = manifest): Pick<ProjectedGraph, 'nodes' | 'edges'> => ({
  nodes: [{ id: 'n', card: 'list', title: '', position: { x, y: 0 }, config: {}, manifest: card }],
  edges: [],
});

test('a moved card costs nothing; a new card, another result or another fingerprint is looked at', () => {
  const columnsOf = rememberedColumns();
  const none = { made: [], files: new Map() };
  const first = columnsOf(graphAt(0), new Map([['n', 'f']]), none);
  expect(first.get('n')?.outputs.get('out')?.columns).toEqual([{ name: 'a' }]);
  expect(columnsOf(graphAt(50), new Map([['n', 'f']]), none)).toBe(first);
  const fingerprint = columnsOf(graphAt(50), new Map([['n', 'g']]), none);
  expect(fingerprint).not.toBe(first);
  const other = columnsOf(graphAt(50, { ...manifest, outputColumns: { out: ['b'] } }), new Map([['n', 'g']]), none);
  expect(other.get('n')?.outputs.get('out')?.columns).toEqual([{ name: 'b' }]);
  expect(columnsOf(graphAt(50), new Map([['n', 'g']]), { ...none })).not.toBe(fingerprint);
});
