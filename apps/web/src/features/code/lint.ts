/** What Ruff says of a card beyond its syntax: only what is most likely a mistake, never a matter of taste. Also its formatter. */
import { PositionEncoding, Workspace } from '@astral-sh/ruff-wasm-web';
import type { Diagnostic } from '@astral-sh/ruff-wasm-web';
import type { Finding } from './finding.ts';

// Names that do not exist, are never used or are hidden; formats and comparisons that cannot work; a default that all calls share.
const RULES = ['F', 'PLE', 'W605', 'B006', 'B015', 'B018', 'B023'];
/** The card reader says these itself: they are errors of the file. */
const LEFT_TO_THE_READER = [
  'F404',
  'F406',
  'F407',
  'F621',
  'F622',
  'F701',
  'F702',
  'F704',
  'F706',
  'F707',
  'PLE0115',
  'PLE0117',
  'PLE0118',
  'PLE1142',
];
const PALE = new Set(['F401', 'F841', 'F811']);

export interface Linter {
  /** Of a source without syntax errors. */
  lint(source: string): Finding[];
  /** The source as Ruff would write it, with 88 columns as it does by itself. Throws where it is no Python. */
  format(source: string): string;
}

/** Ruff's module must have been loaded. */
export function createLinter(): Linter {
  const settings = { 'target-version': 'py311', lint: { select: RULES, ignore: LEFT_TO_THE_READER } };
  const workspace = new Workspace(settings, PositionEncoding.Utf16);
  return {
    lint: (source) =>
      (workspace.check(source) as Diagnostic[]).filter(({ code }) => code !== null && code !== 'invalid-syntax').map(findingOf),
    format: (source) => workspace.format(source),
  };
}

function findingOf({ code, message, start_location: start, end_location: end }: Diagnostic): Finding {
  const name = code ?? '';
  return {
    line: start.row,
    column: start.column,
    endLine: end.row,
    endColumn: end.column,
    severity: 'warning',
    code: name,
    message: `${message.replaceAll('`', '"')}${message.endsWith('.') ? '' : '.'}`,
    ...(PALE.has(name) ? { unnecessary: true } : {}),
  };
}
