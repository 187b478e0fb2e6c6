/** The logs of one step or of several, one under the other, as rows; all of them, or only those that were found. Pure. */
import type { LogBook, Row } from './log-book.ts';

export interface Section {
  key: string;
  /** Undefined: the only one needs no heading. */
  title: string | undefined;
  book: LogBook;
  /** Lines to show, by position; undefined: all. */
  found: readonly number[] | undefined;
}

export type SheetRow = { section: number } & ({ kind: 'title'; title: string } | Row);

const rowsOf = ({ book, found, title }: Section): number => (found?.length ?? book.rows) + (title === undefined ? 0 : 1);

export class LogSheet {
  readonly sections: readonly Section[];
  readonly rows: number;
  readonly #first: number[] = [];

  constructor(sections: readonly Section[]) {
    this.sections = sections;
    let rows = 0;
    for (const section of sections) {
      this.#first.push(rows);
      rows += rowsOf(section);
    }
    this.rows = rows;
  }

  row(index: number): SheetRow {
    const at = this.#first.findLastIndex((first) => first <= index);
    const section = this.sections[at]!;
    let within = index - this.#first[at]!;
    if (section.title !== undefined) {
      if (within === 0) return { section: at, kind: 'title', title: section.title };
      within -= 1;
    }
    const { book, found } = section;
    return { section: at, ...book.row(found ? book.rowAt(found[within]!) : within) };
  }

  /** The row where the position of a section is shown, or would be. */
  rowOf(section: number, position: number): number {
    const { book, found, title } = this.sections[section]!;
    const within = found ? Math.max(0, lowerBound(found, position)) : book.rowAt(position);
    return this.#first[section]! + (title === undefined ? 0 : 1) + within;
  }
}

function lowerBound(sorted: readonly number[], wanted: number): number {
  let [low, high] = [0, sorted.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (sorted[middle]! < wanted) low = middle + 1;
    else high = middle;
  }
  return low;
}
