/**
 * The columns of a sheet while its rows go by: how they are called, and which type holds all their values. Names are those
 * that pandas gives, so that a card that reads the file finds what is shown here. Pure.
 */
export type CellKind = 'integer' | 'number' | 'boolean' | 'moment' | 'text';

export interface Cell {
  kind: CellKind;
  text: string;
}

export class SheetColumns {
  readonly #header: readonly (Cell | undefined)[];
  readonly #kinds: Set<CellKind>[] = [];

  constructor(header: readonly (Cell | undefined)[]) {
    this.#header = header;
  }

  note(column: number, kind: CellKind): void {
    (this.#kinds[column] ??= new Set()).add(kind);
  }

  get width(): number {
    return Math.max(this.#header.length, this.#kinds.length);
  }

  /** Name and DuckDB type of each. */
  list(): { name: string; type: string }[] {
    const names = this.#names();
    return names.map((name, index) => ({ name, type: typeFor(this.#kinds[index]) }));
  }

  /** Empty ones are `Unnamed: 3`, and a second `a` is `a.1`. */
  #names(): string[] {
    const names = Array.from({ length: this.width }, (_, index) => this.#header[index]?.text ?? `Unnamed: ${index}`);
    const taken = new Set(names);
    const seen = new Set<string>();
    return names.map((name) => {
      let own = name;
      for (let count = 1; seen.has(own) || (own !== name && taken.has(own)); count++) own = `${name}.${count}`;
      seen.add(own);
      return own;
    });
  }
}

/** Nothing at all is a number that is nowhere there, as pandas has it. */
function typeFor(kinds: ReadonlySet<CellKind> | undefined): string {
  const [only, ...others] = kinds ?? [];
  if (only === undefined) return 'DOUBLE';
  if (others.length === 0) return { integer: 'BIGINT', number: 'DOUBLE', boolean: 'BOOLEAN', moment: 'TIMESTAMP', text: 'VARCHAR' }[only];
  return [only, ...others].every((kind) => kind === 'integer' || kind === 'number') ? 'DOUBLE' : 'VARCHAR';
}
