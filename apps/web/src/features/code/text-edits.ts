/** Edits of a text as plain offsets: between Yjs, which speaks in deltas, and an editor, which speaks in ranges. Pure. */

/** Replaces `length` characters at `offset` by `text`. Offsets of one list all mean the text before any of its edits. */
export interface TextEdit {
  offset: number;
  length: number;
  text: string;
}

/** One step of a Yjs delta; what is embedded and not text counts as nothing. */
interface DeltaStep {
  retain?: number | undefined;
  delete?: number | undefined;
  insert?: unknown;
}

/** The edits a delta stands for, in the order of the text, each touching only what it changes. */
export function editsOfDelta(delta: readonly DeltaStep[]): TextEdit[] {
  const edits: TextEdit[] = [];
  let offset = 0;
  let open: TextEdit | undefined;
  for (const step of delta) {
    if (step.retain !== undefined) {
      offset += step.retain;
      open = undefined;
      continue;
    }
    if (!open) edits.push((open = { offset, length: 0, text: '' }));
    if (step.delete !== undefined) {
      open.length += step.delete;
      offset += step.delete;
    } else if (typeof step.insert === 'string') open.text += step.insert;
  }
  return edits;
}

/**
 * Where an offset is after the edits. At the very place of an insertion, `left` stays before what came and `right` goes
 * behind it; inside a removed part it goes to its start, or behind its replacement.
 */
export function shiftOffset(offset: number, edits: readonly TextEdit[], stick: 'left' | 'right'): number {
  let moved = 0;
  for (const edit of edits) {
    const end = edit.offset + edit.length;
    if (end < offset || (end === offset && (edit.length > 0 || stick === 'right'))) {
      moved += edit.text.length - edit.length;
      continue;
    }
    if (edit.offset < offset) return edit.offset + moved + (stick === 'right' ? edit.text.length : 0);
    break;
  }
  return offset + moved;
}

/** A selection after the edits: it never grows by what others type at its ends, and a mere cursor stays where it is. */
export function shiftSpan({ from, to }: { from: number; to: number }, edits: readonly TextEdit[]): { from: number; to: number } {
  if (from === to) {
    const at = shiftOffset(from, edits, 'left');
    return { from: at, to: at };
  }
  const start = shiftOffset(from, edits, 'right');
  return { from: start, to: Math.max(start, shiftOffset(to, edits, 'left')) };
}

export function applyEdits(text: string, edits: readonly TextEdit[]): string {
  let result = '';
  let at = 0;
  for (const { offset, length, text: inserted } of edits) {
    result += text.slice(at, offset) + inserted;
    at = offset + length;
  }
  return result + text.slice(at);
}

/** The one edit between two texts, without what they share at both ends; undefined when they are equal. */
export function spanningEdit(before: string, after: string): TextEdit | undefined {
  if (before === after) return undefined;
  const most = Math.min(before.length, after.length);
  let start = 0;
  while (start < most && before[start] === after[start]) start += 1;
  let end = 0;
  while (end < most - start && before[before.length - 1 - end] === after[after.length - 1 - end]) end += 1;
  // Half of a character is no place to cut.
  if (start > 0 && isHighSurrogate(before.charCodeAt(start - 1))) start -= 1;
  if (end > 0 && isLowSurrogate(before.charCodeAt(before.length - end))) end -= 1;
  return { offset: start, length: before.length - start - end, text: after.slice(start, after.length - end) };
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLowSurrogate = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;

/** What an editor would silently read as something else, so that offsets no longer agree: other line ends, a byte order mark. */
export const isIrregular = (text: string): boolean => text.includes('\r') || text.startsWith('\uFEFF');

/** The edits that make a text regular, removing as little as possible so that two people who do it at once do it once. */
export function regularEdits(text: string): TextEdit[] {
  const edits: TextEdit[] = text.startsWith('\uFEFF') ? [{ offset: 0, length: 1, text: '' }] : [];
  for (let at = text.indexOf('\r'); at >= 0; at = text.indexOf('\r', at + 1))
    edits.push({ offset: at, length: 1, text: text[at + 1] === '\n' ? '' : '\n' });
  return edits;
}
