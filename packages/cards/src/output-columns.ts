/** What a card says of the columns of its outputs. It is optional, and what cannot be used of it is a warning: a card works without. */
import type { CardAttributes } from './card-attributes.ts';
import { getEntry, isJsonObject } from './json-entries.ts';
import type { CardManifest, ConfigField, JsonValue, Port } from './manifest.ts';

const EXAMPLE = 'output_columns = {"report": ["name", "score"], "dataset": "dataset"}';

interface Ports {
  inputs: readonly Port[];
  outputs: readonly Port[];
  fields: readonly ConfigField[];
}

/** Undefined when the card says nothing that can be used. */
export function readOutputColumns(card: CardAttributes, ports: Ports): CardManifest['outputColumns'] {
  const warn = (message: string) => card.report('output_columns', 'warning', 'card/output-columns', message);
  const written = card.literal('output_columns', 'warning');
  if (written === undefined || written === null) return undefined;
  if (!isJsonObject(written)) {
    warn(`output_columns must be a dict such as ${EXAMPLE}; write it so.`);
    return undefined;
  }
  const read = new Map<string, string | string[]>();
  for (const { name } of ports.outputs) {
    const columns = getEntry(written, name);
    if (columns === undefined) continue;
    if (isColumnList(columns) || isSource(columns, ports)) read.set(name, columns);
    else
      warn(
        `The columns of the output "${name}" must be a list of different names, or the name of an input or of a file field that has the same columns; write them so, as in ${EXAMPLE}.`,
      );
  }
  for (const name of Object.keys(written)) {
    if (!ports.outputs.some((port) => port.name === name))
      warn(`output_columns names "${name}", which is no output of this card; take it out.`);
  }
  return read.size === 0 ? undefined : Object.fromEntries(read);
}

const isColumnList = (value: JsonValue): value is string[] =>
  Array.isArray(value) && value.every((name) => typeof name === 'string' && name !== '') && new Set(value).size === value.length;

const isSource = (value: JsonValue, { inputs, fields }: Ports): value is string =>
  typeof value === 'string' &&
  (inputs.some((port) => port.name === value) || fields.some((field) => field.name === value && field.type === 'file'));
