/**
 * What a page has of one log: pieces with gaps between them, and their lines. A position is a byte, counted from the start of what was
 * printed. Knows no screen and no socket, and keeps bytes, not texts: a million lines are their bytes and four more for each.
 */
export interface Gap {
  start: number;
  end: number;
  /** It was not kept: nobody can give it any more. */
  gone: boolean;
}

export type Row =
  /** `number` counts from 1, where all lines before are known. `end`: where its last byte is followed by a line break or by nothing. */
  { kind: 'line'; position: number; number: number | undefined; text: string } | ({ kind: 'gap' } & Gap);

interface Block {
  start: number;
  bytes: Uint8Array;
  /** Offsets of line breaks in `bytes`. */
  breaks: Uint32Array;
}

interface Piece {
  kind: 'piece';
  firstRow: number;
  rows: number;
  blocks: Block[];
  /** Line breaks of the piece before each of its blocks. */
  before: number[];
  breaks: number;
  /** Line breaks before the piece, where that is known. */
  base: number | undefined;
}
type Part = Piece | (Gap & { kind: 'gap'; firstRow: number });

const BREAK = 10;
/** Live frames are small; blocks of this size keep the list of them short. */
const BLOCK_BYTES = 256 * 1024;
/** Nobody reads more of one line on a screen. */
const MAX_LINE_BYTES = 16 * 1024;
const endOf = (block: Block): number => block.start + block.bytes.length;
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });

export class LogBook {
  /** How much was printed, as far as is known. */
  size = 0;
  /** Grows with every change. */
  version = 0;
  #blocks: Block[] = [];
  #gone: { start: number; end: number; lines: number | undefined }[] = [];
  #layout: { parts: Part[]; rows: number } | undefined;

  /** Bytes of the log from `start` on. What is there already stays as it is. */
  add(start: number, bytes: Uint8Array): void {
    this.size = Math.max(this.size, start + bytes.length);
    let at = start;
    const end = start + bytes.length;
    for (const block of this.#blocks) {
      if (endOf(block) <= at) continue;
      if (block.start >= end) break;
      if (block.start > at) this.#insert(at, bytes.subarray(at - start, block.start - start));
      at = endOf(block);
    }
    if (at < end) this.#insert(at, bytes.subarray(at - start));
    this.#changed();
  }

  grow(size: number): void {
    if (size <= this.size) return;
    this.size = size;
    this.#changed();
  }

  /** These were not kept. `lines`: how many ended in them. */
  lose(start: number, end: number, lines?: number): void {
    if (end <= start) return;
    this.#gone = [
      ...this.#gone.filter((one) => one.end < start || one.start > end || (one.start === start && one.end === end)),
      { start, end, lines },
    ];
    const same = this.#gone.filter((one) => one.start === start && one.end === end);
    if (same.length > 1) this.#gone = [...this.#gone.filter((one) => !same.includes(one)), { start, end, lines: lines ?? same[0]!.lines }];
    this.#gone.sort((a, b) => a.start - b.start);
    this.size = Math.max(this.size, end);
    this.#changed();
  }

  get rows(): number {
    return this.#laidOut().rows;
  }

  row(index: number): Row {
    const { parts } = this.#laidOut();
    const part = parts[lastAtMost(parts, index, (one) => one.firstRow)];
    if (!part) throw new RangeError(`a log of ${this.rows} rows has no row ${index}`);
    if (part.kind === 'gap') return { kind: 'gap', start: part.start, end: part.end, gone: part.gone };
    const within = index - part.firstRow;
    const position = within === 0 ? part.blocks[0]!.start : breakAt(part, within - 1) + 1;
    const end = within < part.breaks ? breakAt(part, within) : endOf(part.blocks.at(-1)!);
    const number = part.base === undefined ? undefined : part.base + within + 1;
    return { kind: 'line', position, number, text: readText(part.blocks, position, end) };
  }

  /** Where a row begins, and whether it is a gap that could be filled: cheaper than the row itself. */
  startOf(index: number): { position: number; isOpenGap: boolean } {
    const { parts } = this.#laidOut();
    const part = parts[lastAtMost(parts, index, (one) => one.firstRow)]!;
    if (part.kind === 'gap') return { position: part.start, isOpenGap: !part.gone };
    const within = index - part.firstRow;
    return { position: within === 0 ? part.blocks[0]!.start : breakAt(part, within - 1) + 1, isOpenGap: false };
  }

  /** Whether the last line that is known is whole. */
  get endsWithBreak(): boolean {
    const last = this.#blocks.at(-1);
    return last !== undefined && endOf(last) === this.size && last.bytes.at(-1) === BREAK;
  }

  /** The row that the position is in. */
  rowAt(position: number): number {
    const { parts, rows } = this.#laidOut();
    for (const part of parts) {
      if (part.kind === 'gap') {
        if (position < part.end) return part.firstRow;
        continue;
      }
      const { blocks } = part;
      if (position >= endOf(blocks.at(-1)!)) continue;
      const at = lastAtMost(blocks, position, (block) => block.start);
      const block = blocks[Math.max(0, at)]!;
      return Math.min(
        part.firstRow + part.rows - 1,
        part.firstRow + (part.before[Math.max(0, at)] ?? 0) + countBelow(block.breaks, position - block.start),
      );
    }
    return Math.max(0, rows - 1);
  }

  /** The first gap at or behind the position that could be filled. */
  gapFrom(position: number): Gap | undefined {
    for (const part of this.#laidOut().parts) if (part.kind === 'gap' && !part.gone && part.end > position) return part;
    return undefined;
  }

  #insert(start: number, bytes: Uint8Array): void {
    if (bytes.length === 0) return;
    const at = this.#blocks.findLastIndex((block) => block.start < start) + 1;
    const before = this.#blocks[at - 1];
    if (before && endOf(before) === start && before.bytes.length + bytes.length <= BLOCK_BYTES) {
      const joined = new Uint8Array(before.bytes.length + bytes.length);
      joined.set(before.bytes);
      joined.set(bytes, before.bytes.length);
      this.#blocks[at - 1] = { start: before.start, bytes: joined, breaks: breaksOf(joined) };
    } else {
      // A copy: the message it came in would be kept whole for it.
      const own = bytes.slice();
      this.#blocks.splice(at, 0, { start, bytes: own, breaks: breaksOf(own) });
    }
  }

  #changed(): void {
    this.version += 1;
    this.#layout = undefined;
  }

  #laidOut(): { parts: Part[]; rows: number } {
    this.#layout ??= layOut(this.#blocks, this.#gone, this.size);
    return this.#layout;
  }
}

function layOut(blocks: readonly Block[], gone: readonly { start: number; end: number; lines: number | undefined }[], size: number) {
  const parts: Part[] = [];
  let rows = 0;
  let base: number | undefined = 0;
  const addGaps = (from: number, to: number): void => {
    let at = from;
    for (const lost of gone) {
      const [start, end] = [Math.max(at, lost.start), Math.min(to, lost.end)];
      if (start >= end) continue;
      if (start > at) addGap(at, start, false, undefined);
      addGap(start, end, true, start === lost.start && end === lost.end ? lost.lines : undefined);
      at = end;
    }
    if (at < to) addGap(at, to, false, undefined);
  };
  const addGap = (start: number, end: number, isGone: boolean, lines: number | undefined): void => {
    parts.push({ kind: 'gap', start, end, gone: isGone, firstRow: rows });
    rows += 1;
    base = base === undefined || lines === undefined ? undefined : base + lines;
  };
  let at = 0;
  for (let index = 0; index < blocks.length;) {
    const first = blocks[index]!;
    if (first.start > at) addGaps(at, first.start);
    const piece: Piece = { kind: 'piece', firstRow: rows, rows: 0, blocks: [], before: [], breaks: 0, base };
    for (at = first.start; blocks[index]?.start === at; index += 1) {
      const block = blocks[index]!;
      piece.blocks.push(block);
      piece.before.push(piece.breaks);
      piece.breaks += block.breaks.length;
      at = endOf(block);
    }
    const last = piece.blocks.at(-1)!;
    piece.rows = piece.breaks + (last.bytes.at(-1) === BREAK ? 0 : 1);
    rows += piece.rows;
    base = base === undefined ? undefined : base + piece.breaks;
    parts.push(piece);
  }
  if (at < size) addGaps(at, size);
  return { parts, rows };
}

/** Position of the line break number `index` of the piece, from 0. */
function breakAt({ blocks, before }: Piece, index: number): number {
  const at = lastAtMost(before, index, (count) => count);
  const block = blocks[at]!;
  return block.start + block.breaks[index - before[at]!]!;
}

/** Index of the last item whose key is at most `wanted`; -1 for none. Of equal keys the last. */
function lastAtMost<T>(items: readonly T[], wanted: number, keyOf: (item: T) => number): number {
  let [low, high] = [0, items.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keyOf(items[middle]!) <= wanted) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}

function countBelow(breaks: Uint32Array, offset: number): number {
  let [low, high] = [0, breaks.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (breaks[middle]! < offset) low = middle + 1;
    else high = middle;
  }
  return low;
}

function breaksOf(bytes: Uint8Array): Uint32Array {
  const found: number[] = [];
  for (let at = bytes.indexOf(BREAK); at >= 0; at = bytes.indexOf(BREAK, at + 1)) found.push(at);
  return Uint32Array.from(found);
}

function readText(blocks: readonly Block[], start: number, end: number): string {
  const stop = Math.min(end, start + MAX_LINE_BYTES);
  const first = Math.max(
    0,
    lastAtMost(blocks, start, (block) => block.start),
  );
  const parts: Uint8Array[] = [];
  for (let at = first; at < blocks.length && blocks[at]!.start < stop; at += 1) {
    const block = blocks[at]!;
    parts.push(block.bytes.subarray(Math.max(0, start - block.start), Math.max(0, stop - block.start)));
  }
  const text = parts.length === 1 ? decoder.decode(parts[0]) : decoder.decode(joined(parts));
  return (text.endsWith('\r') ? text.slice(0, -1) : text) + (stop < end ? ` … ${end - stop} more bytes` : '');
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
