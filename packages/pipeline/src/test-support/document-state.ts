/** What a document holds, in forms that tests compare. Looks into Yjs' own structures, which product code does not. */
import * as Y from 'yjs';
import { PIPELINE_ROOTS } from '../layout.ts';
import { compareText } from '../model.ts';

/** All of a document's values as text, keys sorted; equal documents give equal text. */
export function documentText(doc: Y.Doc): string {
  return JSON.stringify(PIPELINE_ROOTS.map((root) => [root, plainEntries(doc.getMap(root))]));
}

function plainEntries(map: Y.Map<unknown>): unknown[] {
  return [...map.entries()].sort(([a], [b]) => compareText(a, b)).map(([key, value]) => [key, plainValue(value)]);
}

function plainValue(value: unknown): unknown {
  if (value instanceof Y.Map) return plainEntries(value as Y.Map<unknown>);
  return value instanceof Y.Text ? value.toJSON() : value;
}

export interface WrittenKey {
  client: number;
  clock: number;
  value: string;
}

/** Path of every key that holds a plain value, and of every character of a text → who wrote it and what it is. */
export function writtenKeys(doc: Y.Doc): Map<string, WrittenKey> {
  const found = new Map<string, WrittenKey>();
  for (const root of PIPELINE_ROOTS) collect(doc.getMap(root)._map, root, found);
  return found;
}

function collect(items: Map<string, Y.Item>, path: string, found: Map<string, WrittenKey>): void {
  for (const [key, item] of items) {
    if (item.deleted) continue;
    const at = `${path}/${key}`;
    if (item.content instanceof Y.ContentType) {
      collect(item.content.type._map, at, found);
      for (const [name, unit] of charactersOf(item.content.type)) found.set(`${at}[${name}]`, unit);
    } else found.set(at, { client: item.id.client, clock: item.id.clock, value: JSON.stringify(item.content.getContent()) });
  }
}

function* charactersOf(type: Pick<Y.AbstractType<unknown>, '_start'>): Generator<[name: string, unit: WrittenKey]> {
  for (let item = type._start; item !== null; item = item.right) {
    const { client, clock } = item.id;
    for (const [at, value] of item.deleted ? [] : item.content.getContent().entries())
      yield [`${client}:${clock + at}`, { client, clock: clock + at, value: String(value) }];
  }
}

/** Whose characters a text holds. */
export const textAuthors = (text: Y.Text): Set<number> => new Set([...charactersOf(text)].map(([, unit]) => unit.client));

/** UNDO-1: the keys and characters that another peer wrote before and that are not as they were. Empty when the rule holds. */
export function foreignChanges(before: ReadonlyMap<string, WrittenKey>, after: ReadonlyMap<string, WrittenKey>, me: number): string[] {
  const broken: string[] = [];
  for (const [path, was] of before) {
    if (was.client === me) continue;
    const is = after.get(path);
    if (!is || is.client !== was.client || is.clock !== was.clock || is.value !== was.value) broken.push(path);
  }
  return broken;
}
