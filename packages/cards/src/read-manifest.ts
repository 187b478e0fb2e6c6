/**
 * Checks every rule of the card contract on one class and gathers its manifest.
 * Knows nothing of parsing; see `cards.md`, "Manifest without running code", for the rules.
 */
import { CardAttributes } from './card-attributes.ts';
import { readConfigSchema } from './config-fields.ts';
import { KNOWN_CATEGORIES, KNOWN_EXECUTION_MODES, KNOWN_PORT_TYPES, KNOWN_VIEW_TYPES } from './known-types.ts';
import type { CardManifest, CardReading, JsonObject, JsonValue, Port } from './manifest.ts';
import type { PythonClass, PythonModule } from './python-module.ts';
import type { PythonTree } from './python-tree.ts';
import { readOutputColumns } from './output-columns.ts';
import { MAX_REQUIREMENTS, readRequirement } from './requirements.ts';
import { readResources } from './resources.ts';

export interface ReadOptions {
  /** The file's own path in its project: a card type that `takenBy` says is held by this path is free. */
  path?: string;
  /** The path of the file that already holds a card type, if one does. */
  takenBy?: (cardType: string) => string | undefined;
  /** Why these requirements cannot be installed, as one sentence; undefined while they can, or nobody knows yet. */
  environmentFault?: (requirements: readonly string[]) => string | undefined;
}

/** `train_gpu`, `std/split`: letters, digits, `_`, `.`, `-`, in parts divided by `/`. */
const CARD_TYPE = /^[\p{L}\p{N}_][\p{L}\p{N}_.-]*(\/[\p{L}\p{N}_][\p{L}\p{N}_.-]*)*$/u;
const MAX_CARD_TYPE_LENGTH = 100;
const MAX_RETRIES = 20;

const isBoolean = (value: JsonValue): value is boolean => typeof value === 'boolean';
const isText = (value: JsonValue): value is string => typeof value === 'string';
const isTextList = (value: JsonValue): value is string[] =>
  Array.isArray(value) && value.every((item) => typeof item === 'string' && item.trim() !== '');
const isRetries = (value: JsonValue): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= 0 && value <= MAX_RETRIES;

export function readManifest(definition: PythonClass, module: PythonModule, tree: PythonTree, options: ReadOptions): CardReading {
  const card = new CardAttributes(definition, module, tree);
  const cardType = readCardType(card, options);
  const displayName = card.requireText('display_name', '"Data Split"');
  const description = card.requireText('description', '"Splits a table in two."');
  const category = card.requireText('category', '"data"');
  warnUnknown(card, 'category', category, KNOWN_CATEGORIES, 'card/unknown-category', 'it gets a group of its own in the palette');
  const executionMode = card.optional('execution_mode', 'local', isText, '"local" or "modal"');
  warnUnknown(card, 'execution_mode', executionMode, KNOWN_EXECUTION_MODES, 'card/unknown-execution-mode', 'it has no effect');
  const outputViewType = card.requireText('output_view_type', '"table"');
  warnUnknown(card, 'output_view_type', outputViewType, KNOWN_VIEW_TYPES, 'card/unknown-view', 'the preview is shown as JSON');
  const configSchema = card.requireDict('config_schema', '{"ratio": {"type": "number", "label": "Ratio", "default": 0.8}}');
  const config = configSchema === undefined ? { fields: [], problems: [] } : readConfigSchema(configSchema);
  for (const { severity, code, message } of config.problems) card.report('config_schema', severity, code, message);
  const inputs = readPorts(card, 'input_schema', '{"dataset": "dataframe"}');
  const outputs = readPorts(card, 'output_schema', '{"result": "dataframe"}');
  const outputColumns = readOutputColumns(card, { inputs, outputs, fields: config.fields });
  const { resources, problems } = readResources(card.literal('resources') ?? undefined, cardType ?? '');
  for (const { severity, message } of problems) card.report('resources', severity, 'card/resources', message);
  const requirements = card.optional('requirements', [], isTextList, 'a list of package names such as ["torch"]');
  checkRequirements(card, requirements, options);
  const retries = card.optional('retries', 0, isRetries, `a whole number from 0 to ${MAX_RETRIES}`);
  const cache = card.optional('cache', true, isBoolean, 'True or False');
  const scratch = card.optional('scratch', true, isBoolean, 'True or False');
  card.requireMethod('execute', ['config', 'inputs', 'storage']);
  card.requireMethod('get_output_preview', ['outputs', 'storage']);

  const diagnostics = card.diagnostics.toSorted((a, b) => a.line - b.line || a.column - b.column);
  if (diagnostics.some((diagnostic) => diagnostic.severity === 'error')) return { valid: false, diagnostics };
  const manifest: CardManifest = {
    cardType: cardType ?? '',
    className: definition.name,
    displayName: displayName ?? '',
    description: description ?? '',
    category: category ?? '',
    executionMode,
    outputViewType: outputViewType ?? '',
    configSchema: configSchema ?? {},
    configFields: config.fields,
    inputs,
    outputs,
    ...(outputColumns && { outputColumns }),
    resources,
    requirements,
    retries,
    cache,
    scratch,
  };
  return { valid: true, manifest, diagnostics };
}

function checkRequirements(card: CardAttributes, requirements: readonly string[], { environmentFault }: ReadOptions): void {
  const readings = requirements.map(readRequirement);
  for (const [index, reading] of readings.entries()) {
    if (!reading.ok) card.reportItem('requirements', index, 'error', 'card/requirement', `requirements[${index}] ${reading.problem}.`);
  }
  if (requirements.length > MAX_REQUIREMENTS) {
    const message = `requirements has ${requirements.length} entries, and ${MAX_REQUIREMENTS} is the most; leave out what others bring along.`;
    card.report('requirements', 'error', 'card/requirement', message);
  }
  const fault = requirements.length > 0 && readings.every(({ ok }) => ok) ? environmentFault?.(requirements) : undefined;
  if (fault !== undefined) card.report('requirements', 'warning', 'card/requirement-not-installed', fault);
}

function readCardType(card: CardAttributes, options: ReadOptions): string | undefined {
  const cardType = card.requireText('card_type', '"data_split"');
  if (cardType === undefined) return undefined;
  if (!CARD_TYPE.test(cardType) || cardType.length > MAX_CARD_TYPE_LENGTH) {
    const message = `card_type must be a name of at most ${MAX_CARD_TYPE_LENGTH} letters, digits, "_", "-", "." and "/", such as "data_split"; change it.`;
    card.report('card_type', 'error', 'card/bad-card-type', message);
    return undefined;
  }
  const holder = options.takenBy?.(cardType);
  if (holder !== undefined && holder !== options.path) {
    card.report('card_type', 'error', 'card/type-taken', `The card_type "${cardType}" is already used by ${holder}; choose another one.`);
  }
  return cardType;
}

function warnUnknown(
  card: CardAttributes,
  name: string,
  value: string | undefined,
  known: readonly string[],
  code: string,
  consequence: string,
): void {
  if (value === undefined || known.includes(value)) return;
  card.report(name, 'warning', code, `The ${name} "${value}" is not known, so ${consequence}; the known ones are ${known.join(', ')}.`);
}

function readPorts(card: CardAttributes, name: 'input_schema' | 'output_schema', example: string): Port[] {
  const schema: JsonObject = card.requireDict(name, example) ?? {};
  const ports: Port[] = [];
  for (const [port, type] of Object.entries(schema)) {
    if (typeof type !== 'string' || type.trim() === '' || port.trim() === '') {
      card.report(name, 'error', 'card/port', `The port "${port}" of ${name} needs a name and a type, as in ${example}; write it so.`);
      continue;
    }
    ports.push({ name: port, type });
    if (KNOWN_PORT_TYPES.includes(type)) continue;
    const message = `The port "${port}" has the type "${type}", which is not known, so it connects to equal types only; the known ones are ${KNOWN_PORT_TYPES.join(', ')}.`;
    card.report(name, 'warning', 'card/unknown-port-type', message);
  }
  return ports;
}
