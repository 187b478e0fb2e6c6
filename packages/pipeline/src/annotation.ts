/**
 * Notes and frames: what people put on the canvas beside the cards. They are entries of `nodes` of a kind of their own, and nothing
 * that runs knows of them. A frame owns nothing: what lies in it is decided when somebody drags it (`nodesInFrame`).
 */
import * as Y from 'yjs';
import { LIMITS } from './layout.ts';
import type { Point, Size } from './model.ts';
import type { Problem } from './problem.ts';
import { isName, isPoint, isSize, isText, readPoint, readSize, readTitle } from './read-values.ts';
import { refuse } from './edit-result.ts';
import type { Refusal } from './edit-result.ts';

export const ANNOTATION_COLORS = ['gray', 'yellow', 'green', 'blue', 'violet', 'red'] as const;
export type AnnotationColor = (typeof ANNOTATION_COLORS)[number];

interface Annotation {
  id: string;
  position: Point;
  size: Size;
  color: AnnotationColor;
}

export interface PipelineNote extends Annotation {
  /** Markdown. */
  text: string;
}

export interface PipelineFrame extends Annotation {
  title: string;
}

/** What is left out gets a default. */
export type NewNote = Pick<PipelineNote, 'id' | 'position'> & Partial<PipelineNote>;
export type NewFrame = Pick<PipelineFrame, 'id' | 'position'> & Partial<PipelineFrame>;

const NOTE = { size: { width: 240, height: 160 }, color: 'yellow' } as const;
const FRAME = { size: { width: 480, height: 320 }, color: 'gray' } as const;

export const isAnnotationColor = (value: unknown): value is AnnotationColor => (ANNOTATION_COLORS as readonly unknown[]).includes(value);

export const checkNewNote = (note: NewNote): Refusal | undefined =>
  checkAnnotation('note', note) ??
  (isText(note.text ?? '', LIMITS.noteText) ? undefined : refuse('invalid', `A note has at most ${LIMITS.noteText} characters.`));

export const checkNewFrame = (frame: NewFrame): Refusal | undefined =>
  checkAnnotation('frame', frame) ??
  (isText(frame.title ?? '', LIMITS.titleLength) ? undefined : refuse('invalid', `A title has at most ${LIMITS.titleLength} characters.`));

function checkAnnotation(what: string, { id, position, size, color }: NewNote | NewFrame): Refusal | undefined {
  if (!isName(id)) return refuse('invalid', `The id of a ${what} has 1 to ${LIMITS.nameLength} characters.`);
  if (!isPoint(position)) return refuse('invalid', `A ${what} needs finite coordinates on the canvas.`);
  if (size && !isSize(size)) return refuse('invalid', `A ${what} needs a width and a height above 0.`);
  if (color !== undefined && !isAnnotationColor(color))
    return refuse('invalid', `The colour of a ${what} is one of: ${ANNOTATION_COLORS.join(', ')}.`);
  return undefined;
}

/** The entry of a checked note. Its text is made with it and never set again: replacing it would throw away what a colleague is typing. */
export function noteEntry(note: NewNote): Y.Map<unknown> {
  return new Y.Map<unknown>([['kind', 'note'], ...commonEntries(note, NOTE), ['text', new Y.Text(note.text ?? '')]]);
}

export function frameEntry(frame: NewFrame): Y.Map<unknown> {
  return new Y.Map<unknown>([['kind', 'frame'], ...commonEntries(frame, FRAME), ['title', frame.title ?? '']]);
}

function commonEntries(item: NewNote | NewFrame, defaults: Pick<Annotation, 'size' | 'color'>): [string, unknown][] {
  const { width, height } = item.size ?? defaults.size;
  return [
    ['pos', [item.position.x, item.position.y]],
    ['size', [width, height]],
    ['color', item.color ?? defaults.color],
  ];
}

export function readNote(id: string, map: Y.Map<unknown>, problems: Problem[]): PipelineNote {
  const repaired: string[] = [];
  const note = { id, ...readCommon(map, NOTE, repaired), text: readText(id, map.get('text'), repaired, problems) };
  report('note', id, repaired, problems);
  return note;
}

export function readFrame(id: string, map: Y.Map<unknown>, problems: Problem[]): PipelineFrame {
  const repaired: string[] = [];
  const frame = { id, ...readCommon(map, FRAME, repaired), title: readTitle(map.get('title'), repaired) };
  report('frame', id, repaired, problems);
  return frame;
}

function readCommon(map: Y.Map<unknown>, defaults: Pick<Annotation, 'size' | 'color'>, repaired: string[]): Omit<Annotation, 'id'> {
  const color = map.get('color');
  if (!isAnnotationColor(color)) repaired.push('colour');
  return {
    position: readPoint(map.get('pos'), repaired),
    size: readSize(map.get('size'), repaired) ?? defaults.size,
    color: isAnnotationColor(color) ? color : defaults.color,
  };
}

/** Two people who type at once can together pass the limit that each of them keeps. */
function readText(nodeId: string, value: unknown, repaired: string[], problems: Problem[]): string {
  if (!(value instanceof Y.Text)) {
    repaired.push('text');
    return '';
  }
  const text = value.toJSON().toWellFormed();
  if (text.length <= LIMITS.noteText) return text;
  problems.push({
    code: 'note/too-long',
    severity: 'warning',
    message: `This note has more than ${LIMITS.noteText} characters, and only the first are shown. Shorten it.`,
    nodeId,
  });
  return text.slice(0, LIMITS.noteText).toWellFormed();
}

function report(what: string, nodeId: string, repaired: readonly string[], problems: Problem[]): void {
  if (repaired.length === 0) return;
  problems.push({
    code: 'node/repaired',
    severity: 'warning',
    message: `The ${repaired.join(' and ')} of this ${what} cannot be read and was replaced by a default. Set it again.`,
    nodeId,
  });
}
