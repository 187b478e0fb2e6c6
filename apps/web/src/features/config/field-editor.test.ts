import type { ConfigField, JsonObject } from '@ensemble/cards';
import { expect, test } from 'vitest';
import { editorOf, listOf, tagsOf } from './field-editor.ts';

const card = (configSchema: JsonObject) => ({
  configSchema,
  inputs: [
    { name: 'model', type: 'model' },
    { name: 'rows', type: 'dataframe' },
  ],
});
const field = (name: string, type: ConfigField['type']): ConfigField => ({ name, type, label: name, required: false });

test('columns are picked from the table of the port that the field names, else of the first, in both dialects', () => {
  const target = { type: 'string', format: 'column', 'x-port': 'train' };
  expect(editorOf(card({ type: 'object', properties: { target } }), field('target', 'string'))).toEqual({ kind: 'column', port: 'train' });
  expect(editorOf(card({ target }), field('target', 'string'))).toEqual({ kind: 'column', port: 'train' });
  expect(editorOf(card({ by: { type: 'array', format: 'columns' } }), field('by', 'json'))).toEqual({ kind: 'columns', port: 'rows' });
});

test('a field that is named like a part of a schema is a field', () => {
  const schema = { type: 'object', properties: { format: { type: 'array', items: { type: 'number' } } } };
  expect(editorOf(card(schema), field('format', 'json'))).toEqual({ kind: 'list', items: 'number' });
  expect(editorOf(card({}), field('constructor', 'string'))).toEqual({ kind: 'plain' });
});

test('a list of anything but texts and numbers is edited as JSON', () => {
  expect(editorOf(card({ a: { type: 'array', items: { type: 'object' } } }), field('a', 'json'))).toEqual({ kind: 'plain' });
  expect(editorOf(card({ a: { type: 'array' } }), field('a', 'json'))).toEqual({ kind: 'plain' });
});

test('tags hold every list they can give back unchanged, and refuse the others', () => {
  for (const list of [[], [1, 0.5], [-3]]) expect(listOf(tagsOf(list, 'number') ?? ['no'], 'number')).toEqual(list);
  expect(tagsOf(['a', 1], 'string')).toBeUndefined();
  expect(tagsOf(['a', 'a'], 'string')).toBeUndefined();
  expect(tagsOf('a', 'string')).toBeUndefined();
  expect(tagsOf(undefined, 'string')).toEqual([]);
});
