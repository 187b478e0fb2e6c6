/**
 * Reads TensorRag's `_pipeline.json`, as tolerantly as can be without guessing: what is missing is laid out or
 * noted, what cannot be used is reported, and ids stay as they are in the folder. The embedded card schemas are
 * stale copies: only the card type is taken from them.
 */
import type { JsonObject } from '@ensemble/cards';
import { z } from 'zod';
import { parseFrame, parseNote } from './annotation-json.ts';
import type { NewFrame, NewNote } from './annotation.ts';
import type { ImportFinding } from './import-finding.ts';
import { LIMITS } from './layout.ts';
import { compareText, edgeId } from './model.ts';
import type { EdgeEnds, PipelineNode, Point, Size } from './model.ts';
import { readPlainJson } from './plain-json.ts';
import { unknownFields } from './tensor-rag-fields.ts';
import { isCoordinate, isFieldName, isName, isText } from './read-values.ts';
import { layersOf, topologyOf } from './topology.ts';

export interface TensorRagImport {
  title?: string;
  /** Every node can be written with `writeGraph`; in the order of the file. */
  nodes: PipelineNode[];
  /** Both ends are among `nodes`. A port name the file does not give is empty and is bound by the projection. */
  edges: EdgeEnds[];
  /** From `annotations`, which TensorRag does not know. */
  notes: NewNote[];
  frames: NewFrame[];
  /** What was filled in, and what could not be taken over; nothing of what was simply taken over. */
  findings: ImportFinding[];
}

const loose = z.looseObject;
const File = loose({ nodes: z.array(z.unknown()), edges: z.array(z.unknown()).optional(), annotations: z.array(z.unknown()).optional() });
const Node = loose({ id: z.union([z.string(), z.number()]) });
const Edge = loose({ source: z.union([z.string(), z.number()]), target: z.union([z.string(), z.number()]) });
const Bag = z.record(z.string(), z.unknown());

/** Node types that say how a node is drawn, not which card it is. */
const DRAWN_AS = new Set(['cardNode', 'custom', 'default', 'input', 'output', 'group', 'card']);

const COLUMN = 320;
const ROW = 180;

export function fromTensorRag(json: unknown): TensorRagImport {
  const result: TensorRagImport = { nodes: [], edges: [], notes: [], frames: [], findings: [] };
  const file = File.safeParse(json);
  if (!file.success) {
    result.findings.push({
      kind: 'not-understood',
      code: 'no-pipeline',
      message: 'This is no pipeline file: it needs a list named "nodes".',
    });
    return result;
  }
  const { nodes, edges: allEdges = [], annotations = [] } = file.data;
  if (nodes.length > LIMITS.importedNodes || allEdges.length > LIMITS.importedEdges || annotations.length > LIMITS.importedNodes) {
    const message = `The pipeline file has ${nodes.length} nodes and ${allEdges.length} connections; at most ${LIMITS.importedNodes} and ${LIMITS.importedEdges} can be imported.`;
    result.findings.push({ kind: 'not-understood', code: 'no-pipeline', message });
    return result;
  }
  const title = file.data.name ?? file.data.title;
  if (isText(title, LIMITS.titleLength) && title !== '') result.title = title;
  const unplaced = new Set<string>();
  const seen = new Set<string>();
  for (const [index, raw] of file.data.nodes.entries()) {
    const node = readNode(raw, index, result, unplaced);
    if (!node) continue;
    if (seen.has(node.id)) {
      const message = `Two nodes have the id "${node.id}"; only the first was taken over. Give the other an id of its own.`;
      result.findings.push({ kind: 'not-understood', code: 'node-left-out', message, nodeId: node.id });
      continue;
    }
    seen.add(node.id);
    result.nodes.push(node);
  }
  const edges = new Set<string>();
  for (const [index, raw] of (file.data.edges ?? []).entries()) {
    const ends = readEdge(raw, index, seen, result);
    if (!ends || edges.has(edgeId(ends))) continue;
    edges.add(edgeId(ends));
    result.edges.push(ends);
  }
  for (const [index, raw] of (file.data.annotations ?? []).entries()) readAnnotation(raw, index, seen, result);
  if (unplaced.size > 0) placeNodes(result, unplaced);
  result.findings.push(...unknownFields(file.data));
  return result;
}

const leftOut = (result: TensorRagImport, code: string, message: string, place: Pick<ImportFinding, 'nodeId' | 'field'> = {}): void =>
  void result.findings.push({ kind: 'not-understood', code, message, ...place });

function readNode(raw: unknown, index: number, result: TensorRagImport, unplaced: Set<string>): PipelineNode | undefined {
  const node = Node.safeParse(raw);
  const id = node.success ? String(node.data.id) : '';
  if (!node.success || !isName(id)) {
    leftOut(result, 'node-left-out', `Node ${index + 1} was left out: it needs an id of 1 to ${LIMITS.nameLength} characters.`);
    return undefined;
  }
  const data = bag(node.data.data);
  const card = cardTypeOf(node.data, data);
  if (card === undefined) {
    leftOut(result, 'node-left-out', `Node "${id}" was left out: it names no card (data.cardSchema.card_type).`, { nodeId: id });
    return undefined;
  }
  const label = data.label ?? data.title ?? data.name;
  const position = readPosition(node.data.position);
  if (!position) unplaced.add(id);
  const read: PipelineNode = {
    id,
    card,
    title: isText(label, LIMITS.titleLength) ? label : '',
    position: position ?? { x: 0, y: 0 },
    config: readConfig(id, data.config, result),
  };
  const size = readSize(node.data);
  if (size) read.size = size;
  return read;
}

function readAnnotation(raw: unknown, index: number, seen: Set<string>, result: TensorRagImport): void {
  const { kind } = bag(raw);
  const note = kind === 'note' ? parseNote(raw) : undefined;
  const frame = kind === 'frame' ? parseFrame(raw) : undefined;
  const id = (note ?? frame)?.id;
  if (id === undefined || seen.has(id)) {
    const message = `Annotation ${index + 1} was left out: it needs a kind (note or frame), an id of its own and a position.`;
    leftOut(result, 'annotation-left-out', message);
    return;
  }
  seen.add(id);
  if (note) result.notes.push(note);
  if (frame) result.frames.push(frame);
}

function cardTypeOf(node: Record<string, unknown>, data: Record<string, unknown>): string | undefined {
  const schema = bag(data.cardSchema ?? data.card_schema);
  const named = [schema.card_type, schema.cardType, data.card_type, data.cardType, node.card_type].find(isName);
  if (named !== undefined) return named;
  return isName(node.type) && !DRAWN_AS.has(node.type) ? node.type : undefined;
}

function readConfig(id: string, value: unknown, result: TensorRagImport): JsonObject {
  const config: JsonObject = {};
  if (value === undefined || value === null) return config;
  if (typeof value !== 'object' || Array.isArray(value)) {
    leftOut(result, 'config-left-out', `The config of node "${id}" is no object and was left out.`, { nodeId: id });
    return config;
  }
  for (const [field, item] of Object.entries(value)) {
    const reading = isFieldName(field) ? readPlainJson(item) : ({ ok: false, reason: 'has a name that cannot be used' } as const);
    if (reading.ok) {
      config[field] = reading.value;
      continue;
    }
    const name = field.slice(0, LIMITS.nameLength);
    leftOut(result, 'config-left-out', `The config field "${name}" of node "${id}" ${reading.reason} and was left out.`, {
      nodeId: id,
      field: name,
    });
  }
  return config;
}

function readEdge(raw: unknown, index: number, nodes: ReadonlySet<string>, result: TensorRagImport): EdgeEnds | undefined {
  const edge = Edge.safeParse(raw);
  if (!edge.success) {
    leftOut(result, 'edge-left-out', `Connection ${index + 1} was left out: it needs a source and a target.`);
    return undefined;
  }
  const [source, target] = [String(edge.data.source), String(edge.data.target)];
  const missing = [source, target].find((id) => !nodes.has(id));
  if (missing !== undefined) {
    leftOut(result, 'edge-left-out', `Connection ${index + 1} was left out: there is no node "${missing.slice(0, LIMITS.nameLength)}".`);
    return undefined;
  }
  const data = bag(edge.data.data);
  const sourcePort = portName(data.source_output, edge.data.sourceHandle);
  const targetPort = portName(data.target_input, edge.data.targetHandle);
  if (sourcePort === '' || targetPort === '') {
    const message = `The connection from "${source}" to "${target}" does not name both ports; they are found by name or type.`;
    result.findings.push({ kind: 'guessed', code: 'ports-not-named', message, nodeId: target });
  }
  return { source, sourcePort, target, targetPort };
}

const portName = (...places: unknown[]): string => places.find(isName) ?? '';

/** Objects only; anything else reads as empty. A key `__proto__` in the file is an own key and is never followed. */
function bag(value: unknown): Record<string, unknown> {
  const read = Bag.safeParse(value);
  return read.success ? read.data : {};
}

function readPosition(value: unknown): Point | undefined {
  const { x, y } = bag(value);
  return isCoordinate(x) && isCoordinate(y) ? { x, y } : undefined;
}

function readSize(node: Record<string, unknown>): Size | undefined {
  const { width, height } = node;
  return isCoordinate(width) && isCoordinate(height) && width > 0 && height > 0 ? { width, height } : undefined;
}

/** Nodes without a place go below those that have one, in columns from left to right. */
export function placeNodes(result: Pick<TensorRagImport, 'nodes' | 'edges' | 'findings'>, unplaced: ReadonlySet<string>): void {
  const placed = result.nodes.filter((node) => !unplaced.has(node.id));
  const left = placed.reduce((least, node) => Math.min(least, node.position.x), placed.length > 0 ? Infinity : 0);
  const top = placed.reduce((most, node) => Math.max(most, node.position.y + 2 * ROW), 0);
  const byId = new Map(result.nodes.map((node) => [node.id, node]));
  const layers = layersOf(topologyOf(byId.keys(), result.edges));
  for (const [column, ids] of layers.entries()) {
    const own = ids.filter((id) => unplaced.has(id)).sort(compareText);
    for (const [row, id] of own.entries()) {
      const x = Math.min(left + column * COLUMN, LIMITS.coordinate);
      const y = Math.min(top + row * ROW, LIMITS.coordinate);
      byId.get(id)!.position = { x, y };
    }
  }
  const message = `${unplaced.size} node${unplaced.size === 1 ? '' : 's'} had no position and ${unplaced.size === 1 ? 'was' : 'were'} laid out.`;
  result.findings.push({ kind: 'guessed', code: 'nodes-laid-out', message });
}
