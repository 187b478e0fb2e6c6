/** Goes through a log from its start and collects the lines that are wanted; where bytes are missing it says which. */
import { levelOf, type Level } from './line-level.ts';
import { plainLine } from './line-text.ts';
import type { LogBook } from './log-book.ts';

export interface Wanted {
  /** Empty: every line. */
  text: string;
  isRegex: boolean;
  matchCase: boolean;
  /** Null: every level, lines without one included. */
  levels: readonly Level[] | null;
}

/** Undefined for every line; an error for a pattern that is none. */
export function matcherOf({ text, isRegex, matchCase }: Omit<Wanted, 'levels'>): ((line: string) => boolean) | undefined | Error {
  if (text === '') return undefined;
  if (!isRegex) {
    const looked = matchCase ? text : text.toLowerCase();
    return (line) => (matchCase ? line : line.toLowerCase()).includes(looked);
  }
  try {
    const pattern = new RegExp(text, matchCase ? '' : 'i');
    return (line) => pattern.test(line.slice(0, LONGEST_MATCHED));
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error));
  }
}

/** A pattern that someone wrote badly may take very long on long lines. */
const LONGEST_MATCHED = 2_000;
const LOOK_EVERY = 256;

export class LogScan {
  /** Positions of the lines that are wanted, in order. */
  readonly found: number[] = [];
  readonly #matches: (line: string) => boolean;
  readonly #levels: readonly Level[] | null;
  /** All before it is scanned. */
  position = 0;
  #before: Level | undefined;

  constructor(matches: (line: string) => boolean, levels: readonly Level[] | null) {
    this.#matches = matches;
    this.#levels = levels;
  }

  /**
   * Scans for at most `budgetMs`. Returns the position of bytes that are missing, 'more' when there is more to scan, or 'end'. A last
   * line that is not ended is scanned when `isOver`.
   */
  run(book: LogBook, isOver: boolean, budgetMs: number, now: () => number): { missing: number } | 'more' | 'end' {
    const until = now() + budgetMs;
    if (this.position >= book.size) return 'end';
    const { rows } = book;
    for (let at = book.rowAt(this.position), count = 0; at < rows; at += 1, count += 1) {
      if (count % LOOK_EVERY === LOOK_EVERY - 1 && now() > until) return 'more';
      const row = book.row(at);
      if (row.kind === 'gap') {
        if (!row.gone) return { missing: row.start };
        this.position = row.end;
        continue;
      }
      const { position: next, isOpenGap } = at + 1 < rows ? book.startOf(at + 1) : { position: book.size, isOpenGap: false };
      if (at + 1 === rows && !isOver && !book.endsWithBreak) return 'end';
      // The rest of a line may be in the gap behind it.
      if (isOpenGap) return { missing: next };
      const line = plainLine(row.text);
      const level = levelOf(line, this.#before);
      this.#before = level;
      if ((this.#levels === null || (level !== undefined && this.#levels.includes(level))) && this.#matches(line))
        this.found.push(row.position);
      this.position = next;
    }
    return 'end';
  }
}
