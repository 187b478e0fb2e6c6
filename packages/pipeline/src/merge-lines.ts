/**
 * Differences of two texts by lines, and the merge of two changes of one text. Pure.
 * Myers' greedy search for the shortest edit, cut off for texts that have little in common.
 */
interface Hunk {
  /** Lines `from` up to, not including, `to` of the first text … */
  from: number;
  to: number;
  /** … become these. */
  lines: string[];
}

/** A place in a text, in UTF-16 code units: `remove` from `index` on, then insert. */
export interface LineEdit {
  index: number;
  remove: number;
  insert: string;
}

/** The search takes time and memory that grow with the square of the edits; beyond this the middle is one change. */
const MAX_EDITS = 800;

/** With their line ends, so that joining them gives the text again. */
const linesOf = (text: string): string[] => text.match(/[^\n]*\n|[^\n]+$/g) ?? [];

function hunksOf(before: readonly string[], after: readonly string[]): Hunk[] {
  let start = 0;
  while (start < before.length && start < after.length && before[start] === after[start]) start++;
  let end = 0;
  while (end < before.length - start && end < after.length - start && before.at(-1 - end) === after.at(-1 - end)) end++;
  const a = before.slice(start, before.length - end);
  const b = after.slice(start, after.length - end);
  if (a.length === 0 && b.length === 0) return [];
  const whole: Hunk[] = [{ from: start, to: start + a.length, lines: b }];
  if (a.length === 0 || b.length === 0) return whole;
  const pairs = commonLines(a, b);
  if (!pairs) return whole;
  const hunks: Hunk[] = [];
  let [x, y] = [0, 0];
  for (const [nextX, nextY] of [...pairs, [a.length, b.length] as const]) {
    if (nextX > x || nextY > y) hunks.push({ from: start + x, to: start + nextX, lines: b.slice(y, nextY) });
    [x, y] = [nextX + 1, nextY + 1];
  }
  return hunks;
}

/** Pairs of equal lines in order, as many as can be; undefined when that takes more than MAX_EDITS edits. */
function commonLines(a: readonly string[], b: readonly string[]): (readonly [number, number])[] | undefined {
  const most = Math.min(a.length + b.length, MAX_EDITS);
  const reached = new Map<number, number>([[1, 0]]);
  const trace: Map<number, number>[] = [];
  for (let edits = 0; edits <= most; edits++) {
    trace.push(new Map([...reached].filter(([diagonal]) => Math.abs(diagonal) <= edits + 1)));
    for (let diagonal = -edits; diagonal <= edits; diagonal += 2) {
      let x = isDown(reached, diagonal, edits) ? (reached.get(diagonal + 1) ?? 0) : (reached.get(diagonal - 1) ?? 0) + 1;
      while (x < a.length && x - diagonal < b.length && a[x] === b[x - diagonal]) x++;
      reached.set(diagonal, x);
      if (x >= a.length && x - diagonal >= b.length) return walkBack(trace, a, b);
    }
  }
  return undefined;
}

const isDown = (reached: ReadonlyMap<number, number>, diagonal: number, edits: number): boolean =>
  diagonal === -edits || (diagonal !== edits && (reached.get(diagonal - 1) ?? -1) < (reached.get(diagonal + 1) ?? -1));

function walkBack(trace: readonly ReadonlyMap<number, number>[], a: readonly string[], b: readonly string[]): [number, number][] {
  const pairs: [number, number][] = [];
  let [x, y] = [a.length, b.length];
  for (let edits = trace.length - 1; edits >= 0; edits--) {
    const reached = trace[edits]!;
    const diagonal = x - y;
    const previous = isDown(reached, diagonal, edits) ? diagonal + 1 : diagonal - 1;
    const previousX = reached.get(previous) ?? 0;
    const previousY = previousX - previous;
    while (x > Math.max(previousX, 0) && y > Math.max(previousY, 0)) pairs.push([--x, --y]);
    [x, y] = [previousX, previousY];
  }
  return pairs.toReversed();
}

/** What makes `after` of `before`, from the end to the start: each can be applied to what the ones before it left. */
export function lineEdits(before: string, after: string): LineEdit[] {
  const lines = linesOf(before);
  const starts = [0];
  for (const line of lines) starts.push(starts.at(-1)! + line.length);
  return hunksOf(lines, linesOf(after))
    .map(({ from, to, lines: inserted }) => ({ index: starts[from]!, remove: starts[to]! - starts[from]!, insert: inserted.join('') }))
    .toReversed();
}

/** `base` with both changes; undefined when they change the same lines, or lines that touch, to different things. */
export function mergeLines(base: string, mine: string, theirs: string): string | undefined {
  if (mine === theirs || base === theirs) return mine;
  if (base === mine) return theirs;
  const lines = linesOf(base);
  const own = hunksOf(lines, linesOf(mine));
  const other = hunksOf(lines, linesOf(theirs));
  const merged: Hunk[] = [...own];
  for (const hunk of other) {
    const near = own.filter(({ from, to }) => from <= hunk.to && hunk.from <= to);
    if (near.length === 0) merged.push(hunk);
    else if (near.length > 1 || !isSame(near[0]!, hunk)) return undefined;
  }
  merged.sort((a, b) => a.from - b.from || a.to - b.to);
  const text: string[] = [];
  let at = 0;
  for (const { from, to, lines: inserted } of merged) {
    text.push(...lines.slice(at, from), ...inserted);
    at = to;
  }
  return [...text, ...lines.slice(at)].join('');
}

const isSame = (a: Hunk, b: Hunk): boolean =>
  a.from === b.from && a.to === b.to && a.lines.length === b.lines.length && a.lines.every((line, index) => line === b.lines[index]);
