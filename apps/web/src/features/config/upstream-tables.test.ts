import type { ProjectedGraph } from '@ensemble/pipeline';
import { expect, test } from 'vitest';
import { upstreamTables } from './upstream-tables.ts';

const graphOf = (edges: string[], configs: Record<string, object> = {}) => {
  const parsed = edges.map((text) => {
    const [, source, sourcePort, target, targetPort] = /^(\w+)\.(\w+) > (\w+)\.(\w+)$/.exec(text)!;
    return { id: text, source, sourcePort, target, targetPort, type: 'dataframe' };
  });
  const ids = new Set(parsed.flatMap(({ source, target }) => [source, target]));
  return { nodes: [...ids].map((id) => ({ id, config: configs[id!] ?? {} })), edges: parsed } as unknown as ProjectedGraph;
};

test('the nearest table comes first, the file at the start last', () => {
  const file = { $file: 'ab', name: 'churn.csv' };
  const graph = graphOf(['load.dataset > split.dataset', 'split.train > fit.train', 'split.test > fit.test'], { load: { file } });
  expect(upstreamTables(graph, 'fit', 'train')).toEqual([
    { kind: 'output', nodeId: 'split', port: 'train' },
    { kind: 'output', nodeId: 'load', port: 'dataset' },
    { kind: 'file', sha256: 'ab', name: 'churn.csv' },
  ]);
});

test('a loop ends', () => {
  expect(upstreamTables(graphOf(['a.x > b.x', 'b.x > a.x']), 'a', undefined)).toHaveLength(2);
});

test('a port that nothing feeds knows no table', () => {
  expect(upstreamTables(graphOf(['a.x > b.x']), 'b', 'y')).toEqual([]);
});
