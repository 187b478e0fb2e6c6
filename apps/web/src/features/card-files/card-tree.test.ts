import type { ProjectCardEntry, ProjectTrashEntry } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { BUILT_IN, folderOf, stepInTree, TRASH, treeRows } from './card-tree.ts';

const entry = (path: string, faults: ('error' | 'warning')[] = [], builtIn = false): ProjectCardEntry => ({
  cardId: path,
  path,
  builtIn,
  sourceHash: '',
  diagnostics: faults.map((severity) => ({ line: 1, column: 1, severity, code: 'x', message: 'x' })),
});
const entries = [
  entry('cards/z.py', ['error', 'warning']),
  entry('cards/data/b.py', ['error']),
  entry('cards/data/deep/c.py', ['warning']),
  entry('cards/std/split.py', [], true),
  entry('cards/a.py'),
];
const trash: ProjectTrashEntry[] = [
  { cardId: 'old', path: 'cards/data/old.py', trashedAt: 1 },
  { cardId: 'new', path: 'cards/new.py', cardType: 'thing', trashedAt: 2 },
];
const none = new Set<string>();
const rowsOf = (input: Partial<Parameters<typeof treeRows>[0]> = {}) =>
  treeRows({ entries, trash, closed: none, opened: none, query: '', ...input });
const shown = (rows: ReturnType<typeof treeRows>) => rows.map(({ level, name }) => `${'  '.repeat(level - 1)}${name}`);

test('folders come first, then files, then what is built in and what is in the trash', () => {
  const rows = rowsOf();
  expect(shown(rows)).toEqual(['data', '  deep', '    c.py', '  b.py', 'a.py', 'z.py', 'Built-in cards (1)', 'Trash (2)']);
  expect(rows.map(({ position, siblings }) => `${position}/${siblings}`)).toEqual(['1/5', '1/2', '1/1', '2/2', '2/5', '3/5', '4/5', '5/5']);
  expect(rows.at(5)).toMatchObject({ errors: 1, warnings: 1 });
});

test('a closed folder hides what is in it and says how much of that is wrong', () => {
  const rows = rowsOf({ closed: new Set(['folder cards/data']) });
  expect(shown(rows)).toEqual(['data', 'a.py', 'z.py', 'Built-in cards (1)', 'Trash (2)']);
  expect(rows[0]).toMatchObject({ expanded: false, errors: 1, warnings: 1 });
});

test('opened sections show their files, the latest in the trash first', () => {
  const rows = rowsOf({ opened: new Set([BUILT_IN, TRASH]) });
  expect(shown(rows).slice(6)).toEqual(['Built-in cards (1)', '  split.py', 'Trash (2)', '  new.py', '  data/old.py']);
});

test('a search looks everywhere, whatever is closed', () => {
  expect(shown(rowsOf({ query: ' C.PY ', closed: new Set(['folder cards/data']) }))).toEqual(['data', '  deep', '    c.py']);
  expect(shown(rowsOf({ query: 'split' }))).toEqual(['Built-in cards (1)', '  split.py']);
  expect(shown(rowsOf({ query: 'thing' }))).toEqual(['Trash (1)', '  new.py']);
  expect(rowsOf({ query: 'nothing at all' })).toEqual([]);
});

test('the arrow keys walk the tree', () => {
  const rows = rowsOf();
  expect(stepInTree(rows, 0, 'ArrowDown')).toEqual({ to: 1 });
  expect(stepInTree(rows, 0, 'ArrowUp')).toEqual({ to: 0 });
  expect(stepInTree(rows, 0, 'ArrowRight')).toEqual({ to: 1 });
  expect(stepInTree(rows, 0, 'ArrowLeft')).toEqual({ toggle: true });
  expect(stepInTree(rows, 2, 'ArrowLeft')).toEqual({ to: 1 });
  expect(stepInTree(rows, 4, 'ArrowLeft')).toEqual({ to: 4 });
  expect(stepInTree(rows, 4, 'ArrowRight')).toEqual({ to: 4 });
  expect(stepInTree(rows, 6, 'ArrowRight')).toEqual({ toggle: true });
  expect(stepInTree(rows, 3, 'End')).toEqual({ to: 7 });
  expect(stepInTree(rows, 3, 'Home')).toEqual({ to: 0 });
  expect(stepInTree(rows, 3, 'x')).toBeUndefined();
  expect(stepInTree([], 0, 'End')).toBeUndefined();
});

test('a new file goes beside the present one', () => {
  const rows = rowsOf();
  expect([0, 3, 4, 6].map((index) => folderOf(rows[index]))).toEqual(['cards/data', 'cards/data', 'cards', 'cards']);
  expect(folderOf(undefined)).toBe('cards');
});
