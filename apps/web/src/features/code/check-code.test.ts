import { beforeAll, describe, expect, test } from 'vitest';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { findingOf, inOrder } from './finding.ts';
import { createLinter } from './lint.ts';
import type { Linter } from './lint.ts';
import { takenTypes } from './taken-types.ts';
import { typeFindings } from './type-findings.ts';

let linter: Linter;
beforeAll(async () => {
  // It loads the Ruff that both use. This workspace has the types of a browser, and that entry is for Node.
  const entry: string = '@ensemble/cards/node';
  const { loadCardReader } = (await import(/* @vite-ignore */ entry)) as { loadCardReader(): Promise<unknown> };
  await loadCardReader();
  linter = createLinter();
});

describe('a linter for mistakes, not for taste', () => {
  test('names that do not exist and imports that are not used are warnings at their place', () => {
    const found = inOrder(linter.lint('import json\n\n\ndef f():\n    return "🙂" + undefined_name\n'));
    expect(found.map(({ code, line, column, endColumn, severity }) => ({ code, line, column, endColumn, severity }))).toEqual([
      { code: 'F401', line: 1, column: 8, endColumn: 12, severity: 'warning' },
      { code: 'F821', line: 5, column: 19, endColumn: 33, severity: 'warning' },
    ]);
    expect(found[0]?.unnecessary).toBe(true);
  });

  test('long lines, missing docs, quotes and print are nobody’s business', () => {
    expect(linter.lint(`x = '${'a'.repeat(200)}'\nprint(x)\nl = [1]\nif l == []: print( l )\n`)).toEqual([]);
  });

  test('what makes a file invalid is left to the card reader', () => {
    expect(linter.lint('return 1\n').map(({ code }) => code)).not.toContain('F706');
  });

  test('the formatter writes what Ruff writes, and refuses what is no Python', () => {
    expect(linter.format("x = { 'a':1 }\n")).toBe('x = {"a": 1}\n');
    expect(() => linter.format('x = (\n')).toThrow();
  });
});

describe('a diagnostic becomes a marked place', () => {
  const at = (line: number, column: number, lines: string[]) =>
    findingOf({ line, column, severity: 'error', code: 'card/x', message: 'm' }, lines);
  test('the word, the rest of the line, or at least one column', () => {
    expect(at(1, 5, ['    card_type = 1'])).toMatchObject({ column: 5, endColumn: 14 });
    expect(at(1, 1, ['(1, 2)  '])).toMatchObject({ column: 1, endColumn: 7 });
    expect(at(2, 1, ['a', ''])).toMatchObject({ line: 2, column: 1, endColumn: 2 });
    expect(at(9, 99, ['ab'])).toMatchObject({ line: 1, column: 3, endColumn: 4 });
  });
  test('in the order of the file, errors before warnings at one place', () => {
    const base = { endLine: 1, endColumn: 2, code: 'c', message: 'm' };
    const list = inOrder([
      { ...base, line: 2, column: 1, severity: 'error' },
      { ...base, line: 1, column: 1, severity: 'warning' },
      { ...base, line: 1, column: 1, severity: 'error' },
    ]);
    expect(list.map(({ line, severity }) => `${line} ${severity}`)).toEqual(['1 error', '1 warning', '2 error']);
  });
});

test('what a type checker doubts is a kind of its own; hints and what is no Python are not told', () => {
  const range = { start: { line: 3, character: 4 }, end: { line: 3, character: 9 } };
  const found = typeFindings([
    { range, severity: 1, code: 'reportArgumentType', message: 'No "str" here:\n\u00a0\u00a0"str" is not "int"' },
    { range, severity: 4, code: 'reportUnusedImport', message: 'pale' },
    { range, severity: 1, message: 'Expected expression' },
  ]);
  const message = 'No "str" here: "str" is not "int".';
  expect(found).toEqual([{ line: 4, column: 5, endLine: 4, endColumn: 10, severity: 'type', code: 'reportArgumentType', message }]);
});

test('a card type belongs to the file that was not told it is taken', () => {
  const entry = (cardId: string, codes: string[]): [string, ProjectCardEntry] => [
    cardId,
    {
      cardId,
      path: `cards/${cardId}.py`,
      builtIn: false,
      sourceHash: '',
      manifest: { cardType: 'mine' } as NonNullable<ProjectCardEntry['manifest']>,
      diagnostics: codes.map((code) => ({ code, line: 1, column: 1, severity: 'error', message: '' })),
    },
  ];
  const entries = new Map([entry('older', []), entry('newer', ['card/type-taken'])]);
  expect(takenTypes(entries, 'newer')).toEqual({ mine: 'cards/older.py' });
  expect(takenTypes(entries, 'older')).toEqual({});
});
