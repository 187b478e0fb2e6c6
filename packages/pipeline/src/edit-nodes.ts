/**
 * Edits of nodes and of the title; moving, resizing, renaming and removing serve notes and frames too. Each is one
 * transaction with the caller's origin, so it is one update on the wire and one undo step. They check what they are
 * given and the document, not the cards and not rights.
 */
import type { JsonObject, JsonValue } from '@ensemble/cards';
import * as Y from 'yjs';
import { nodeGone, refuse } from './edit-result.ts';
import type { EditResult, Refusal } from './edit-result.ts';
import { LIMITS, pipelineRoots, putSchemaVersion } from './layout.ts';
import type { PipelineNode, Point, Size } from './model.ts';
import { equalJson, readPlainJson } from './plain-json.ts';
import { readCacheSetting } from './cache-setting.ts';
import { readPin } from './pins.ts';
import { readEnds } from './read-pipeline.ts';
import { isFieldName, isName, isPoint, isSize, isText, kindOf, nodeMap } from './read-values.ts';
import { markUndoGroup } from './undo.ts';

/** A node to add; `config` holds only what differs from the card's defaults. */
export type NewNode = Pick<PipelineNode, 'id' | 'card' | 'position'> &
  Partial<Pick<PipelineNode, 'title' | 'size' | 'config' | 'bypassed' | 'pin' | 'cache'>>;

export function addNode(doc: Y.Doc, node: NewNode, origin: unknown): EditResult {
  const wrong = checkNewNode(node);
  if (wrong) return wrong;
  if (pipelineRoots(doc).nodes.has(node.id)) return refuse('node-exists', `There is a node "${node.id}" already.`);
  doc.transact(() => putNode(doc, node), origin);
  return { ok: true };
}

/** Nodes that are gone are passed over, so that a drag ends well when a colleague deleted one of ten. */
export function moveNodes(doc: Y.Doc, moves: readonly { id: string; position: Point }[], origin: unknown): EditResult<{ moved: number }> {
  if (!moves.every((move) => isPoint(move.position)))
    return refuse('invalid', 'A node can only be moved to finite coordinates on the canvas.');
  let moved = 0;
  doc.transact((transaction) => {
    for (const { id, position } of moves) {
      const map = entryOf(doc, id);
      if (!map) continue;
      moved++;
      const present: unknown = map.get('pos');
      if (Array.isArray(present) && present[0] === position.x && present[1] === position.y) continue;
      map.set('pos', [position.x, position.y]);
    }
    markUndoGroup(transaction, `move ${JSON.stringify(moves.map((move) => move.id).sort())}`);
  }, origin);
  return moved === 0 && moves.length > 0 ? nodeGone(moves[0]!.id) : { ok: true, moved };
}

export function resizeNode(doc: Y.Doc, id: string, size: Size, origin: unknown): EditResult {
  if (!isSize(size)) return refuse('invalid', 'A node needs a width and a height above 0.');
  return editNode(doc, id, `size ${id}`, origin, (map) => map.set('size', [size.width, size.height]), entryOf);
}

/** Of a card or a frame. The empty title of a card shows its display name. */
export function renameNode(doc: Y.Doc, id: string, title: string, origin: unknown): EditResult {
  if (!isText(title, LIMITS.titleLength)) return refuse('invalid', `A title has at most ${LIMITS.titleLength} characters.`);
  const rename = (map: Y.Map<unknown>) => map.get('title') !== title && map.set('title', title);
  return editNode(doc, id, `title ${id}`, origin, rename, titledOf);
}

/** For nodes of a card whose `card_type` was changed. Config and edges stay. */
export function changeNodeCard(doc: Y.Doc, ids: readonly string[], card: string, origin: unknown): EditResult<{ changed: number }> {
  if (!isName(card)) return refuse('invalid', 'A node needs the type of a card.');
  const maps = ids.flatMap((id) => nodeOf(doc, id) ?? []);
  doc.transact(() => maps.forEach((map) => map.set('card', card)), origin);
  return { ok: true, changed: maps.length };
}

/** Nodes that are gone are passed over. The key is absent unless the node is bypassed. */
export function setBypass(doc: Y.Doc, ids: readonly string[], bypassed: boolean, origin: unknown): EditResult<{ changed: number }> {
  const maps = ids.flatMap((id) => nodeOf(doc, id) ?? []).filter((map) => (map.get('bypass') === true) !== bypassed);
  if (maps.length === 0) return { ok: true, changed: 0 };
  doc.transact(() => {
    for (const map of maps) {
      if (bypassed) map.set('bypass', true);
      else map.delete('bypass');
    }
  }, origin);
  return { ok: true, changed: maps.length };
}

export function setConfigField(doc: Y.Doc, id: string, field: string, value: JsonValue, origin: unknown): EditResult {
  if (!isFieldName(field)) return refuse('invalid', 'This name cannot be used for a config field.');
  const reading = readPlainJson(value);
  if (!reading.ok) return refuse('invalid', `The value of "${field}" ${reading.reason}.`);
  return editNode(doc, id, `config ${JSON.stringify([id, field])}`, origin, (map) => {
    const config = configOf(map);
    const present = readPlainJson(config.get(field));
    if (!present.ok || !equalJson(present.value, reading.value)) config.set(field, reading.value);
  });
}

/** Back to the card's default. */
export function removeConfigField(doc: Y.Doc, id: string, field: string, origin: unknown): EditResult {
  return editNode(doc, id, undefined, origin, (map) => nodeMap(map.get('config'))?.delete(field));
}

/** Removes nodes, notes and frames with all edges at them; one undo brings everything back. Nodes that are gone already are passed over. */
export function removeNodes(doc: Y.Doc, ids: readonly string[], origin: unknown): EditResult<{ removed: number }> {
  const { nodes, edges } = pipelineRoots(doc);
  const gone = new Set(ids.filter((id) => nodes.has(id)));
  if (gone.size === 0) return { ok: true, removed: 0 };
  doc.transact(() => {
    for (const [edge, value] of edges.entries()) {
      const ends = readEnds(value);
      if (ends && (gone.has(ends.source) || gone.has(ends.target))) edges.delete(edge);
    }
    for (const id of gone) nodes.delete(id);
  }, origin);
  return { ok: true, removed: gone.size };
}

export function setTitle(doc: Y.Doc, title: string, origin: unknown): EditResult {
  if (!isText(title, LIMITS.titleLength)) return refuse('invalid', `A title has at most ${LIMITS.titleLength} characters.`);
  const { meta } = pipelineRoots(doc);
  doc.transact((transaction) => {
    if (meta.get('title') !== title) meta.set('title', title);
    markUndoGroup(transaction, 'pipeline title');
  }, origin);
  return { ok: true };
}

export function checkNewNode(node: NewNode): Refusal | undefined {
  if (!isName(node.id)) return refuse('invalid', `A node id has 1 to ${LIMITS.nameLength} characters.`);
  if (!isName(node.card)) return refuse('invalid', 'A node needs the type of a card.');
  if (!isPoint(node.position)) return refuse('invalid', 'A node needs finite coordinates on the canvas.');
  if (node.size && !isSize(node.size)) return refuse('invalid', 'A node needs a width and a height above 0.');
  if (!isText(node.title ?? '', LIMITS.titleLength)) return refuse('invalid', `A title has at most ${LIMITS.titleLength} characters.`);
  if (node.pin && !readPin(node.pin)) return refuse('invalid', 'A result is pinned by the id of its run.');
  if (node.cache && !readCacheSetting(node.cache)) return refuse('invalid', 'The cache setting of a node cannot be read.');
  for (const [field, value] of Object.entries(node.config ?? {})) {
    if (!isFieldName(field)) return refuse('invalid', 'This name cannot be used for a config field.');
    const reading = readPlainJson(value);
    if (!reading.ok) return refuse('invalid', `The value of "${field}" ${reading.reason}.`);
  }
  return undefined;
}

/** Writes a checked node; for use inside a transaction. */
export function putNode(doc: Y.Doc, node: NewNode): void {
  putSchemaVersion(doc);
  const entries: [string, unknown][] = [
    ['card', node.card],
    ['pos', [node.position.x, node.position.y]],
    ['title', node.title ?? ''],
    ['config', new Y.Map(Object.entries(plainConfig(node.config ?? {})))],
  ];
  if (node.size) entries.push(['size', [node.size.width, node.size.height]]);
  if (node.bypassed) entries.push(['bypass', true]);
  if (node.pin) entries.push(['pin', { runId: node.pin.runId }]);
  if (node.cache) entries.push(['cache', readCacheSetting(node.cache)]);
  pipelineRoots(doc).nodes.set(node.id, new Y.Map(entries));
}

function plainConfig(config: JsonObject): JsonObject {
  const reading = readPlainJson(config);
  if (!reading.ok) throw new RangeError(`config ${reading.reason}; check the node before it is written`);
  return reading.value as JsonObject;
}

function editNode(
  doc: Y.Doc,
  id: string,
  group: string | undefined,
  origin: unknown,
  edit: (map: Y.Map<unknown>) => unknown,
  find = nodeOf,
): EditResult {
  const map = find(doc, id);
  if (!map) return nodeGone(id);
  doc.transact((transaction) => {
    edit(map);
    if (group !== undefined) markUndoGroup(transaction, group);
  }, origin);
  return { ok: true };
}

/** Our edits always make `config` with the node. Only a document written by other means lacks it. */
function configOf(map: Y.Map<unknown>): Y.Map<unknown> {
  const present = nodeMap(map.get('config'));
  if (present) return present;
  const made = new Y.Map<unknown>();
  map.set('config', made);
  return made;
}

/** Nodes, notes and frames. */
const entryOf = (doc: Y.Doc, id: string): Y.Map<unknown> | undefined => nodeMap(pipelineRoots(doc).nodes.get(id));

function nodeOf(doc: Y.Doc, id: string): Y.Map<unknown> | undefined {
  const map = entryOf(doc, id);
  return map && kindOf(map) === 'card' ? map : undefined;
}

function titledOf(doc: Y.Doc, id: string): Y.Map<unknown> | undefined {
  const map = entryOf(doc, id);
  return map && kindOf(map) !== 'note' ? map : undefined;
}
