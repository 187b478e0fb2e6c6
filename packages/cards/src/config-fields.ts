/**
 * Both dialects of a card's `config_schema` in one form. Knows nothing of values people enter.
 */
import { checkConfig } from './config-values.ts';
import { getEntry, isJsonObject } from './json-entries.ts';
import type { ConfigField, JsonObject, JsonValue } from './manifest.ts';

interface SchemaProblem {
  severity: 'error' | 'warning';
  code: 'card/config-schema' | 'card/unknown-field-type' | 'card/config-default';
  message: string;
}

export interface ConfigSchemaReading {
  fields: ConfigField[];
  problems: SchemaProblem[];
}

const FIELD_TYPES = new Map<string, ConfigField['type']>([
  ...(['string', 'str', 'text', 'textarea', 'password', 'select', 'dropdown', 'enum', 'choice', 'code'] as const).map(
    (name) => [name, 'string'] as const,
  ),
  ...(['number', 'float', 'double', 'slider'] as const).map((name) => [name, 'number'] as const),
  ...(['integer', 'int'] as const).map((name) => [name, 'integer'] as const),
  ...(['boolean', 'bool', 'checkbox', 'toggle'] as const).map((name) => [name, 'boolean'] as const),
  ['file', 'file'],
  ['secret', 'secret'],
  ...(['json', 'object', 'array', 'dict', 'list'] as const).map((name) => [name, 'json'] as const),
]);

export function readConfigSchema(schema: JsonObject): ConfigSchemaReading {
  const problems: SchemaProblem[] = [];
  const jsonSchema = isJsonSchema(schema);
  const properties = jsonSchema ? (getEntry(schema, 'properties') ?? {}) : schema;
  if (!isJsonObject(properties)) {
    problems.push({
      severity: 'error',
      code: 'card/config-schema',
      message: 'config_schema["properties"] must be a dict of fields; write it so.',
    });
    return { fields: [], problems };
  }
  const required = jsonSchema ? requiredNames(schema, properties, problems) : [];
  const fields: ConfigField[] = [];
  for (const [name, written] of Object.entries(properties)) {
    const entry = typeof written === 'string' && FIELD_TYPES.has(written) ? { type: written } : written === true ? {} : written;
    if (!isJsonObject(entry)) {
      const message = `The config field "${name}" must be a dict such as {"type": "string", "label": "Name", "default": ""}; write it so.`;
      problems.push({ severity: 'error', code: 'card/config-schema', message });
      continue;
    }
    fields.push(readField(name, entry, required.includes(name), problems));
  }
  return { fields, problems };
}

/** A flat schema may have fields called `type` or `properties`, but their values are dicts with a type. */
function isJsonSchema(schema: JsonObject): boolean {
  const properties = getEntry(schema, 'properties');
  if (getEntry(schema, 'type') === 'object') return true;
  return isJsonObject(properties) && typeof getEntry(properties, 'type') !== 'string';
}

function requiredNames(schema: JsonObject, properties: JsonObject, problems: SchemaProblem[]): string[] {
  const written = getEntry(schema, 'required') ?? [];
  const names = Array.isArray(written) ? written.filter((name) => typeof name === 'string') : [];
  if (!Array.isArray(written) || names.length !== written.length) {
    problems.push({
      severity: 'error',
      code: 'card/config-schema',
      message: 'config_schema["required"] must be a list of field names; write it so.',
    });
  }
  for (const name of names) {
    if (Object.hasOwn(properties, name)) continue;
    const message = `config_schema requires "${name}" but describes no such field; add it to the properties or take it out of "required".`;
    problems.push({ severity: 'warning', code: 'card/config-schema', message });
  }
  return names;
}

function readField(name: string, entry: JsonObject, listedAsRequired: boolean, problems: SchemaProblem[]): ConfigField {
  const label = textOf(entry, 'label') ?? textOf(entry, 'title') ?? labelOf(name);
  const options = readOptions(entry);
  const type = readType(name, entry, options, problems);
  const field: ConfigField = { name, type, label, required: listedAsRequired || getEntry(entry, 'required') === true };
  const description = textOf(entry, 'description') ?? textOf(entry, 'help');
  const standard = getEntry(entry, 'default');
  const minimum = numberOf(entry, 'minimum') ?? numberOf(entry, 'min');
  const maximum = numberOf(entry, 'maximum') ?? numberOf(entry, 'max');
  if (description !== undefined) field.description = description;
  if (options !== undefined) field.options = options;
  if (minimum !== undefined) field.minimum = minimum;
  if (maximum !== undefined) field.maximum = maximum;
  if (minimum !== undefined && maximum !== undefined && minimum > maximum) {
    const message = `The config field "${name}" has a minimum of ${minimum} above its maximum of ${maximum}; exchange them.`;
    problems.push({ severity: 'error', code: 'card/config-schema', message });
  }
  if (standard === undefined) return field;
  const misfit = standard === null || standard === '' ? undefined : checkConfig([field], { [name]: standard })[0];
  if (misfit !== undefined) {
    const message = `The default of the config field "${name}" does not fit it: ${misfit.message}`;
    problems.push({ severity: 'warning', code: 'card/config-default', message });
  }
  field.default = standard;
  return field;
}

function readType(name: string, entry: JsonObject, options: JsonValue[] | undefined, problems: SchemaProblem[]): ConfigField['type'] {
  const format = getEntry(entry, 'format');
  if (format === 'file' || format === 'secret') return format;
  const written = getEntry(entry, 'type');
  const single = Array.isArray(written) ? written.filter((type) => type !== 'null') : [written];
  const type = single.length === 1 ? single[0] : undefined;
  if (type === undefined && !Array.isArray(written)) return typeOfValue(getEntry(entry, 'default') ?? options?.[0]);
  const known = typeof type === 'string' ? FIELD_TYPES.get(type.toLowerCase()) : undefined;
  if (known === 'string' && options !== undefined)
    return typeOfValue(options.every((option) => typeof option === typeof options[0]) ? options[0] : undefined);
  if (known !== undefined) return known;
  const message = `The config field "${name}" has the type ${JSON.stringify(written)}, which has no form of its own and is edited as JSON; use string, number, integer, boolean or file.`;
  problems.push({ severity: 'warning', code: 'card/unknown-field-type', message });
  return 'json';
}

function typeOfValue(value: JsonValue | undefined): ConfigField['type'] {
  if (typeof value === 'string') return 'string';
  if (typeof value === 'boolean') return 'boolean';
  return typeof value === 'number' ? 'number' : 'json';
}

/** JSON Schema's `enum`, or flat `options` or `choices`, whose items may be `{label, value}`. */
function readOptions(entry: JsonObject): JsonValue[] | undefined {
  const written = getEntry(entry, 'enum') ?? getEntry(entry, 'options') ?? getEntry(entry, 'choices');
  if (!Array.isArray(written) || written.length === 0) return undefined;
  return written.map((option) => (isJsonObject(option) ? (getEntry(option, 'value') ?? option) : option));
}

function textOf(entry: JsonObject, key: string): string | undefined {
  const value = getEntry(entry, key);
  return typeof value === 'string' && value.trim() !== '' ? value : undefined;
}

function numberOf(entry: JsonObject, key: string): number | undefined {
  const value = getEntry(entry, key);
  return typeof value === 'number' ? value : undefined;
}

/** `test_size` → `Test size`. */
function labelOf(name: string): string {
  const words = name.replaceAll(/[_-]+/g, ' ').trim();
  return words === '' ? name : words.charAt(0).toUpperCase() + words.slice(1);
}
