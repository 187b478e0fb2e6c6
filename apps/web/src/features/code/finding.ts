/** What is wrong or doubtful at a place of a card file, whoever found it. Pure. */
import type { Diagnostic } from '@ensemble/cards';

export interface Finding {
  /** Lines and columns are 1-based, columns in UTF-16 units; the end is the first column behind. */
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** `error`: the card is not valid, by the same rules as on the server. `type`: what a type checker doubts, for who asked for it. */
  severity: 'error' | 'warning' | 'type';
  code: string;
  message: string;
  /** Drawn pale: it could be taken out. */
  unnecessary?: boolean;
}

/** The reader names where something begins; what is marked is the word there, or the rest of the line. */
export function findingOf({ line, column, severity, code, message }: Diagnostic, lines: readonly string[]): Finding {
  const at = Math.min(Math.max(line, 1), Math.max(lines.length, 1));
  const text = lines[at - 1] ?? '';
  const start = Math.min(Math.max(column, 1), text.length + 1);
  const rest = text.slice(start - 1);
  const word = /^[\p{L}\p{N}_]+/u.exec(rest)?.[0] ?? rest.trimEnd();
  return { line: at, column: start, endLine: at, endColumn: start + Math.max(word.length, 1), severity, code, message };
}

const RANKS: Record<Finding['severity'], number> = { error: 0, warning: 1, type: 2 };

/** One order for all: by place, errors first where places are the same. */
export const inOrder = (findings: readonly Finding[]): Finding[] =>
  findings.toSorted((a, b) => a.line - b.line || a.column - b.column || RANKS[a.severity] - RANKS[b.severity]);
