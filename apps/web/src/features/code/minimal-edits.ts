/** The small edits between two versions of one file, so that everything they do not touch, cursors included, stays. Pure. */
import { spanningEdit } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';

/** Beyond so many differing lines one edit of the whole difference is as good, and a comparison of all with all too slow. */
const MOST_STEPS = 800;

/** Edits of whole texts, in the order of the text. Applied to `before` they give `after`. */
export function minimalEdits(before: string, after: string): TextEdit[] {
  const whole = spanningEdit(before, after);
  if (!whole) return [];
  const old = linesOf(before);
  const fresh = linesOf(after);
  const kept = commonLines(old, fresh);
  if (!kept) return [whole];
  const edits: TextEdit[] = [];
  let offset = 0;
  let i = 0;
  let j = 0;
  for (const [keptOld, keptFresh] of [...kept, [old.length, fresh.length] as const]) {
    const removed = old.slice(i, keptOld).join('');
    const added = fresh.slice(j, keptFresh).join('');
    const inner = spanningEdit(removed, added);
    if (inner) edits.push({ ...inner, offset: offset + inner.offset });
    offset += removed.length + (old[keptOld]?.length ?? 0);
    i = keptOld + 1;
    j = keptFresh + 1;
  }
  return edits;
}

/** Lines with their ends, so that joined they are the text again. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

/** Myers' shortest edit script on lines: the pairs of lines that stay. Undefined when the texts have too little in common. */
function commonLines(a: readonly string[], b: readonly string[]): [number, number][] | undefined {
  const reach = new Map<number, number>([[1, 0]]);
  const steps: Map<number, number>[] = [];
  const most = Math.min(a.length + b.length, MOST_STEPS);
  for (let step = 0; step <= most; step += 1) {
    steps.push(new Map(reach));
    for (let diagonal = -step; diagonal <= step; diagonal += 2) {
      const down = diagonal === -step || (diagonal !== step && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
      let x = down ? (reach.get(diagonal + 1) ?? 0) : (reach.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x += 1;
      reach.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(steps, a.length, b.length);
    }
  }
  return undefined;
}

function walkBack(steps: readonly Map<number, number>[], endX: number, endY: number): [number, number][] {
  const kept: [number, number][] = [];
  let x = endX;
  let y = endY;
  for (let step = steps.length - 1; step >= 0; step -= 1) {
    const reach = steps[step]!;
    const diagonal = x - y;
    const down = diagonal === -step || (diagonal !== step && (reach.get(diagonal - 1) ?? -1) < (reach.get(diagonal + 1) ?? -1));
    const from = down ? diagonal + 1 : diagonal - 1;
    const fromX = step === 0 ? 0 : (reach.get(from) ?? 0);
    const fromY = step === 0 ? 0 : fromX - from;
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      kept.push([x, y]);
    }
    x = fromX;
    y = fromY;
  }
  return kept.toReversed();
}
