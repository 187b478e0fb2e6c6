/** What becomes of a text that I type in while a colleague types in it too. Pure. */
import { textChange } from '@ensemble/pipeline';

/** `theirs` with what I changed between `base` and `mine`; where both changed the same place, mine comes after theirs. */
export function mergeText(base: string, mine: string, theirs: string): string {
  const own = textChange(base, mine);
  const start = movedBy(textChange(base, theirs), own.index);
  const end = Math.max(start, movedBy(textChange(base, theirs), own.index + own.remove));
  return theirs.slice(0, start) + own.insert + theirs.slice(end);
}

/** Where a caret stands after `before` has become `after`. */
export const movedCaret = (before: string, after: string, caret: number): number => movedBy(textChange(before, after), caret);

function movedBy({ index, remove, insert }: ReturnType<typeof textChange>, at: number): number {
  if (at < index || (at === index && remove > 0)) return at;
  if (at >= index + remove) return at + insert.length - remove;
  return index + insert.length;
}
