/** What may be written at a place of a card, and what is said about a word there. Knows the card SDK, not the rest of Python. Pure. */
import { KNOWN_CATEGORIES, KNOWN_PORT_TYPES, KNOWN_VIEW_TYPES } from '@ensemble/cards';
import type { CardManifest, ConfigField } from '@ensemble/cards';
import { signatureOf } from './python-signatures.ts';
import type { Method } from './python-signatures.ts';

interface Snippet {
  name: string;
  /** In the editor's snippet syntax. */
  insert: string;
  doc: string;
}

export interface CardSdk {
  storage: readonly Method[];
  self: readonly Method[];
  attributes: readonly Snippet[];
  methods: readonly Snippet[];
  /** A whole card. */
  card: string;
}

export interface Suggestion {
  label: string;
  kind: 'method' | 'property' | 'value' | 'snippet';
  /** In the editor's snippet syntax. */
  insert: string;
  detail: string;
  doc: string;
}

type Known = Pick<CardManifest, 'configFields' | 'inputs' | 'outputs'>;

const FIELD_TYPES = ['string', 'number', 'integer', 'boolean', 'file', 'secret'];

/** `text`: everything before the cursor. What is suggested replaces the word that the cursor stands behind. */
export function suggestAt(text: string, sdk: CardSdk, card: Known | undefined): Suggestion[] {
  const line = text.slice(text.lastIndexOf('\n') + 1);
  if (/^[^"']*#/.test(line)) return [];
  const owner = /\b(storage|self)\.\w*$/.exec(line)?.[1];
  if (owner === 'storage' || owner === 'self') return sdk[owner].map(methodCall);
  const keyed = /\b(config|inputs|outputs)(?:\[|\.get\(\s*)["']\w*$/.exec(line)?.[1];
  if (keyed !== undefined) return keysOf(keyed, card);
  if (/["']\w*$/.test(line) && isOpenString(line)) return valuesAt(text, line);
  if (/^\w*$/.test(line))
    return [
      { label: 'card', kind: 'snippet', insert: sdk.card, detail: 'A whole card', doc: 'A card that takes a table and hands one on.' },
    ];
  if (/^ {4}\w*$/.test(line) && inClassBody(text)) return members(text, sdk);
  if (/^ {8,}\w*$/.test(line)) return statements(sdk, card);
  return [];
}

const methodCall = (method: Method): Suggestion => ({
  label: method.name,
  kind: 'method',
  insert: `${method.name}(${method.parameters
    .filter(({ text }) => !text.includes('='))
    .map(({ name }, at) =>
      name === 'pipeline_id' ? '"_p"' : name === 'node_id' ? '"_n"' : `\${${at + 1}:${name === 'key' ? '"result"' : name}}`,
    )
    .join(', ')})`,
  detail: signatureOf(method).slice(method.name.length),
  doc: method.doc,
});

function keysOf(of: string, card: Known | undefined): Suggestion[] {
  if (!card) return [];
  if (of === 'config') return card.configFields.map((field) => value(field.name, describeField(field), field.description ?? ''));
  const ports = of === 'inputs' ? card.inputs : card.outputs;
  return ports.map(({ name, type }) => value(name, type, `${of === 'inputs' ? 'Input' : 'Output'} "${name}" of this card.`));
}

const value = (label: string, detail: string, doc: string): Suggestion => ({ label, kind: 'value', insert: escape(label), detail, doc });
const escape = (text: string): string => text.replaceAll(/[\\$}]/g, '\\$&');

const describeField = ({ type, default: byDefault, options }: ConfigField): string =>
  [
    type,
    options ? `one of ${options.map((one) => JSON.stringify(one)).join(', ')}` : '',
    byDefault === undefined ? '' : `default ${JSON.stringify(byDefault)}`,
  ]
    .filter(Boolean)
    .join(' · ');

/** The cursor is inside a string that has been begun on this line. */
const isOpenString = (line: string): boolean => {
  let open: string | undefined;
  for (const char of line)
    if (char === open) open = undefined;
    else if (open === undefined && (char === '"' || char === "'")) open = char;
  return open !== undefined;
};

/** Words that have a meaning in the value of an attribute. */
function valuesAt(text: string, line: string): Suggestion[] {
  const assigned = /^\s+(\w+)(?:\s*:[^=]*)?\s*=\s*["']\w*$/.exec(line)?.[1];
  const list = (words: readonly string[], doc: string) => words.map((word) => value(word, '', doc));
  if (assigned === 'category') return list(KNOWN_CATEGORIES, 'A group of the palette; any other word makes a group of its own.');
  if (assigned === 'output_view_type') return list(KNOWN_VIEW_TYPES, 'How the preview is drawn.');
  if (assigned === 'execution_mode') return list(['local', 'modal'], '');
  const attribute = Array.from(text.matchAll(/^ {4}(\w+)(?:\s*:[^=\n]*)?\s*=/gm)).at(-1)?.[1];
  if (attribute === 'input_schema' || attribute === 'output_schema')
    return /:\s*["']\w*$/.test(line) ? list(KNOWN_PORT_TYPES, 'What travels along the edge.') : [];
  if (attribute !== 'config_schema') return [];
  if (/["']type["']\s*:\s*["']\w*$/.test(line)) return list(FIELD_TYPES, 'The kind of field in the form.');
  return /[{,]\s*["']\w*$/.test(line)
    ? list(['type', 'label', 'default', 'description', 'options', 'minimum', 'maximum'], 'Of a field of the form.')
    : [];
}

/** The last line that is indented less begins a class. */
function inClassBody(text: string): boolean {
  const lines = text.split('\n').slice(0, -1);
  const outer = lines.findLast((line) => /^\S/.test(line) && !/^[)\]}#]/.test(line));
  return outer !== undefined && /^class\b/.test(outer);
}

function members(text: string, { attributes, methods }: CardSdk): Suggestion[] {
  const start = text.search(/^class\b(?![\s\S]*^class\b)/m);
  const body = text.slice(Math.max(0, start));
  const has = (pattern: string) => new RegExp(`^ {4}${pattern}`, 'm').test(body);
  return [
    ...attributes
      .filter(({ name }) => !has(`${name}\\s*[:=]`))
      .map(({ name, insert, doc }): Suggestion => ({
        label: name,
        kind: 'property',
        insert: `${name} = ${insert}`,
        detail: 'card attribute',
        doc,
      })),
    ...methods
      .filter(({ name }) => !has(`def ${name}\\b`))
      .map(({ name, insert, doc }): Suggestion => ({ label: name, kind: 'snippet', insert, detail: 'card method', doc })),
  ];
}

/** Whole lines for the inside of a method. */
function statements(sdk: CardSdk, card: Known | undefined): Suggestion[] {
  const load: Record<string, string> = { dataframe: 'load_dataframe', model: 'load_model', json: 'load_json' };
  const doc = (name: string) => sdk.storage.find((method) => method.name === name)?.doc ?? '';
  const line = (label: string, insert: string, detail: string, about: string): Suggestion => ({
    label,
    kind: 'snippet',
    insert,
    detail,
    doc: about,
  });
  return [
    ...(card?.inputs ?? []).map(({ name, type }) => {
      const method = load[type] ?? 'load_bytes';
      return line(`load ${name}`, `\${1:${name}} = storage.${method}(inputs["${escape(name)}"])`, `input, ${type}`, doc(method));
    }),
    ...(card?.outputs ?? []).map(({ name, type }) => {
      const method = load[type]?.replace('load', 'save') ?? 'save_bytes';
      return line(
        `save ${name}`,
        `\${1:${name}} = storage.${method}("_p", "_n", "${escape(name)}", \${2:value})`,
        `output, ${type}`,
        doc(method),
      );
    }),
    ...sdk.self.map((method) => line(`report ${method.name}`, `self.${methodCall(method).insert}`, signatureOf(method), method.doc)),
  ];
}

interface Explanation {
  /** Python, to be shown as code. */
  code: string;
  doc: string;
}

/** What is known of the word that ends `before` and begins `after`; undefined for what is not of the card SDK. */
export function explainAt(before: string, word: string, sdk: CardSdk, card: Known | undefined): Explanation | undefined {
  const owner = /\b(storage|self)\.$/.exec(before)?.[1];
  if (owner === 'storage' || owner === 'self') {
    const method = sdk[owner].find(({ name }) => name === word);
    return method && { code: `${owner}.${signatureOf(method)}`, doc: method.doc };
  }
  const keyed = /\b(config|inputs|outputs)(?:\[|\.get\(\s*)["']$/.exec(before)?.[1];
  if (keyed !== undefined) {
    const found = keysOf(keyed, card).find(({ label }) => label === word);
    return found && { code: `${keyed}["${word}"]`, doc: [found.detail, found.doc].filter(Boolean).join('. ') };
  }
  const attribute = /^ {4}$/.test(before) ? sdk.attributes.find(({ name }) => name === word) : undefined;
  return attribute && { code: attribute.name, doc: attribute.doc };
}

/** The call that the cursor is inside of, and at which of its parameters. */
export function callAt(text: string, sdk: CardSdk): { method: Method; parameter: number } | undefined {
  let depth = 0;
  let commas = 0;
  for (let at = text.length - 1; at >= 0 && text.length - at < 2_000; at -= 1) {
    const char = text[at]!;
    if (')]}'.includes(char)) depth += 1;
    else if ('[{'.includes(char)) {
      // An argument that is a list or a dictionary, and the cursor inside of it.
      if (depth === 0) commas = 0;
      else depth -= 1;
    } else if (char === ',' && depth === 0) commas += 1;
    else if (char === '(') {
      if (depth === 0) {
        const [, owner, name] = /\b(storage|self)\.(\w+)$/.exec(text.slice(Math.max(0, at - 100), at)) ?? [];
        const method = owner === 'storage' || owner === 'self' ? sdk[owner].find((one) => one.name === name) : undefined;
        return method && { method, parameter: Math.min(commas, Math.max(0, method.parameters.length - 1)) };
      }
      depth -= 1;
    }
  }
  return undefined;
}
