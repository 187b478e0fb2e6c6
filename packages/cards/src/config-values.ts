/**
 * The values people enter for a card's config: defaults filled in, mistakes named. Knows neither
 * the schema dialects nor whether a project file exists.
 */
import { canonicalJson } from './canonical-json.ts';
import { getEntry, isJsonObject, setEntry } from './json-entries.ts';
import type { ConfigField, JsonObject, JsonValue } from './manifest.ts';

export interface ConfigProblem {
  /** Name of the field. */
  field: string;
  code: 'config/missing' | 'config/type' | 'config/range' | 'config/option';
  /** One sentence that says what is wrong and how to mend it. */
  message: string;
}

/** A project file chosen as a value: `sha256` names its bytes. */
export interface FileValue {
  $file: string;
  name: string;
}

export function isFileValue(value: unknown): value is FileValue & JsonObject {
  if (!isJsonObject(value)) return false;
  const hash = getEntry(value, '$file');
  return typeof hash === 'string' && /^[0-9a-f]{64}$/.test(hash) && typeof getEntry(value, 'name') === 'string';
}

/** A secret of the project chosen as a value: by its name, never by what it holds. */
export interface SecretValue {
  $secret: string;
}

/** `OPENAI_API_KEY`: capitals, digits and underscores, which few secrets themselves are made of. */
export const isSecretName = (text: string): boolean => /^[A-Z][A-Z0-9_]{0,63}$/.test(text);

export function isSecretValue(value: unknown): value is SecretValue & JsonObject {
  if (!isJsonObject(value)) return false;
  const name = getEntry(value, '$secret');
  return typeof name === 'string' && isSecretName(name) && Object.keys(value).length === 1;
}

/** A new object: `config` with the default of every field it does not mention. */
export function fillDefaults(fields: readonly ConfigField[], config: JsonObject): JsonObject {
  const filled: JsonObject = {};
  for (const [key, value] of Object.entries(config)) setEntry(filled, key, value);
  for (const field of fields) {
    if (field.default !== undefined && getEntry(config, field.name) === undefined)
      setEntry(filled, field.name, structuredClone(field.default));
  }
  return filled;
}

/** What is wrong with `config`, in the order of the fields. Entries that no field describes are left alone. */
export function checkConfig(fields: readonly ConfigField[], config: JsonObject): ConfigProblem[] {
  return fields.flatMap((field) => {
    const problem = checkField(field, getEntry(config, field.name));
    return problem === undefined ? [] : [{ field: field.name, ...problem }];
  });
}

type Problem = Omit<ConfigProblem, 'field'>;

function checkField(field: ConfigField, value: JsonValue | undefined): Problem | undefined {
  if (value === undefined || value === null || (value === '' && field.type !== 'json' && !field.options?.includes(''))) {
    // Defaults are filled in before the card runs.
    if (!field.required || (value === undefined && field.default !== undefined)) return undefined;
    return { code: 'config/missing', message: `"${field.label}" is needed; ${howToGive(field)}.` };
  }
  if (isFileValue(value) && (field.type === 'string' || field.type === 'file')) return undefined;
  if (field.type === 'secret') return isSecretValue(value) ? undefined : noSecretName(field);
  if (!FITS[field.type](value)) {
    return { code: 'config/type', message: `"${field.label}" is ${spell(value)}, which does not fit; ${howToGive(field)}.` };
  }
  if (!isAmongOptions(field, value)) {
    return { code: 'config/option', message: `"${field.label}" is ${spell(value)}; ${howToGive(field)}.` };
  }
  if (typeof value === 'number') {
    if (field.minimum !== undefined && value < field.minimum) {
      return { code: 'config/range', message: `"${field.label}" is ${value}; enter ${field.minimum} or more.` };
    }
    if (field.maximum !== undefined && value > field.maximum) {
      return { code: 'config/range', message: `"${field.label}" is ${value}; enter ${field.maximum} or less.` };
    }
  }
  return undefined;
}

/** Says nothing of the value: it may be the secret itself. */
const noSecretName = (field: ConfigField): Problem => ({
  code: 'config/type',
  message: `"${field.label}" holds something other than the name of a secret; ${howToGive(field)}, never the secret itself.`,
});

/** A field edited as JSON may hold several of its options in a list. */
function isAmongOptions({ options, type }: ConfigField, value: JsonValue): boolean {
  if (options === undefined) return true;
  const allowed = new Set(options.map(canonicalJson));
  return (
    allowed.has(canonicalJson(value)) ||
    (type === 'json' && Array.isArray(value) && value.every((item) => allowed.has(canonicalJson(item))))
  );
}

const FITS: Readonly<Record<ConfigField['type'], (value: JsonValue) => boolean>> = {
  string: (value) => typeof value === 'string',
  number: (value) => typeof value === 'number' && Number.isFinite(value),
  integer: (value) => Number.isInteger(value),
  boolean: (value) => typeof value === 'boolean',
  // A project file has been let through before; anything else is none.
  file: () => false,
  secret: isSecretValue,
  json: () => true,
};

const HOW_TO_GIVE: Readonly<Record<ConfigField['type'], string>> = {
  string: 'enter a text',
  number: 'enter a number',
  integer: 'enter a whole number',
  boolean: 'choose yes or no',
  file: 'choose a file of this project',
  secret: 'enter the name of a secret, such as OPENAI_API_KEY',
  json: 'enter a value as JSON',
};

function howToGive(field: ConfigField): string {
  if (field.options === undefined) return HOW_TO_GIVE[field.type];
  const shown = field.options.slice(0, 12).map(spell).join(', ');
  return `choose one of ${shown}${field.options.length > 12 ? ', …' : ''}`;
}

function spell(value: JsonValue): string {
  const text = canonicalJson(value);
  return text.length > 60 ? `${text.slice(0, 60)}…` : text;
}
