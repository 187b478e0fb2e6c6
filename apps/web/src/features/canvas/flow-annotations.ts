/** Notes and frames as React Flow draws them; objects are kept while nothing that is drawn changed. Pure. */
import type { AnnotationColor, PipelineFrame, PipelineNote, Point, Size } from '@ensemble/pipeline';
import type { Node } from '@xyflow/react';

interface AnnotationData extends Record<string, unknown> {
  color: AnnotationColor;
}
/** React Flow marks a node that is being resized, without saying so in its types. */
interface Resizable {
  resizing?: boolean;
}
export type NoteFlowNode = Node<AnnotationData & { text: string }, 'note'> & Resizable;
export type FrameFlowNode = Node<AnnotationData & { title: string }, 'frame'> & Resizable;

/** Selecting lifts a node by 1000: a frame stays behind connections and cards all the same. */
const BEHIND = -1001;
const NAME_LENGTH = 60;

/** While I drag a node, my pointer says where it is; the document learns it once, at the end. */
export const placeNow = (old: Pick<Node, 'position' | 'dragging'>, position: Point): Point =>
  old.dragging === true || (old.position.x === position.x && old.position.y === position.y) ? old.position : position;

export function drawNote(old: Node | undefined, { id, color, text, size }: PipelineNote, position: Point): NoteFlowNode {
  const data = { color, text };
  const ariaLabel = `Note: ${nameOfNote(text)}`;
  return reuse<NoteFlowNode>(
    old,
    { id, type: 'note', position, data, ...size, measured: size, ariaLabel, handles: [] },
    (before) => before.text === text,
  );
}

export function drawFrame(old: Node | undefined, { id, color, title, size }: PipelineFrame, position: Point): FrameFlowNode {
  return reuse<FrameFlowNode>(
    old,
    {
      id,
      type: 'frame',
      position,
      data: { color, title },
      ...size,
      measured: size,
      ariaLabel: `Frame ${title || 'without a title'}`,
      handles: [],
      zIndex: BEHIND,
      dragHandle: '.frame-handle',
      // Inside it the canvas can be dragged and clicked as anywhere.
      style: { pointerEvents: 'none' },
    },
    (before) => before.title === title,
  );
}

/** The first line of a note that says something. */
export function nameOfNote(text: string): string {
  const line = text
    .split('\n')
    .map((part) =>
      part
        .replace(/^[\s#>+-]+/, '')
        .replaceAll(/[*_`~]/g, '')
        .trim(),
    )
    .find((part) => part !== '');
  if (line === undefined) return 'empty';
  return line.length > NAME_LENGTH ? `${line.slice(0, NAME_LENGTH).toWellFormed()}…` : line;
}

function reuse<Drawn extends NoteFlowNode | FrameFlowNode>(
  old: Node | undefined,
  made: Drawn,
  sameWords: (before: Drawn['data']) => boolean,
): Drawn {
  if (old?.type !== made.type) return made;
  const before = old as Drawn;
  const position = placeNow(before, made.position);
  const size = sizeNow(before, { width: made.width ?? 0, height: made.height ?? 0 });
  const sameData = before.data.color === made.data.color && sameWords(before.data);
  if (sameData && position === before.position && size.width === before.width && size.height === before.height) return before;
  return { ...before, position, ...size, measured: size, ...(sameData ? {} : { data: made.data, ariaLabel: made.ariaLabel }) };
}

/** While I resize it, my pointer says how big it is. */
const sizeNow = (old: NoteFlowNode | FrameFlowNode, size: Size): Size =>
  old.resizing === true ? { width: old.width ?? size.width, height: old.height ?? size.height } : size;
