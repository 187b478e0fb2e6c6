/** What a type checker says, as findings of their own kind: they never make a card invalid. Pure. */
import type { Finding } from './finding.ts';
import type { Place } from './type-protocol.ts';

export interface LspDiagnostic {
  range: { start: Place; end: Place };
  message: string;
  /** 1 error, 2 warning, 3 information, 4 hint. */
  severity?: number;
  /** The rule; none for what is no Python, which the card reader says itself. */
  code?: string | number;
}

const HINT = 4;

export const typeFindings = (diagnostics: readonly LspDiagnostic[]): Finding[] =>
  diagnostics
    .filter(({ severity, code }) => severity !== HINT && code !== undefined)
    .map(({ range: { start, end }, message, code }) => ({
      line: start.line + 1,
      column: start.character + 1,
      endLine: end.line + 1,
      endColumn: end.character + 1,
      severity: 'type',
      code: String(code),
      message: sentences(message),
    }));

/** The checker indents its reasons, by spaces that do not break. */
const sentences = (message: string): string =>
  message
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
    .map((line) => (/[.:]$/.test(line) ? line : `${line}.`))
    .join(' ');
