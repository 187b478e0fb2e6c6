/** Edits of notes and frames. Moving, resizing, renaming and removing them are the same edits as for cards: see `edit-nodes.ts`. */
import * as Y from 'yjs';
import { checkNewFrame, checkNewNote, frameEntry, isAnnotationColor, noteEntry } from './annotation.ts';
import type { AnnotationColor, NewFrame, NewNote } from './annotation.ts';
import { nodeGone, refuse } from './edit-result.ts';
import type { EditResult, Refusal } from './edit-result.ts';
import { LIMITS, pipelineRoots, putSchemaVersion } from './layout.ts';
import { isAnnotation, isText, kindOf, nodeMap } from './read-values.ts';
import { textChange } from './text-change.ts';
import { markUndoGroup } from './undo.ts';

export const addNote = (doc: Y.Doc, note: NewNote, origin: unknown): EditResult =>
  add(doc, note.id, checkNewNote(note), () => noteEntry(note), origin);

export const addFrame = (doc: Y.Doc, frame: NewFrame, origin: unknown): EditResult =>
  add(doc, frame.id, checkNewFrame(frame), () => frameEntry(frame), origin);

/** Cards, and what is gone, are passed over. */
export function setColor(doc: Y.Doc, ids: readonly string[], color: AnnotationColor, origin: unknown): EditResult<{ changed: number }> {
  if (!isAnnotationColor(color)) return refuse('invalid', 'There is no such colour.');
  const { nodes } = pipelineRoots(doc);
  const maps = ids
    .map((id) => nodes.get(id))
    .filter(isAnnotation)
    .flatMap((value) => nodeMap(value) ?? [])
    .filter((map) => map.get('color') !== color);
  if (maps.length > 0) doc.transact(() => maps.forEach((map) => map.set('color', color)), origin);
  return { ok: true, changed: maps.length };
}

/** The shared text of a note, to bind an editor to; `undefined` when there is no such note (any more). */
export function noteText(doc: Y.Doc, id: string): Y.Text | undefined {
  const text = noteMap(doc, id)?.get('text');
  return text instanceof Y.Text ? text : undefined;
}

/** Writes only where the text differs, so that two people can type in one note. */
export function setNoteText(doc: Y.Doc, id: string, text: string, origin: unknown): EditResult {
  if (!isText(text, LIMITS.noteText)) return refuse('invalid', `A note has at most ${LIMITS.noteText} characters.`);
  const map = noteMap(doc, id);
  if (!map) return nodeGone(id);
  doc.transact((transaction) => {
    writeText(noteText(doc, id) ?? newText(map), text);
    markUndoGroup(transaction, `text ${id}`);
  }, origin);
  return { ok: true };
}

function writeText(shared: Y.Text, text: string): void {
  const present = shared.toJSON();
  // Something else than text is in it, which only a document written by other means has.
  const plain = present.length === shared.length;
  const { index, remove, insert } = plain ? textChange(present, text) : { index: 0, remove: shared.length, insert: text };
  if (remove > 0) shared.delete(index, remove);
  if (insert !== '') shared.insert(index, insert);
}

/** Our edits always make the text with the note. Only a document written by other means lacks it. */
function newText(map: Y.Map<unknown>): Y.Text {
  const made = new Y.Text();
  map.set('text', made);
  return made;
}

function noteMap(doc: Y.Doc, id: string): Y.Map<unknown> | undefined {
  const map = nodeMap(pipelineRoots(doc).nodes.get(id));
  return map && kindOf(map) === 'note' ? map : undefined;
}

function add(doc: Y.Doc, id: string, wrong: Refusal | undefined, entry: () => Y.Map<unknown>, origin: unknown): EditResult {
  if (wrong) return wrong;
  const { nodes } = pipelineRoots(doc);
  if (nodes.has(id)) return refuse('node-exists', `There is a node "${id}" already.`);
  doc.transact(() => {
    putSchemaVersion(doc);
    nodes.set(id, entry());
  }, origin);
  return { ok: true };
}
