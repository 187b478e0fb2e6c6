/**
 * Reads a document that anybody with `edit` may have written by hand into plain data.
 * Never throws and never writes: what cannot be read stays in the document and is reported. Knows no cards.
 */
import type { JsonObject } from '@ensemble/cards';
import * as Y from 'yjs';
import { LIMITS, SCHEMA_VERSION, pipelineRoots } from './layout.ts';
import { compareText, edgeId } from './model.ts';
import type { EdgeEnds, PipelineEdge, PipelineNode, Point, Size } from './model.ts';
import { readPlainJson } from './plain-json.ts';
import type { Problem } from './problem.ts';

export interface PipelineContent {
  title: string;
  /** In order of node id. */
  nodes: Map<string, PipelineNode>;
  /** In order of edge id; dangling ones included. */
  edges: Map<string, PipelineEdge>;
  /** Ids that are taken in the document, readable or not. */
  nodeIds: Set<string>;
  problems: Problem[];
}

export function readPipeline(doc: Y.Doc): PipelineContent {
  const roots = pipelineRoots(doc);
  const problems: Problem[] = [];
  const version = roots.meta.get('schemaVersion');
  if (typeof version === 'number' && version > SCHEMA_VERSION) {
    problems.push({
      code: 'pipeline/newer-version',
      severity: 'error',
      message: 'This pipeline was written by a newer Ensemble. Reload the page to get the present one.',
    });
  }
  const title = roots.meta.get('title');
  const nodes = new Map<string, PipelineNode>();
  for (const id of sortedKeys(roots.nodes)) {
    const node = readNode(id, roots.nodes.get(id), problems);
    if (node) nodes.set(id, node);
  }
  const edges = new Map<string, PipelineEdge>();
  for (const id of sortedKeys(roots.edges)) {
    const edge = readEdge(id, roots.edges.get(id));
    if (edge) edges.set(id, edge);
    else {
      problems.push({
        code: 'edge/unreadable',
        severity: 'error',
        message: 'A connection cannot be read. Remove it and draw it again.',
        edgeId: shorten(id),
      });
    }
  }
  return { title: isText(title, LIMITS.titleLength) ? title : '', nodes, edges, nodeIds: new Set(roots.nodes.keys()), problems };
}

/** A node id, card type, field name: not empty, not huge, the same text on every peer, and one that databases can keep. */
export const isName = (value: unknown): value is string => isText(value, LIMITS.nameLength) && value !== '' && !value.includes('\0');

export const isText = (value: unknown, maxLength: number): value is string =>
  typeof value === 'string' && value.length <= maxLength && value.isWellFormed();

export const isCoordinate = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && Math.abs(value) <= LIMITS.coordinate;

/** `undefined` unless the value is a node; its parts are read separately. */
export const nodeMap = (value: unknown): Y.Map<unknown> | undefined => (value instanceof Y.Map ? (value as Y.Map<unknown>) : undefined);

/** The four ends of an edge value, or `undefined` when it is none. */
export function readEnds(value: unknown): EdgeEnds | undefined {
  if (typeof value !== 'object' || value === null) return undefined;
  const { source, sourcePort, target, targetPort } = value as Partial<Record<keyof EdgeEnds, unknown>>;
  if (!isName(source) || !isName(target) || !isText(sourcePort, LIMITS.nameLength) || !isText(targetPort, LIMITS.nameLength))
    return undefined;
  return { source, sourcePort, target, targetPort };
}

function readEdge(id: string, value: unknown): PipelineEdge | undefined {
  const ends = readEnds(value);
  return ends && edgeId(ends) === id ? { id, ...ends } : undefined;
}

function readNode(id: string, value: unknown, problems: Problem[]): PipelineNode | undefined {
  const map = nodeMap(value);
  const card = map?.get('card');
  if (!isName(id) || !map || !isName(card)) {
    problems.push({
      code: 'node/unreadable',
      severity: 'error',
      message: 'A node cannot be read and is not shown. Delete it and add the card again, or restore an earlier state.',
      nodeId: shorten(id),
    });
    return undefined;
  }
  const repaired: string[] = [];
  const node: PipelineNode = {
    id,
    card,
    title: readTitle(map.get('title'), repaired),
    position: readPoint(map.get('pos'), repaired),
    config: readConfig(id, map.get('config'), repaired, problems),
  };
  const size = readSize(map.get('size'), repaired);
  if (size) node.size = size;
  if (map.get('bypass') === true) node.bypassed = true;
  if (repaired.length > 0) {
    problems.push({
      code: 'node/repaired',
      severity: 'warning',
      message: `The ${repaired.join(' and ')} of this node cannot be read and was replaced by a default. Set it again.`,
      nodeId: id,
    });
  }
  return node;
}

function readTitle(value: unknown, repaired: string[]): string {
  if (value === undefined) return '';
  if (isText(value, LIMITS.titleLength)) return value;
  repaired.push('title');
  return '';
}

function readPoint(value: unknown, repaired: string[]): Point {
  if (Array.isArray(value) && isCoordinate(value[0]) && isCoordinate(value[1])) return { x: value[0], y: value[1] };
  repaired.push('position');
  return { x: 0, y: 0 };
}

function readSize(value: unknown, repaired: string[]): Size | undefined {
  if (value === undefined) return undefined;
  if (Array.isArray(value) && isCoordinate(value[0]) && isCoordinate(value[1]) && value[0] > 0 && value[1] > 0) {
    return { width: value[0], height: value[1] };
  }
  repaired.push('size');
  return undefined;
}

function readConfig(nodeId: string, value: unknown, repaired: string[], problems: Problem[]): JsonObject {
  const config: JsonObject = {};
  const map = nodeMap(value);
  if (!map) {
    repaired.push('config');
    return config;
  }
  for (const field of sortedKeys(map)) {
    const reading = isFieldName(field) ? readPlainJson(map.get(field)) : ({ ok: false, reason: 'has a name that cannot be used' } as const);
    if (reading.ok) config[field] = reading.value;
    else {
      problems.push({
        code: 'config/unreadable',
        severity: 'error',
        message: `The value of "${shorten(field)}" ${reading.reason}. Set the field again.`,
        nodeId,
        field: shorten(field),
      });
    }
  }
  return config;
}

/** `__proto__` would set a prototype in every plain object made of a config. */
export const isFieldName = (value: unknown): value is string => isName(value) && value !== '__proto__';

const sortedKeys = (map: Y.Map<unknown>): string[] => [...map.keys()].sort(compareText);
const shorten = (text: string): string => (text.length > LIMITS.nameLength ? text.slice(0, LIMITS.nameLength) : text);
