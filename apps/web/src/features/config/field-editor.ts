/** Which editor a config field asks for beyond its type: columns of a table, or a list of plain values. Pure. */
import { columnField } from '@ensemble/cards';
import type { CardManifest, ConfigField, JsonObject, JsonValue } from '@ensemble/cards';
import { columnPort } from '@ensemble/pipeline';

export type FieldEditor =
  /** `port`: the input whose table has the columns, if the card has one. */
  { kind: 'column' | 'columns'; port: string | undefined } | { kind: 'list'; items: 'string' | 'number' } | { kind: 'plain' };

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const entryOf = (object: JsonObject, key: string): JsonValue | undefined => (Object.hasOwn(object, key) ? object[key] : undefined);

export function editorOf(manifest: Pick<CardManifest, 'configSchema' | 'inputs'>, field: ConfigField): FieldEditor {
  const columns = columnField(manifest.configSchema, field);
  if (columns) return { kind: columns.many ? 'columns' : 'column', port: columnPort(manifest, columns) };
  if (field.type !== 'json' || field.options !== undefined) return { kind: 'plain' };
  const schema = manifest.configSchema;
  const properties = entryOf(schema, 'properties');
  const entry = (isObject(properties) ? entryOf(properties, field.name) : undefined) ?? entryOf(schema, field.name);
  const items = isObject(entry) ? entryOf(entry, 'items') : undefined;
  const item = isObject(items) ? entryOf(items, 'type') : undefined;
  if (item === 'string') return { kind: 'list', items: 'string' };
  return item === 'number' || item === 'integer' ? { kind: 'list', items: 'number' } : { kind: 'plain' };
}

/** A list as tags; undefined when it holds anything a tag cannot stand for, so that nothing is lost by editing. */
export function tagsOf(value: JsonValue | undefined, items: 'string' | 'number'): string[] | undefined {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value) || !value.every((item) => typeof item === items)) return undefined;
  const tags = value.map(String);
  return new Set(tags).size === tags.length ? tags : undefined;
}

/** Tags back to a list; what is no number is left out. */
export const listOf = (tags: readonly string[], items: 'string' | 'number'): JsonValue[] =>
  items === 'string' ? [...tags] : tags.map((tag) => Number(tag.replace(',', '.'))).filter((value) => Number.isFinite(value));
