/** The synchronised files of a folder on disk: card files and pipelines. Follows no symbolic links; knows no server. */
import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir, stat, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { z } from 'zod';

export const STATE_FILE = '.ensemble-sync.json';
const PROJECT_FILE = 'ensemble.json';
const MOST_NAMED = 8;
const Project = z.object({ files: z.array(z.object({ name: z.string() })) });
const PASSED_OVER = /^(\.|__pycache__$|node_modules$)|\.conflict-/;

/** Whether a path inside the folder is one that is kept equal to the project. */
export const isSynced = (file: string): boolean =>
  !file.split('/').some((part) => PASSED_OVER.test(part)) &&
  (file === PROJECT_FILE || (file.startsWith('cards/') && file.endsWith('.py')) || /^pipelines\/[^/]+\.json$/.test(file));

/** Path → text, line ends as in the project. Files that are no UTF-8 text are told and passed over. */
export async function readLocal(root: string, say: (line: string) => void): Promise<Map<string, string>> {
  const files = new Map<string, string>();
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (PASSED_OVER.test(entry.name)) continue;
      if (entry.isDirectory() && (folder !== '' || entry.name === 'cards' || entry.name === 'pipelines')) await visit(name);
      else if (entry.isFile() && isSynced(name)) {
        const text = await readText(path.join(root, name));
        if (text === undefined) say(`! ${name} is no UTF-8 text and stays as it is`);
        else files.set(name, text);
      }
    }
  };
  await visit('');
  return files;
}

/** Names of the data files that the project's nodes read, and of those below `data/`: each once, some of many. */
export async function dataLeftOut(root: string): Promise<string[]> {
  const project = Project.safeParse(JSON.parse((await readText(path.join(root, PROJECT_FILE))) ?? '{}'));
  const named = project.success ? project.data.files.map(({ name }) => name) : [];
  const here = await readdir(path.join(root, 'data'), { withFileTypes: true }).catch(() => []);
  const names = [...new Set([...named, ...here.filter((entry) => entry.isFile()).map(({ name }) => name)])].toSorted();
  return names.length <= MOST_NAMED ? names : [...names.slice(0, MOST_NAMED), `and ${names.length - MOST_NAMED} more`];
}

/** Another text whenever a synchronised file was written, made or removed; reads no contents. */
export async function signatureOf(root: string): Promise<string> {
  const entries = await readdir(root, { withFileTypes: true, recursive: true }).catch(() => []);
  const lines = await Promise.all(
    entries.map(async (entry) => {
      const file = path.join(entry.parentPath, entry.name);
      const name = path.relative(root, file).split(path.sep).join('/');
      if (!entry.isFile() || !isSynced(name)) return '';
      const info = await stat(file).catch(() => undefined);
      return `${name} ${info?.mtimeMs} ${info?.size}`;
    }),
  );
  return lines.toSorted().join('\n');
}

/** Undefined for a file that is gone or no text. */
export async function readText(file: string): Promise<string | undefined> {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(await readFile(file)).replaceAll(/\r\n?/g, '\n');
  } catch {
    return undefined;
  }
}

/** Whole or not at all: an editor or a compiler never sees half a file. */
export async function writeWhole(root: string, name: string, text: string): Promise<void> {
  const target = path.join(root, ...name.split('/'));
  await mkdir(path.dirname(target), { recursive: true });
  const part = path.join(path.dirname(target), `.${path.basename(target)}.${randomBytes(4).toString('hex')}.part`);
  await writeFile(part, text);
  await rename(part, target).catch(async (error: unknown) => {
    await rm(part, { force: true });
    throw error;
  });
}

/** With folders that are empty then. */
export async function removeLocal(root: string, name: string): Promise<void> {
  await rm(path.join(root, ...name.split('/')), { force: true });
  for (let folder = path.posix.dirname(name); folder.includes('/'); folder = path.posix.dirname(folder)) {
    try {
      await rmdir(path.join(root, folder));
    } catch {
      return;
    }
  }
}

/** `train.conflict-2026-01-31T10-20-30.py`, beside the file. */
export const conflictName = (name: string, now: Date): string => {
  const ending = path.posix.extname(name);
  return `${name.slice(0, name.length - ending.length)}.conflict-${now.toISOString().slice(0, 19).replaceAll(':', '-')}${ending}`;
};
