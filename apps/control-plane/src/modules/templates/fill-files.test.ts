import { expect, test } from 'vitest';
import { fillFiles } from './fill-files.ts';

test('a field that names a file of the folder gets the stored file, wherever it is', () => {
  const stored = new Map([['data/a.csv', { sha256: 'f'.repeat(64), name: 'a.csv' }]]);
  const pipeline = { nodes: [{ data: { config: { file: { $file: 'data/a.csv' }, other: { $file: 'b.csv' }, n: 1 } } }], edges: [] };
  expect(fillFiles(pipeline, stored)).toEqual({
    nodes: [{ data: { config: { file: { $file: 'f'.repeat(64), name: 'a.csv' }, other: { $file: 'b.csv' }, n: 1 } } }],
    edges: [],
  });
});
