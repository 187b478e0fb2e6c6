/**
 * Reads a document that anybody with `edit` may have written by hand into plain data.
 * Never throws and never writes: what cannot be read stays in the document and is reported. Knows no cards.
 */
import type { JsonObject } from '@ensemble/cards';
import type * as Y from 'yjs';
import { readFrame, readNote } from './annotation.ts';
import type { PipelineFrame, PipelineNote } from './annotation.ts';
import { LIMITS, SCHEMA_VERSION, pipelineRoots } from './layout.ts';
import { compareText, edgeId } from './model.ts';
import type { EdgeEnds, PipelineEdge, PipelineNode } from './model.ts';
import { readCacheSetting } from './cache-setting.ts';
import { readPin } from './pins.ts';
import { readPlainJson } from './plain-json.ts';
import type { Problem } from './problem.ts';
import { isFieldName, isName, isText, kindOf, nodeMap, readPoint, readSize, readTitle } from './read-values.ts';

export interface PipelineContent {
  title: string;
  /** In order of node id. */
  nodes: Map<string, PipelineNode>;
  /** In order of id. */
  notes: PipelineNote[];
  /** In order of id. */
  frames: PipelineFrame[];
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
  const notes: PipelineNote[] = [];
  const frames: PipelineFrame[] = [];
  for (const id of sortedKeys(roots.nodes)) {
    const map = isName(id) ? nodeMap(roots.nodes.get(id)) : undefined;
    const kind = map && kindOf(map);
    if (map && kind === 'note') notes.push(readNote(id, map, problems));
    else if (map && kind === 'frame') frames.push(readFrame(id, map, problems));
    else {
      const node = map && kind === 'card' ? readNode(id, map, problems) : undefined;
      if (node) nodes.set(id, node);
      else problems.push(unreadableNode(id));
    }
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
  return {
    title: isText(title, LIMITS.titleLength) ? title : '',
    nodes,
    notes,
    frames,
    edges,
    nodeIds: new Set(roots.nodes.keys()),
    problems,
  };
}

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

const unreadableNode = (id: string): Problem => ({
  code: 'node/unreadable',
  severity: 'error',
  message: 'A node cannot be read and is not shown. Delete it and add the card again, or restore an earlier state.',
  nodeId: shorten(id),
});

function readNode(id: string, map: Y.Map<unknown>, problems: Problem[]): PipelineNode | undefined {
  const card = map.get('card');
  if (!isName(card)) return undefined;
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
  const pin = readPin(map.get('pin'), repaired);
  if (pin) node.pin = pin;
  const cache = readCacheSetting(map.get('cache'), repaired);
  if (cache) node.cache = cache;
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

const sortedKeys = (map: Y.Map<unknown>): string[] => [...map.keys()].sort(compareText);
const shorten = (text: string): string => (text.length > LIMITS.nameLength ? text.slice(0, LIMITS.nameLength) : text);
