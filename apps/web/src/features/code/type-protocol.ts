/** What the page and its type checker, a worker, say to each other. */
import type { Finding } from './finding.ts';

/** 0-based, columns in UTF-16 units. */
export interface Place {
  line: number;
  character: number;
}

export type TypeRequest =
  | {
      kind: 'start';
      /** Of the project, `cards/…` to source. */
      files: Readonly<Record<string, string>>;
    }
  /** The text of a card, now; opens it when it is new. `checked`: its problems are wanted. */
  | { kind: 'text'; path: string; text: string; checked: boolean }
  | { kind: 'close'; path: string }
  | ({ kind: 'ask'; id: number } & TypeQuestion);

export type TypeQuestion =
  | { about: 'completion' | 'hover' | 'signature'; path: string; place: Place }
  /** The docs of something offered. */
  | { about: 'docs'; item: unknown };

export type TypeAnswer =
  | { kind: 'ready' }
  | { kind: 'failed'; message: string }
  | { kind: 'findings'; path: string; findings: Finding[] }
  /** In the words of the Language Server Protocol; null where nothing is known. */
  | { kind: 'answer'; id: number; result: unknown };
