import { getEntry, isJsonObject } from './json-entries.ts';
import type { ConfigField, JsonObject } from './manifest.ts';

/** A config field that names columns of an input's table. */
export interface ColumnField {
  many: boolean;
  /** The input whose table is meant; undefined: the first one. */
  port: string | undefined;
}

/** Undefined for a field that names none. `schema` is the card's config schema as written, in either dialect. */
export function columnField(schema: JsonObject, field: ConfigField): ColumnField | undefined {
  const properties = getEntry(schema, 'properties');
  const entry = (isJsonObject(properties) ? getEntry(properties, field.name) : undefined) ?? getEntry(schema, field.name);
  if (!isJsonObject(entry)) return undefined;
  const format = getEntry(entry, 'format');
  const many = format === 'columns' && field.type === 'json';
  if (!many && !(format === 'column' && field.type === 'string')) return undefined;
  const port = getEntry(entry, 'x-port');
  return { many, port: typeof port === 'string' ? port : undefined };
}
