/**
 * What of a project's code can decide the result of a card: its own file and the files that it may import. Read from the
 * text, generously: a file too many costs an execution, one too few would give an old result. Pure.
 */
import { createHash } from 'node:crypto';

export interface CodeFile {
  path: string;
  sha256: string;
  source: string;
}

const IMPORT = /^[ \t]*(?:from[ \t]+[\w.]+[ \t]+import[ \t]*(?:\([^)]*\)|[^\n]*)|import[ \t]+[^\n]*)/gm;
/** Code that chooses what to import, or what to execute, only when it runs. */
const DYNAMIC = /\b(?:importlib|__import__|runpy|exec|eval)\b/;

export class ProjectCode {
  readonly #files: ReadonlyMap<string, CodeFile>;
  /** By the name that an import statement could call it. */
  readonly #named: Map<string, CodeFile[]>;
  readonly #all: string;

  constructor(files: readonly CodeFile[]) {
    this.#files = new Map(files.map((file) => [file.path, file]));
    this.#named = Map.groupBy(files, ({ path }) => nameOf(path));
    this.#all = hashOf(files);
  }

  /** Hash of the file and of everything it may import, directly or not. */
  hashFrom(path: string): string {
    const seen = new Map<string, CodeFile>();
    const open = [path];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const file = this.#files.get(next);
      if (!file || seen.has(next)) continue;
      seen.set(next, file);
      if (DYNAMIC.test(file.source)) return this.#all;
      for (const word of importedWords(file.source)) for (const found of this.#named.get(word) ?? []) open.push(found.path);
    }
    return hashOf([...seen.values()]);
  }
}

/** `cards/models/net.py` → `net`; a folder's `__init__.py` goes by the folder. */
function nameOf(path: string): string {
  const parts = path.replace(/\.py$/, '').split('/');
  const last = parts.at(-1)!;
  return last === '__init__' ? (parts.at(-2) ?? last) : last;
}

function importedWords(source: string): Set<string> {
  const statements = source.replaceAll(/\\\r?\n/g, ' ').match(IMPORT) ?? [];
  return new Set(statements.flatMap((statement) => statement.match(/\w+/g) ?? []));
}

function hashOf(files: readonly CodeFile[]): string {
  const lines = files.map(({ path, sha256 }) => JSON.stringify([path, sha256])).sort();
  return createHash('sha256').update(lines.join('\n')).digest('hex');
}
