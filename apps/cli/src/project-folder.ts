/** Reads a project folder: `_pipeline.json` and `cards/**.py`. Follows no symbolic links. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import type { ImportBody, WireValue } from '@ensemble/protocol';
import { CliError, usageError } from './cli-error.ts';

export type ProjectFolder = ImportBody;

export async function readProjectFolder(directory: string): Promise<ProjectFolder> {
  const root = path.resolve(directory);
  const info = await stat(root).catch(() => undefined);
  if (!info?.isDirectory()) throw usageError(`${directory} is no folder. Give the folder that holds _pipeline.json.`);
  const file = path.join(root, '_pipeline.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined) throw usageError(`${directory} has no _pipeline.json. A project folder holds _pipeline.json and cards/**.py.`);
  let pipeline: WireValue;
  try {
    pipeline = JSON.parse(text) as WireValue;
  } catch (error) {
    throw new CliError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { name: path.basename(root) || 'project', pipeline, cards: await readCards(root) };
}

async function readCards(root: string): Promise<{ path: string; source: string }[]> {
  const cards: { path: string; source: string }[] = [];
  const visit = async (folder: string): Promise<void> => {
    const entries = await readdir(path.join(root, folder), { withFileTypes: true }).catch(() => []);
    for (const entry of entries.toSorted((a, b) => a.name.localeCompare(b.name))) {
      const name = `${folder}/${entry.name}`;
      if (entry.isDirectory() && entry.name !== '__pycache__' && !entry.name.startsWith('.')) await visit(name);
      else if (entry.isFile() && entry.name.endsWith('.py')) cards.push({ path: name, source: await readSource(path.join(root, name)) });
    }
  };
  await visit('cards');
  return cards;
}

/** Reads a card file as UTF-8; throws a sentence when it is something else. */
export async function readSource(file: string): Promise<string> {
  const bytes = await readFile(file);
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(bytes);
  } catch {
    throw new CliError(`${file} is not UTF-8 text. Save it as UTF-8.`);
  }
}
