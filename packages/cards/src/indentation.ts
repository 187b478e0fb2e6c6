/**
 * How deep the lines of a Python text are indented, as CPython counts: once with a tab to the next
 * eighth column and once with a tab as one. Where the two disagree, the tabs are inconsistent.
 */
interface Depth {
  wide: number;
  narrow: number;
}

const NOT_CODE = /[\n#\\]/;

export class Indentation {
  readonly #open: Depth[] = [{ wide: 0, narrow: 0 }];

  /** The next line that is no continuation of another. Returns what is wrong with it. */
  enter(source: string, lineStart: number): { offset: number; message: string } | undefined {
    const depth: Depth = { wide: 0, narrow: 0 };
    let offset = lineStart;
    for (; ' \t\f'.includes(source[offset] ?? '\n'); offset += 1) {
      if (source[offset] === '\f') depth.wide = depth.narrow = 0;
      else {
        depth.wide += source[offset] === '\t' ? 8 - (depth.wide % 8) : 1;
        depth.narrow += 1;
      }
    }
    if (offset >= source.length || NOT_CODE.test(source[offset] ?? '')) return undefined;
    const deeper = depth.wide > this.#top.wide;
    while (depth.wide < this.#top.wide) this.#open.pop();
    const { wide, narrow } = this.#top;
    if (deeper ? depth.narrow <= narrow : depth.wide === wide && depth.narrow !== narrow)
      return { offset, message: 'this line mixes tabs and spaces in another way than the lines above it, indent with spaces' };
    if (!deeper && depth.wide !== wide) return { offset, message: 'this line is indented like no line above it' };
    if (deeper) this.#open.push(depth);
    return undefined;
  }

  get #top(): Depth {
    return this.#open.at(-1) ?? { wide: 0, narrow: 0 };
  }
}
