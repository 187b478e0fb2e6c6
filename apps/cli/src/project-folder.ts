/** Reads a project folder: pipelines as we write them or `_pipeline.json`, and `cards/**.py`. Follows no symbolic links. */
import { readdir, readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { fromTensorRag, readPipelineFiles } from '@ensemble/pipeline';
import type { ImportBody, WireValue } from '@ensemble/protocol';
import { z } from 'zod';
import { CliError, usageError } from './cli-error.ts';

export interface ProjectFolder {
  name: string;
  cards: ImportBody['cards'];
  /** Of the pipeline that is run. */
  nodes: readonly { id: string; card: string }[];
  /** tensorRag: `_pipeline.json`. ours: as an export or `ensemble sync` writes it; `pipeline` is the name of the one to run. */
  layout: { kind: 'tensorRag'; pipeline: WireValue } | { kind: 'ours'; root: string; pipeline: string };
}

/** `wanted`: the name of one of several pipelines; the first otherwise. */
export async function readProjectFolder(directory: string, wanted?: string): Promise<ProjectFolder> {
  const root = path.resolve(directory);
  const info = await stat(root).catch(() => undefined);
  if (!info?.isDirectory()) throw usageError(`${directory} is no folder. Give the folder that holds a project.`);
  const about = { name: path.basename(root) || 'project', cards: await readCards(root) };
  const pipelines = await readPipelines(root);
  if (pipelines.length > 0) {
    const chosen = wanted === undefined ? pipelines[0] : pipelines.find(({ name }) => name === wanted);
    if (!chosen)
      throw usageError(`There is no pipeline "${wanted}" in ${directory}: ${pipelines.map(({ name }) => `"${name}"`).join(', ')}.`);
    return { ...about, nodes: chosen.nodes, layout: { kind: 'ours', root, pipeline: chosen.name } };
  }
  if (wanted !== undefined) throw usageError(`${directory} holds one pipeline, without a name; leave --pipeline out.`);
  const file = path.join(root, '_pipeline.json');
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    throw usageError(`${directory} has neither pipelines/*.json nor _pipeline.json. A project folder holds one of them and cards/**.py.`);
  let pipeline: WireValue;
  try {
    pipeline = JSON.parse(text) as WireValue;
  } catch (error) {
    throw new CliError(`${file} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
  return { ...about, nodes: fromTensorRag(pipeline).nodes, layout: { kind: 'tensorRag', pipeline } };
}

/** In the order that `ensemble.json` says, else of their files. */
async function readPipelines(root: string): Promise<{ name: string; nodes: { id: string; card: string }[] }[]> {
  const names = (await readdir(path.join(root, 'pipelines')).catch(() => []))
    .filter((file) => /(?<!\.layout)\.json$/.test(file))
    .toSorted();
  const project = ProjectFile.safeParse(jsonOf(await readFile(path.join(root, 'ensemble.json'), 'utf8').catch(() => '')));
  const order = project.success ? project.data.pipelines.map((name) => `${name}.json`).filter((file) => names.includes(file)) : [];
  const pipelines = [];
  for (const file of new Set([...order, ...names])) {
    const pipeline = readPipelineFiles(await readFile(path.join(root, 'pipelines', file), 'utf8'), undefined);
    if (!pipeline) throw new CliError(`pipelines/${file} is no pipeline file: mend or remove it.`);
    pipelines.push({ name: pipeline.name, nodes: pipeline.nodes });
  }
  return pipelines;
}

const ProjectFile = z.object({ pipelines: z.array(z.string()) });

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
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
