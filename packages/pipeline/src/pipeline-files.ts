/**
 * A pipeline as two text files that suit Git: what it does (`<name>.json`), and where things lie (`<name>.layout.json`), each
 * with one node, edge or place a line, in order of id. Equal pipelines have equal files. Knows no folders and no disk.
 */
import { canonicalJson, isSecretValue } from '@ensemble/cards';
import type { JsonObject } from '@ensemble/cards';
import * as z from 'zod';
import { ANNOTATION_COLORS } from './annotation.ts';
import { readCacheSetting } from './cache-setting.ts';
import type { NewFrame, NewNote } from './annotation.ts';
import { checkNewFrame, checkNewNote } from './annotation.ts';
import { checkNewNode } from './edit-nodes.ts';
import type { NewNode } from './edit-nodes.ts';
import type { ImportFinding } from './import-finding.ts';
import { LIMITS } from './layout.ts';
import { compareText, edgeId } from './model.ts';
import type { EdgeEnds, PipelineNode, Point, ProjectedNode, Size } from './model.ts';
import type { ProjectedGraph } from './project-graph.ts';
import { readEnds } from './read-pipeline.ts';
import { isName, isText } from './read-values.ts';
import { placeNodes } from './tensor-rag-import.ts';
import type { TensorRagImport } from './tensor-rag-import.ts';

export const PIPELINE_FORMAT = 'ensemble-pipeline';
const LAYOUT_FORMAT = 'ensemble-layout';
const VERSION = 1;

/** A pipeline read from its two files; fit for `writeGraph`. */
export interface PipelineFile extends TensorRagImport {
  /** What the project calls it. */
  name: string;
}

type Drawn = Pick<ProjectedGraph, 'title' | 'nodes' | 'notes' | 'frames'> & { edges: readonly EdgeEnds[] };

/** Secrets typed where the name of a secret belongs are left out; pins stay, their results do not. */
export function pipelineFiles(name: string, graph: Drawn): { logic: string; layout: string } {
  const byId = <Item extends { id: string }>(items: readonly Item[]): Item[] => items.toSorted((a, b) => compareText(a.id, b.id));
  const nodes = byId(graph.nodes).map((node) => ({
    id: node.id,
    card: node.card,
    ...(node.title ? { title: node.title } : {}),
    config: withoutSecrets(node),
    ...(node.bypassed ? { bypassed: true } : {}),
    ...(node.pin ? { pin: { runId: node.pin.runId } } : {}),
    ...(node.cache ? { cache: node.cache } : {}),
  }));
  const edges = [...graph.edges]
    .map(({ source, sourcePort, target, targetPort }) => ({ source, sourcePort, target, targetPort }))
    .sort((a, b) => compareText(endsText(a), endsText(b)));
  const logic = fileText(
    { format: PIPELINE_FORMAT, version: VERSION, name, ...(graph.title ? { title: graph.title } : {}) },
    {
      nodes: nodes.map(lineOf),
      edges: edges.map(lineOf),
      notes: byId(graph.notes).map(({ id, color, text }) => lineOf({ id, color, text })),
      frames: byId(graph.frames).map(({ id, color, title }) => lineOf({ id, color, title })),
    },
  );
  const placed: { id: string; position: Point; size?: Size }[] = byId([...graph.nodes, ...graph.notes, ...graph.frames]);
  const places = placed.map(({ id, position, size }) =>
    JSON.stringify([id, position.x, position.y, ...(size ? [size.width, size.height] : [])]),
  );
  return { logic, layout: fileText({ format: LAYOUT_FORMAT, version: VERSION }, { places }) };
}

/** `{"a":1,` then each list with one item a line: a change of one node is a change of one line. */
function fileText(head: JsonObject, lists: Record<string, string[]>): string {
  const parts = Object.entries(head).map(([key, value]) => `${JSON.stringify(key)}: ${JSON.stringify(value)}`);
  for (const [key, lines] of Object.entries(lists))
    parts.push(lines.length === 0 ? `${JSON.stringify(key)}: []` : `${JSON.stringify(key)}: [\n${lines.join(',\n')}\n]`);
  return `{\n${parts.join(',\n')}\n}\n`;
}

/** Keys of the item in the order given, those inside values sorted. */
const lineOf = (item: object): string =>
  `{${Object.entries(item)
    .map(([key, value]) => `${JSON.stringify(key)}: ${canonicalJson(value)}`)
    .join(', ')}}`;

const endsText = (ends: EdgeEnds): string => JSON.stringify([ends.source, ends.sourcePort, ends.target, ends.targetPort]);

/** Text typed where the name of a secret belongs may be the secret itself. */
export function withoutSecrets({ config, manifest }: Pick<ProjectedNode, 'config' | 'manifest'>): JsonObject {
  const secret = new Set(manifest?.configFields.filter((field) => field.type === 'secret').map((field) => field.name));
  return Object.fromEntries(Object.entries(config).filter(([field, value]) => !secret.has(field) || isSecretValue(value)));
}

/** File names for pipelines of these names, in their order: plain, short, and each once whatever a file system thinks of case. */
export function fileNamesFor(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.map((name) => {
    const plain = name
      .normalize('NFKD')
      .toLowerCase()
      .replaceAll(/[^a-z0-9]+/g, '-')
      .slice(0, 60)
      .replaceAll(/^-+|-+$/g, '');
    const base = plain === '' || /^(con|prn|aux|nul|com\d|lpt\d)$/.test(plain) ? `pipeline${plain && `-${plain}`}` : plain;
    let file = base;
    for (let count = 2; taken.has(file); count++) file = `${base}-${count}`;
    taken.add(file);
    return file;
  });
}

const Lists = z.object({
  format: z.literal(PIPELINE_FORMAT),
  version: z.literal(VERSION),
  name: z.string(),
  title: z.string().max(LIMITS.titleLength).optional(),
  nodes: z.array(z.unknown()).max(LIMITS.importedNodes),
  edges: z.array(z.unknown()).max(LIMITS.importedEdges).default([]),
  notes: z.array(z.unknown()).max(LIMITS.importedNodes).default([]),
  frames: z.array(z.unknown()).max(LIMITS.importedNodes).default([]),
});
const Node = z.strictObject({
  id: z.string(),
  card: z.string(),
  title: z.string().optional(),
  config: z.record(z.string(), z.json()).optional(),
  bypassed: z.boolean().optional(),
  pin: z.object({ runId: z.string() }).optional(),
  cache: z.json().optional(),
});
const color = z.enum(ANNOTATION_COLORS).optional();
const Note = z.strictObject({ id: z.string(), color, text: z.string().optional() });
const Frame = z.strictObject({ id: z.string(), color, title: z.string().optional() });
const Layout = z.object({ format: z.literal(LAYOUT_FORMAT), version: z.literal(VERSION), places: z.array(z.unknown()) });
const Place = z.union([
  z.tuple([z.string(), z.number(), z.number()]),
  z.tuple([z.string(), z.number(), z.number(), z.number(), z.number()]),
]);

interface Reading extends PipelineFile {
  seen: Set<string>;
}

/** Undefined for text that is no file of ours. `layout` may be missing, broken or old: what has no place is laid out. */
export function readPipelineFiles(logic: string, layout: string | undefined): PipelineFile | undefined {
  const lists = Lists.safeParse(parseJson(logic));
  if (!lists.success || !isText(lists.data.name, LIMITS.titleLength)) return undefined;
  const { name, title } = lists.data;
  const found: Reading = { name, ...(title ? { title } : {}), nodes: [], edges: [], notes: [], frames: [], findings: [], seen: new Set() };
  const places = readPlaces(layout, found);
  const unplaced = new Set<string>();
  const place = (id: string): { position: Point; size?: Size } => places.get(id) ?? { position: { x: 0, y: 0 } };
  for (const [index, raw] of lists.data.nodes.entries()) {
    const node = readNode(raw, place);
    if (!take(found, 'Node', index, node)) continue;
    found.nodes.push(node);
    if (!places.has(node.id)) unplaced.add(node.id);
  }
  for (const [index, raw] of lists.data.notes.entries()) {
    const note = Note.safeParse(raw);
    const made = note.success ? ({ ...defined(note.data), ...place(note.data.id) } as NewNote) : undefined;
    const fit = made && !checkNewNote(made) ? made : undefined;
    if (take(found, 'Note', index, fit)) found.notes.push(fit);
  }
  for (const [index, raw] of lists.data.frames.entries()) {
    const frame = Frame.safeParse(raw);
    const made = frame.success ? ({ ...defined(frame.data), ...place(frame.data.id) } as NewFrame) : undefined;
    const fit = made && !checkNewFrame(made) ? made : undefined;
    if (take(found, 'Frame', index, fit)) found.frames.push(fit);
  }
  const nodeIds = new Set(found.nodes.map(({ id }) => id));
  const edges = new Map<string, EdgeEnds>();
  for (const [index, raw] of lists.data.edges.entries()) {
    const ends = readEnds(raw);
    if (ends && nodeIds.has(ends.source) && nodeIds.has(ends.target)) edges.set(edgeId(ends), ends);
    else leftOut(found, `Connection ${index + 1} of "${name}" was left out: it needs two nodes of the pipeline and two ports.`);
  }
  found.edges = [...edges.values()];
  if (unplaced.size > 0) placeNodes(found, unplaced);
  const { seen: _seen, ...read } = found;
  return read;
}

function readNode(raw: unknown, place: (id: string) => { position: Point; size?: Size }): PipelineNode | undefined {
  const node = Node.safeParse(raw);
  if (!node.success) return undefined;
  const { id, card, title = '', config = {}, bypassed, pin, cache } = node.data;
  const setting = readCacheSetting(cache);
  const made: NewNode & PipelineNode = {
    id,
    card,
    title,
    config,
    ...place(id),
    ...(bypassed ? { bypassed } : {}),
    ...(pin ? { pin } : {}),
    ...(setting ? { cache: setting } : {}),
  };
  return checkNewNode(made) ? undefined : made;
}

function take<Item extends { id: string }>(found: Reading, what: string, index: number, item: Item | undefined): item is Item {
  if (item && !found.seen.has(item.id)) {
    found.seen.add(item.id);
    return true;
  }
  leftOut(
    found,
    `${what} ${index + 1} of "${found.name}" was left out: ${item ? `its id "${item.id}" is there twice` : 'it cannot be read'}.`,
  );
  return false;
}

function readPlaces(text: string | undefined, found: Reading): Map<string, { position: Point; size?: Size }> {
  const places = new Map<string, { position: Point; size?: Size }>();
  if (text === undefined) return places;
  const layout = Layout.safeParse(parseJson(text));
  if (!layout.success) {
    leftOut(found, `The layout of "${found.name}" cannot be read, so its nodes were laid out anew.`);
    return places;
  }
  for (const raw of layout.data.places) {
    const place = Place.safeParse(raw);
    if (!place.success || !isName(place.data[0])) continue;
    const [id, x, y, width, height] = place.data;
    const position = { x, y };
    const size = width !== undefined && height !== undefined ? { width, height } : undefined;
    if (!checkNewFrame({ id, position, ...(size ? { size } : {}) })) places.set(id, { position, ...(size ? { size } : {}) });
  }
  return places;
}

const leftOut = (found: Pick<PipelineFile, 'findings'>, message: string): void =>
  void found.findings.push({ kind: 'not-understood', code: 'left-out', message } satisfies ImportFinding);

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const defined = (value: object): object => Object.fromEntries(Object.entries(value).filter(([, part]) => part !== undefined));
