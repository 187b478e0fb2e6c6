import { describe, expect, test } from 'vitest';
import { readPreview } from './preview-shape.ts';

describe('table previews', () => {
  test('columns as names, rows as lists', () => {
    expect(readPreview('table', { columns: ['a', 'b'], rows: [[1, 'x']], total_rows: 150 })).toEqual({
      kind: 'tables',
      tables: [{ columns: [{ name: 'a' }, { name: 'b' }], rows: [[1, 'x']], totalRows: 150 }],
      notes: [],
    });
  });

  test('columns with types, rows as records; a missing cell is null', () => {
    const value = {
      columns: [
        { name: 'a', dtype: 'int64' },
        { name: 'b', dtype: 'object' },
      ],
      rows: [{ a: 1 }],
      shape: { rows: 9, cols: 2 },
    };
    expect(readPreview('table', value)).toEqual({
      kind: 'tables',
      tables: [
        {
          columns: [
            { name: 'a', type: 'int64' },
            { name: 'b', type: 'object' },
          ],
          rows: [[1, null]],
          totalRows: 9,
        },
      ],
      notes: [],
    });
  });

  test('two tables side by side, the rest as notes', () => {
    const value = { train: { rows: [{ a: 1 }], row_count: 120 }, test: { rows: [{ a: 2 }], row_count: 30 }, split_ratio: 0.2 };
    expect(readPreview('table', value)).toEqual({
      kind: 'tables',
      tables: [
        { title: 'train', columns: [{ name: 'a' }], rows: [[1]], totalRows: 120 },
        { title: 'test', columns: [{ name: 'a' }], rows: [[2]], totalRows: 30 },
      ],
      notes: [{ name: 'split_ratio', value: 0.2 }],
    });
  });

  test('a cell named like a prototype member is data, not the prototype', () => {
    const shape = readPreview('table', { columns: ['constructor'], rows: [{}] });
    expect(shape).toMatchObject({ tables: [{ rows: [[null]] }] });
  });

  test('anything else falls back to JSON with a warning', () => {
    expect(readPreview('table', { hello: 1 })).toMatchObject({ kind: 'json', warning: expect.stringContaining('table') as string });
    expect(readPreview('table', [1, 2])).toMatchObject({ kind: 'json' });
  });
});

describe('metrics previews', () => {
  test('flat: every number or text is a tile, NaN included', () => {
    expect(readPreview('metrics', { accuracy: 0.9, auc: Number.NaN, model: 'svc' })).toEqual({
      kind: 'metrics',
      tiles: [
        { name: 'accuracy', value: 0.9 },
        { name: 'auc', value: Number.NaN },
        { name: 'model', value: 'svc' },
      ],
      groups: [],
      tables: [],
      matrices: [],
      charts: [],
    });
  });

  test('a square of numbers over labels is a matrix; a ragged one is a table like any other', () => {
    const rows = [
      [3, 0],
      [1, 2],
    ];
    const value = { metrics: { accuracy: 1 }, confusion_matrix: { labels: ['a', 7], rows } };
    expect(readPreview('metrics', value)).toMatchObject({
      tiles: [{ name: 'accuracy', value: 1 }],
      tables: [],
      matrices: [{ title: 'confusion_matrix', labels: ['a', '7'], rows }],
    });
    expect(readPreview('metrics', { m: { labels: ['a', 'b'], rows: [[1], [2, 3]] } })).toMatchObject({
      matrices: [],
      tables: [{ title: 'm' }],
    });
  });

  test('a chart among the metrics is drawn as a chart', () => {
    const spec = { $schema: 'https://vega.github.io/schema/vega-lite/v6.json', mark: 'bar' };
    expect(readPreview('metrics', { loss: spec })).toMatchObject({ charts: [spec], groups: [] });
  });

  test('nested: metrics become tiles, coefficients a group, the chart a reference', () => {
    const value = { metrics: { r2: 0.5 }, coefficients: { age: 1.5 }, intercept: 2, chart_ref: 'node/chart.png' };
    expect(readPreview('metrics', value)).toEqual({
      kind: 'metrics',
      tiles: [
        { name: 'r2', value: 0.5 },
        { name: 'intercept', value: 2 },
      ],
      groups: [{ title: 'coefficients', facts: [{ name: 'age', value: 1.5 }] }],
      tables: [],
      matrices: [],
      charts: [],
      chartRef: 'node/chart.png',
    });
  });
});

describe('other previews', () => {
  test('a model summary, nested or flat', () => {
    expect(readPreview('model_summary', { model_type: 'SVC', hyperparameters: { C: 1 } })).toEqual({
      kind: 'model',
      modelType: 'SVC',
      groups: [{ title: 'hyperparameters', facts: [{ name: 'C', value: 1 }] }],
    });
    expect(readPreview('model_summary', { model_type: 'SVC', C: 1 })).toEqual({
      kind: 'model',
      modelType: 'SVC',
      groups: [{ facts: [{ name: 'C', value: 1 }] }],
    });
  });

  test('images are bitmaps; an SVG is refused because it may carry script', () => {
    expect(readPreview('image', { image: 'iVBORw0KGgo=' })).toEqual({ kind: 'image', source: 'data:image/png;base64,iVBORw0KGgo=' });
    expect(readPreview('image', 'data:image/svg+xml;base64,AAAA')).toMatchObject({ kind: 'json' });
    expect(readPreview('image', 'javascript:alert(1)')).toMatchObject({ kind: 'json' });
  });

  test('a saved image is named by its reference', () => {
    expect(readPreview('image', { image_ref: 'n/plot.png' })).toEqual({ kind: 'image-artifact', reference: 'n/plot.png' });
    expect(readPreview('image', 'plot.png')).toEqual({ kind: 'image-artifact', reference: 'plot.png' });
    expect(readPreview('image', 'https://example.org/plot.png')).toMatchObject({ kind: 'json' });
  });

  test('a chart is a specification, bare or wrapped; options for the embedding page are dropped', () => {
    const spec = { mark: 'point', data: { values: [] } };
    expect(readPreview('chart', spec)).toEqual({ kind: 'chart', spec });
    expect(readPreview('chart', { spec: { ...spec, usermeta: { embedOptions: { ast: false } } } })).toEqual({ kind: 'chart', spec });
    expect(readPreview('chart', { hello: 1 })).toMatchObject({ kind: 'json', warning: expect.stringContaining('chart') as string });
  });

  test('html is text until it is in its frame', () => {
    expect(readPreview('html', { html: '<b>x</b>' })).toEqual({ kind: 'html', html: '<b>x</b>' });
    expect(readPreview('html', 3)).toMatchObject({ kind: 'json' });
  });

  test('a view named like a prototype member is unknown', () => {
    expect(readPreview('constructor', { a: 1 })).toMatchObject({ kind: 'json', warning: 'There is no view named “constructor”.' });
  });

  test('an unknown view is shown as JSON and says so', () => {
    expect(readPreview('hologram', 1)).toEqual({ kind: 'json', value: 1, warning: 'There is no view named “hologram”.' });
  });
});
