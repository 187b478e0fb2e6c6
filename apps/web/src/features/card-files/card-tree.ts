/** The rows of the tree of card files: folders and files, the built-in cards, the trash. Pure. */
import type { ProjectCardEntry, ProjectTrashEntry } from '@ensemble/protocol';

type RowKind = 'folder' | 'file' | 'built-in' | 'trashed' | 'section';

export interface TreeRow {
  /** Unique, and the same as long as the thing is there: `file <card id>`, `folder <path>`, `section built-in`. */
  key: string;
  kind: RowKind;
  /** From 1. */
  level: number;
  name: string;
  /** `cards/data` of a folder, `cards/data/x.py` of a file. */
  path: string;
  cardId?: string;
  /** Of folders and sections. */
  expanded?: boolean;
  errors: number;
  warnings: number;
  /** Among the rows of one parent, from 1. */
  position: number;
  siblings: number;
}

export const BUILT_IN = 'section built-in';
export const TRASH = 'section trash';
const ROOT = 'cards';

interface TreeInput {
  entries: Iterable<ProjectCardEntry>;
  trash: Iterable<ProjectTrashEntry>;
  /** Keys of folders that are closed: a folder is open until somebody closes it. */
  closed: ReadonlySet<string>;
  /** Keys of sections that are open. */
  opened: ReadonlySet<string>;
  query: string;
}

interface Folder {
  path: string;
  folders: Map<string, Folder>;
  files: ProjectCardEntry[];
}

/** Top to bottom. What holds the searched text is shown whatever is closed. */
export function treeRows({ entries, trash, closed, opened, query }: TreeInput): TreeRow[] {
  const wanted = query.trim().toLowerCase();
  const searching = wanted !== '';
  const fits = (...texts: (string | undefined)[]) => texts.some((text) => text?.toLowerCase().includes(wanted));
  const found = [...entries].filter((entry) => fits(entry.path, entry.manifest?.displayName, entry.manifest?.cardType));
  const root = foldersOf(found.filter((entry) => !entry.builtIn));
  const builtIn = found.filter((entry) => entry.builtIn).sort(byPath);
  const thrown = [...trash].filter((entry) => fits(entry.path, entry.cardType));
  thrown.sort((a, b) => b.trashedAt - a.trashedAt || byPath(a, b));

  const rows: TreeRow[] = [];
  const isOpen = (key: string) => searching || !closed.has(key);
  addFolder(rows, root, 1, isOpen);
  if (builtIn.length > 0) {
    const expanded = searching || opened.has(BUILT_IN);
    rows.push(sectionRow(BUILT_IN, `Built-in cards (${builtIn.length})`, expanded));
    if (expanded) rows.push(...builtIn.map((entry, index) => fileRow(entry, 'built-in', 2, index + 1, builtIn.length)));
  }
  if (thrown.length > 0) {
    const expanded = searching || opened.has(TRASH);
    rows.push(sectionRow(TRASH, `Trash (${thrown.length})`, expanded));
    if (expanded) {
      rows.push(
        ...thrown.map(({ cardId, path }, index): TreeRow => ({
          key: `trashed ${cardId}`,
          kind: 'trashed',
          level: 2,
          name: path.slice(ROOT.length + 1),
          path,
          cardId,
          errors: 0,
          warnings: 0,
          position: index + 1,
          siblings: thrown.length,
        })),
      );
    }
  }
  return numberRoots(rows);
}

const byPath = (a: { path: string }, b: { path: string }): number => (a.path < b.path ? -1 : a.path > b.path ? 1 : 0);

function foldersOf(entries: readonly ProjectCardEntry[]): Folder {
  const root: Folder = { path: ROOT, folders: new Map(), files: [] };
  for (const entry of [...entries].sort(byPath)) {
    let folder = root;
    for (const name of entry.path.split('/').slice(1, -1)) {
      let next = folder.folders.get(name);
      if (!next) folder.folders.set(name, (next = { path: `${folder.path}/${name}`, folders: new Map(), files: [] }));
      folder = next;
    }
    folder.files.push(entry);
  }
  return root;
}

/** Folders first. A closed one says how many errors are in it. */
function addFolder(rows: TreeRow[], folder: Folder, level: number, isOpen: (key: string) => boolean): void {
  const folders = [...folder.folders.entries()].sort(([a], [b]) => (a < b ? -1 : 1));
  const siblings = folders.length + folder.files.length;
  let position = 0;
  for (const [name, inner] of folders) {
    const key = `folder ${inner.path}`;
    const expanded = isOpen(key);
    const counts = expanded ? { errors: 0, warnings: 0 } : sumOf(inner);
    rows.push({ key, kind: 'folder', level, name, path: inner.path, expanded, ...counts, position: ++position, siblings });
    if (expanded) addFolder(rows, inner, level + 1, isOpen);
  }
  for (const entry of folder.files) rows.push(fileRow(entry, 'file', level, ++position, siblings));
}

function sumOf(folder: Folder): { errors: number; warnings: number } {
  const inner = [...folder.folders.values()].map(sumOf);
  const own = folder.files.map(countsOf);
  const sum = (pick: (item: { errors: number; warnings: number }) => number) =>
    [...inner, ...own].reduce((all, item) => all + pick(item), 0);
  return { errors: sum(({ errors }) => errors), warnings: sum(({ warnings }) => warnings) };
}

function countsOf({ diagnostics }: ProjectCardEntry): { errors: number; warnings: number } {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return { errors, warnings: diagnostics.length - errors };
}

const fileRow = (entry: ProjectCardEntry, kind: 'file' | 'built-in', level: number, position: number, siblings: number): TreeRow => ({
  key: `file ${entry.cardId}`,
  kind,
  level,
  name: entry.path.split('/').at(-1)!,
  path: entry.path,
  cardId: entry.cardId,
  ...countsOf(entry),
  position,
  siblings,
});

const sectionRow = (key: string, name: string, expanded: boolean): TreeRow => ({
  key,
  kind: 'section',
  level: 1,
  name,
  path: '',
  expanded,
  errors: 0,
  warnings: 0,
  position: 0,
  siblings: 0,
});

/** Sections stand beside the first folders and files. */
function numberRoots(rows: TreeRow[]): TreeRow[] {
  const siblings = rows.filter(({ level }) => level === 1).length;
  let position = 0;
  return rows.map((row) => (row.level === 1 ? { ...row, position: ++position, siblings } : row));
}

/** Where a new file beside this row would be: the folder itself, or that of the file. */
export function folderOf(row: TreeRow | undefined): string {
  if (row?.kind === 'folder') return row.path;
  return row?.kind === 'file' ? row.path.slice(0, row.path.lastIndexOf('/')) : ROOT;
}

/** The row that an arrow key leads to; `toggle` opens or closes the present one instead. */
export function stepInTree(rows: readonly TreeRow[], at: number, key: string): { to: number } | { toggle: true } | undefined {
  const row = rows[at];
  if (!row) return undefined;
  const last = rows.length - 1;
  switch (key) {
    case 'ArrowDown':
      return { to: Math.min(last, at + 1) };
    case 'ArrowUp':
      return { to: Math.max(0, at - 1) };
    case 'Home':
      return { to: 0 };
    case 'End':
      return { to: last };
    case 'ArrowRight':
      if (row.expanded === undefined) return { to: at };
      return row.expanded ? { to: Math.min(last, at + 1) } : { toggle: true };
    case 'ArrowLeft': {
      if (row.expanded === true) return { toggle: true };
      const parent = rows.slice(0, at).findLastIndex(({ level }) => level < row.level);
      return { to: parent < 0 ? at : parent };
    }
    default:
      return undefined;
  }
}
