/** Which editor a config field asks for beyond its type: columns of a table, or a list of plain values. Pure. */
import type { ConfigField, JsonObject, JsonValue } from '@ensemble/cards';

export type FieldEditor =
  /** `port`: the input whose table has the columns; undefined: the first one. */
  { kind: 'column' | 'columns'; port: string | undefined } | { kind: 'list'; items: 'string' | 'number' } | { kind: 'plain' };

const isObject = (value: JsonValue | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const entryOf = (object: JsonObject, key: string): JsonValue | undefined => (Object.hasOwn(object, key) ? object[key] : undefined);

/** `schema` is the card's config schema as written, in either dialect. */
export function editorOf(schema: JsonObject, field: ConfigField): FieldEditor {
  const properties = entryOf(schema, 'properties');
  const inProperties = isObject(properties) ? entryOf(properties, field.name) : undefined;
  const entry = inProperties ?? entryOf(schema, field.name);
  if (!isObject(entry)) return { kind: 'plain' };
  const format = entryOf(entry, 'format');
  const port = entryOf(entry, 'x-port');
  if (format === 'column' && field.type === 'string') return { kind: 'column', port: typeof port === 'string' ? port : undefined };
  if (format === 'columns' && field.type === 'json') return { kind: 'columns', port: typeof port === 'string' ? port : undefined };
  if (field.type !== 'json' || field.options !== undefined) return { kind: 'plain' };
  const items = entryOf(entry, 'items');
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
