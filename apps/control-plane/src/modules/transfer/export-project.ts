/**
 * A project as the files of a folder, and as a zip of them: equal projects give equal bytes, and importing the zip gives an
 * equal project. Leaves out secrets, results, and who did what. See docs/project-folder.md.
 */
import { fileNamesFor, pipelineFiles, projectContent, readPipeline, tensorRagText } from '@ensemble/pipeline';
import type { ProjectedGraph } from '@ensemble/pipeline';
import { documentName, MAX_EXPORTED_DATA_BYTES, type ExportPreview } from '@ensemble/protocol';
import { strToU8, zip, type AsyncZippable } from 'fflate';
import { ApiError } from '../../platform/api-error.ts';
import type { ProjectFiles } from '../artifacts/index.ts';
import type { Cards } from '../cards/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import { namedFiles } from './named-files.ts';
import { PROJECT_FILE, projectFileText, TENSOR_RAG_FILE, type ProjectFile } from './project-file.ts';

type ProjectCards = Awaited<ReturnType<Cards['cardsOfProject']>>;

export interface ExportPorts {
  pipelines: Pick<Pipelines, 'list'>;
  cards: Pick<Cards, 'cardsOfProject'>;
  files: Pick<ProjectFiles, 'list'>;
  readBytes(sha256: string, maxBytes: number): Promise<Uint8Array>;
  readDocument<T>(name: string, look: (doc: Parameters<typeof readPipeline>[0]) => T): Promise<T>;
}

/** A pipeline with the file names it has in the folder. */
export interface ExportedPipeline {
  pipelineId: string;
  name: string;
  /** Below `pipelines/`, without an ending. */
  file: string;
  /** Edges as they are, ports that are not named included; those that lead nowhere are left out. */
  graph: Pick<ProjectedGraph, 'title' | 'nodes' | 'notes' | 'frames' | 'edges'>;
  /** With the ports that were found by name or type. */
  bound: ProjectedGraph;
}

export async function readPipelines(
  ports: Omit<ExportPorts, 'files' | 'readBytes'>,
  projectId: string,
  cards: ProjectCards,
): Promise<ExportedPipeline[]> {
  const rows = await ports.pipelines.list(projectId);
  const names = fileNamesFor(rows.map(({ name }) => name));
  const exported: ExportedPipeline[] = [];
  for (const [index, { id, name }] of rows.entries()) {
    const content = await ports.readDocument(documentName('pipeline', id), (doc) => readPipeline(doc));
    const bound = projectContent(content, cards);
    const edges = [...content.edges.values()].filter(({ source, target }) => content.nodes.has(source) && content.nodes.has(target));
    exported.push({ pipelineId: id, name, file: names[index]!, graph: { ...bound, edges }, bound });
  }
  return exported;
}

/** The text files that say everything but the data: path → text, in order of path. */
export function folderFiles(
  projectName: string,
  pipelines: readonly ExportedPipeline[],
  cards: ProjectCards,
  data: ProjectFile['files'],
): Map<string, string> {
  const files: [string, string][] = [
    [PROJECT_FILE, projectFileText({ name: projectName, pipelines: pipelines.map(({ file }) => file), files: data })],
    ...[...cards.values()].filter(({ builtIn }) => !builtIn).map(({ path, source }): [string, string] => [path, source]),
  ];
  for (const { name, file, graph } of pipelines) {
    const { logic, layout } = pipelineFiles(name, graph);
    files.push([`pipelines/${file}.json`, logic], [`pipelines/${file}.layout.json`, layout]);
  }
  return new Map(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The files that nodes name, each once, in order of name. */
export function listNamedFiles(pipelines: readonly ExportedPipeline[]): ProjectFile['files'] {
  const named = pipelines.flatMap(({ graph }) => namedFiles(graph.nodes)).filter(({ sha256 }) => /^[0-9a-f]{64}$/.test(sha256));
  const files = new Map(named.map(({ name, sha256 }) => [`${name} ${sha256}`, { name, sha256 }]));
  return [...files.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, file]) => file);
}

export async function previewExport(ports: Pick<ExportPorts, 'files'>, projectId: string): Promise<ExportPreview> {
  const files = await ports.files.list(projectId);
  const dataBytes = files.reduce((sum, { bytes }) => sum + bytes, 0);
  return { dataFiles: files.length, dataBytes, canIncludeData: dataBytes <= MAX_EXPORTED_DATA_BYTES };
}

/** The zip. With `data` the project's files are in it, or `too-large`. */
export async function exportProject(ports: ExportPorts, project: { id: string; name: string }, data: boolean): Promise<Uint8Array> {
  const cards = await ports.cards.cardsOfProject(project.id);
  const pipelines = await readPipelines(ports, project.id, cards);
  const named = listNamedFiles(pipelines);
  const stored = data ? await placeData(ports, project.id, named) : { listed: named, paths: new Map<string, string>() };
  const texts = folderFiles(project.name, pipelines, cards, stored.listed);
  const [first] = pipelines;
  if (first) texts.set(TENSOR_RAG_FILE, tensorRagText(first.bound));
  const entries = new Map<string, Uint8Array>([...texts].map(([path, text]) => [path, strToU8(text)]));
  for (const [path, sha256] of stored.paths) entries.set(path, await ports.readBytes(sha256, MAX_EXPORTED_DATA_BYTES));
  return await zipped(entries);
}

async function placeData(
  ports: Pick<ExportPorts, 'files'>,
  projectId: string,
  named: ProjectFile['files'],
): Promise<{ listed: ProjectFile['files']; paths: Map<string, string> }> {
  const { canIncludeData } = await previewExport(ports, projectId);
  if (!canIncludeData)
    throw new ApiError(
      'too-large',
      `The data files of this project have more than ${MAX_EXPORTED_DATA_BYTES / 1024 ** 2} MB together. Export without them: their names and hashes stay in.`,
    );
  const here = (await ports.files.list(projectId)).map(({ name, sha256 }) => ({ name, sha256 }));
  here.sort((a, b) => (a.name === b.name ? (a.sha256 < b.sha256 ? -1 : 1) : a.name < b.name ? -1 : 1));
  const paths = new Map<string, string>();
  const taken = new Set<string>();
  const listed = here.map(({ name, sha256 }) => {
    let path = `data/${name}`;
    // Two files of one name: the hash tells them apart.
    if (taken.has(path.toLowerCase()) || /^\.|\.py$/.test(name)) path = `data/${sha256.slice(0, 12)}-${name}`;
    taken.add(path.toLowerCase());
    paths.set(path, sha256);
    return { name, sha256, path };
  });
  const known = new Set(here.map(({ name, sha256 }) => `${name} ${sha256}`));
  return { listed: [...listed, ...named.filter(({ name, sha256 }) => !known.has(`${name} ${sha256}`))], paths };
}

/** In order of path and without the time: equal files make equal bytes. */
function zipped(files: ReadonlyMap<string, Uint8Array>): Promise<Uint8Array> {
  const entries: AsyncZippable = {};
  for (const [path, bytes] of [...files].sort(([a], [b]) => (a < b ? -1 : 1)))
    entries[path] = [bytes, { level: path.startsWith('data/') ? 1 : 6 }];
  return new Promise((resolve, reject) => {
    zip(entries, { mtime: new Date(1980, 0, 1) }, (error, bytes) => (error ? reject(error) : resolve(bytes)));
  });
}
