/** Reads one folder of the gallery. Follows no symbolic links; knows nothing of projects. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { fromTensorRag, messagesOf } from '@ensemble/pipeline';
import { z } from 'zod';

const Title = z.object({ title: z.string().trim().min(1).max(120), description: z.string().trim().min(1).max(500) });
const Json = z.json();

export interface TemplateFolder extends z.infer<typeof Title> {
  /** The folder's name. */
  name: string;
  /** `_pipeline.json` as it is. */
  pipeline: z.infer<typeof Json>;
  graph: ReturnType<typeof fromTensorRag>;
  cards: { path: string; source: string }[];
  /** Data files: the path inside the folder, as config fields name it, and where it is on disk. */
  files: { path: string; location: string }[];
}

const ABOUT = new Set(['template.json', '_pipeline.json']);

/** Undefined for a folder that is no template. Throws for a template that cannot be read. */
export async function readTemplateFolder(directory: string): Promise<TemplateFolder | undefined> {
  const about = await readFile(path.join(directory, 'template.json'), 'utf8').catch(() => undefined);
  if (about === undefined) return undefined;
  const pipeline = Json.parse(JSON.parse(await readFile(path.join(directory, '_pipeline.json'), 'utf8')));
  const graph = fromTensorRag(pipeline);
  const problems = messagesOf(graph.findings, 'not-understood');
  if (problems.length > 0) throw new Error(`${directory}/_pipeline.json: ${problems.join(' ')}`);
  const folder: TemplateFolder = {
    ...Title.parse(JSON.parse(about)),
    name: path.basename(directory),
    pipeline,
    graph,
    cards: [],
    files: [],
  };
  const entries = await readdir(directory, { withFileTypes: true, recursive: true });
  for (const entry of entries.filter((one) => one.isFile())) {
    const location = path.join(entry.parentPath, entry.name);
    const inside = path.relative(directory, location).split(path.sep).join('/');
    if (ABOUT.has(inside) || /(^|\/)(\.|__pycache__\/)|\.md$/.test(inside)) continue;
    if (inside.startsWith('cards/')) folder.cards.push({ path: inside, source: await readFile(location, 'utf8') });
    else folder.files.push({ path: inside, location });
  }
  folder.cards.sort((a, b) => a.path.localeCompare(b.path));
  return folder;
}
