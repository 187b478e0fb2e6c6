import type { ConfigField } from '@ensemble/cards';
import { expect, test } from 'vitest';
import { editorOf, listOf, tagsOf } from './field-editor.ts';

const field = (name: string, type: ConfigField['type']): ConfigField => ({ name, type, label: name, required: false });

test('columns are picked from the table of the port that the field names, in both dialects', () => {
  const target = { type: 'string', format: 'column', 'x-port': 'train' };
  expect(editorOf({ type: 'object', properties: { target } }, field('target', 'string'))).toEqual({ kind: 'column', port: 'train' });
  expect(editorOf({ target }, field('target', 'string'))).toEqual({ kind: 'column', port: 'train' });
  expect(editorOf({ by: { type: 'array', format: 'columns' } }, field('by', 'json'))).toEqual({ kind: 'columns', port: undefined });
});

test('a field that is named like a part of a schema is a field', () => {
  const schema = { type: 'object', properties: { format: { type: 'array', items: { type: 'number' } } } };
  expect(editorOf(schema, field('format', 'json'))).toEqual({ kind: 'list', items: 'number' });
  expect(editorOf({}, field('constructor', 'string'))).toEqual({ kind: 'plain' });
});

test('a list of anything but texts and numbers is edited as JSON', () => {
  expect(editorOf({ a: { type: 'array', items: { type: 'object' } } }, field('a', 'json'))).toEqual({ kind: 'plain' });
  expect(editorOf({ a: { type: 'array' } }, field('a', 'json'))).toEqual({ kind: 'plain' });
});

test('tags hold every list they can give back unchanged, and refuse the others', () => {
  for (const list of [[], [1, 0.5], [-3]]) expect(listOf(tagsOf(list, 'number') ?? ['no'], 'number')).toEqual(list);
  expect(tagsOf(['a', 1], 'string')).toBeUndefined();
  expect(tagsOf(['a', 'a'], 'string')).toBeUndefined();
  expect(tagsOf('a', 'string')).toBeUndefined();
  expect(tagsOf(undefined, 'string')).toEqual([]);
});
