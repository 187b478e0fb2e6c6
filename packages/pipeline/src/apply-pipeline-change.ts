/**
 * Brings what somebody changed in the files of a pipeline into the live document: by id and field, so that what colleagues
 * changed meanwhile stays. All or nothing: where both changed one thing differently, nothing is written and it is said.
 */
import type { JsonValue } from '@ensemble/cards';
import type * as Y from 'yjs';
import type { NewFrame, NewNote } from './annotation.ts';
import { addFrame, addNote, setColor, setNoteText } from './edit-annotations.ts';
import {
  addNode,
  changeNodeCard,
  moveNodes,
  removeConfigField,
  removeNodes,
  renameNode,
  resizeNode,
  setBypass,
  setConfigField,
  setTitle,
} from './edit-nodes.ts';
import type { EditResult } from './edit-result.ts';
import { disconnect, putEdges } from './connect.ts';
import { mergeLines } from './merge-lines.ts';
import { edgeId } from './model.ts';
import type { EdgeEnds, PipelineNode } from './model.ts';
import type { PipelineFile } from './pipeline-files.ts';
import { setCacheSetting } from './cache-setting.ts';
import { setPin } from './pins.ts';
import { equalJson } from './plain-json.ts';
import { readPipeline } from './read-pipeline.ts';
import type { PipelineContent } from './read-pipeline.ts';

type Graph = Pick<PipelineFile, 'title' | 'nodes' | 'edges' | 'notes' | 'frames'>;
type Item = PipelineNode | NewNote | NewFrame;
type Edit = () => EditResult<object> | void;

interface Plan {
  doc: Y.Doc;
  origin: unknown;
  edits: Edit[];
  conflicts: string[];
}

/** `before` is what the files said when they were last equal to the document. The conflicts are sentences. */
export function applyPipelineChange(doc: Y.Doc, before: Graph, after: Graph, origin: unknown): { changed: boolean; conflicts: string[] } {
  const live = readPipeline(doc);
  const plan: Plan = { doc, origin, edits: [], conflicts: [] };
  decide(plan, 'The title of the pipeline', before.title ?? '', after.title ?? '', live.title, (title) => setTitle(doc, title, origin));
  planItems(plan, byId(before.nodes), byId(after.nodes), live.nodes, NODE_PARTS, (node) => addNode(doc, node, origin));
  planItems(plan, byId(before.notes), byId(after.notes), byId(live.notes), NOTE_PARTS, (note) => addNote(doc, note, origin));
  planItems(plan, byId(before.frames), byId(after.frames), byId(live.frames), FRAME_PARTS, (frame) => addFrame(doc, frame, origin));
  planEdges(plan, before.edges, after.edges, live);
  if (plan.conflicts.length > 0 || plan.edits.length === 0) return { changed: false, conflicts: plan.conflicts };
  doc.transact(() => {
    for (const edit of plan.edits) edit();
  }, origin);
  return { changed: true, conflicts: [] };
}

/** One part of an item that is compared and written by itself. */
interface Part<Kind> {
  name: string;
  of(item: Kind): JsonValue | undefined;
  write(plan: Plan, id: string, value: JsonValue | undefined): EditResult<object> | void;
  merge?(before: JsonValue, mine: JsonValue, theirs: JsonValue): JsonValue | undefined;
}

const position: Part<Item> = {
  name: 'position',
  of: ({ position: { x, y } }) => [x, y],
  write: ({ doc, origin }, id, value) => {
    const [x, y] = value as [number, number];
    return moveNodes(doc, [{ id, position: { x, y } }], origin);
  },
};
const size: Part<Item> = {
  name: 'size',
  of: (item) => (item.size ? [item.size.width, item.size.height] : undefined),
  // A size cannot be taken back; what the file leaves out stays.
  write: ({ doc, origin }, id, value) =>
    value === undefined ? undefined : resizeNode(doc, id, { width: (value as number[])[0]!, height: (value as number[])[1]! }, origin),
};
const title: Part<PipelineNode | NewFrame> = {
  name: 'title',
  of: (item) => item.title ?? '',
  write: ({ doc, origin }, id, value) => renameNode(doc, id, value as string, origin),
};
const color: Part<NewNote | NewFrame> = {
  name: 'colour',
  of: (item) => item.color,
  write: ({ doc, origin }, id, value) => (value === undefined ? undefined : setColor(doc, [id], value as never, origin)),
};
const NODE_PARTS = (before: PipelineNode, after: PipelineNode): Part<PipelineNode>[] => [
  { name: 'card', of: (node) => node.card, write: ({ doc, origin }, id, value) => changeNodeCard(doc, [id], value as string, origin) },
  title,
  position,
  size,
  {
    name: 'bypass',
    of: (node) => node.bypassed === true,
    write: ({ doc, origin }, id, value) => setBypass(doc, [id], value === true, origin),
  },
  {
    name: 'pin',
    of: (node) => node.pin?.runId,
    write: ({ doc, origin }, id, value) => setPin(doc, [id], value === undefined ? undefined : { runId: value as string }, origin),
  },
  {
    name: 'cache setting',
    of: (node) => node.cache,
    write: ({ doc, origin }, id, value) => setCacheSetting(doc, id, value as PipelineNode['cache'], origin),
  },
  ...[...new Set([...Object.keys(before.config), ...Object.keys(after.config)])].map((field): Part<PipelineNode> => ({
    name: `field "${field}"`,
    of: ({ config }) => (Object.hasOwn(config, field) ? config[field] : undefined),
    write: ({ doc, origin }, id, value) =>
      value === undefined ? removeConfigField(doc, id, field, origin) : setConfigField(doc, id, field, value, origin),
  })),
];
const NOTE_PARTS = (): Part<NewNote>[] => [
  position,
  size,
  color,
  {
    name: 'text',
    of: (note) => note.text ?? '',
    write: ({ doc, origin }, id, value) => setNoteText(doc, id, value as string, origin),
    merge: (before, mine, theirs) => mergeLines(before as string, mine as string, theirs as string),
  },
];
const FRAME_PARTS = (): Part<NewFrame>[] => [position, size, color, title];

function planItems<Kind extends Item>(
  plan: Plan,
  before: ReadonlyMap<string, Kind>,
  after: ReadonlyMap<string, Kind>,
  live: ReadonlyMap<string, Kind>,
  partsOf: (before: Kind, after: Kind) => Part<Kind>[],
  add: (item: Kind) => EditResult<object>,
): void {
  const differs = (a: Kind, b: Kind): boolean => partsOf(a, b).some((part) => !same(part.of(a), part.of(b)));
  for (const [id, was] of before) {
    const present = live.get(id);
    if (after.has(id) || !present) continue;
    if (differs(was, present)) plan.conflicts.push(`"${id}" was deleted in the folder and changed in the project.`);
    else plan.edits.push(() => removeNodes(plan.doc, [id], plan.origin));
  }
  for (const [id, now] of after) {
    const was = before.get(id);
    const present = live.get(id);
    if (!was) {
      if (!present) plan.edits.push(() => add(now));
      else if (differs(now, present)) plan.conflicts.push(`"${id}" was added in the folder and, differently, in the project.`);
    } else if (!present) {
      if (differs(was, now)) plan.conflicts.push(`"${id}" was changed in the folder and deleted in the project.`);
    } else {
      for (const part of partsOf(was, now))
        decide(
          plan,
          `The ${part.name} of "${id}"`,
          part.of(was),
          part.of(now),
          part.of(present),
          (value) => part.write(plan, id, value),
          part.merge,
        );
    }
  }
}

function decide<Value extends JsonValue | undefined>(
  plan: Plan,
  what: string,
  before: Value,
  mine: Value,
  theirs: Value,
  write: (value: Value) => EditResult<object> | void,
  merge?: (before: JsonValue, mine: JsonValue, theirs: JsonValue) => JsonValue | undefined,
): void {
  if (same(before, mine) || same(mine, theirs)) return;
  if (same(before, theirs)) return void plan.edits.push(() => write(mine));
  const merged = before !== undefined && mine !== undefined && theirs !== undefined ? merge?.(before, mine, theirs) : undefined;
  if (merged === undefined) plan.conflicts.push(`${what} was changed in the folder and, differently, in the project.`);
  else plan.edits.push(() => write(merged as Value));
}

function planEdges(plan: Plan, before: readonly EdgeEnds[], after: readonly EdgeEnds[], live: PipelineContent): void {
  const was = new Set(before.map(edgeId));
  const now = new Set(after.map(edgeId));
  const gone = [...was].filter((id) => !now.has(id) && live.edges.has(id));
  const added = after.filter((ends) => !was.has(edgeId(ends)) && !live.edges.has(edgeId(ends)));
  if (gone.length > 0) plan.edits.push(() => disconnect(plan.doc, gone, plan.origin));
  if (added.length > 0) plan.edits.push(() => void putEdges(plan.doc, added, plan.origin));
}

const same = (a: JsonValue | undefined, b: JsonValue | undefined): boolean => equalJson(a, b);
const byId = <Kind extends { id: string }>(items: readonly Kind[]): Map<string, Kind> => new Map(items.map((item) => [item.id, item]));
