import { expect, test } from 'vitest';
import { fitToWidth } from './fit-to-width.ts';
import type { ChartSpec } from './preview-shape.ts';

test('a single view takes the width of its place and keeps its own height', () => {
  expect(fitToWidth({ mark: 'bar', width: 4000, height: 90 })).toMatchObject({ width: 'container', height: 90 });
  expect(fitToWidth({ layer: [] })).toMatchObject({ width: 'container', height: 260 });
});

test('views that cannot be fitted stay as they are', () => {
  const composed: ChartSpec[] = [
    { hconcat: [] },
    { mark: 'bar', encoding: { row: { field: 'a' } } },
    { $schema: 'https://vega.github.io/schema/vega/v6.json', marks: [], width: 300 },
  ];
  for (const spec of composed) expect(fitToWidth(spec)).toEqual(spec);
});
