/**
 * Sorts the files of a folder or zip into what a project holds: pipelines, card files, data. Reads both our own export and
 * TensorRag's. Pure: knows nothing of projects that are there already.
 */
import { fileNamesFor, fromTensorRag, messagesOf, PIPELINE_FORMAT, readPipelineFiles } from '@ensemble/pipeline';
import type { ImportFinding, PipelineFile } from '@ensemble/pipeline';
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { ApiError } from '../../platform/api-error.ts';
import { placeCards } from './place-cards.ts';
import { PROJECT_FILE, ProjectFile, TENSOR_RAG_FILE } from './project-file.ts';

export interface IncomingProject {
  /** As the folder says; empty when it says nothing. */
  name: string;
  pipelines: PipelineFile[];
  cards: { path: string; source: string }[];
  data: { path: string; name: string; bytes: Uint8Array; sha256: string }[];
  findings: ImportFinding[];
}

/** Files that programs leave behind and nobody means. */
const JUNK = /(^|\/)(__MACOSX|__pycache__|node_modules|\.[^/]*)(\/|$)|(^|\/)(Thumbs\.db|desktop\.ini)$|\.py[co]$|\.conflict-[^/]*$/i;

/** `fallbackName` names a pipeline whose file does not. Throws `invalid-pipeline` when there is nothing to import. */
export function readProjectFolder(all: ReadonlyMap<string, Uint8Array>, fallbackName: string): IncomingProject {
  const found: IncomingProject = { name: '', pipelines: [], cards: [], data: [], findings: [] };
  const kept = [...all].filter(([path]) => !JUNK.test(path));
  const { files, top } = withoutTopFolder(new Map(kept));
  found.name = top;
  const junk = all.size - kept.length;
  if (junk > 0)
    found.findings.push({
      kind: 'mapped',
      code: 'junk',
      message: `${count(junk, 'file')} of macOS, Windows, Git or Python ${junk === 1 ? 'was' : 'were'} passed over.`,
    });
  // What the gallery says of a template is no part of the project that is made of it.
  const used = new Set<string>(['template.json']);
  const project = readProjectFile(files, found, used);
  if (project) found.name = project.name;
  readOurPipelines(files, project?.pipelines ?? [], found, used);
  readTensorRag(files, found, used, fallbackName || top || 'Imported');
  const cards = [...files].filter(([path]) => path.endsWith('.py') && path.startsWith('cards/'));
  for (const [path] of cards) used.add(path);
  found.cards = placeCards(cards, found.findings);
  readData(files, project, found, used);
  for (const path of files.keys())
    if (!used.has(path))
      found.findings.push({
        kind: 'not-understood',
        code: 'file-left-out',
        message: `${path} is no part of a project and was left out.`,
        path,
      });
  if (found.pipelines.length === 0 && found.cards.length === 0 && !project) {
    const problems = messagesOf(found.findings, 'not-understood').slice(0, 100);
    const message = files.has(TENSOR_RAG_FILE)
      ? (problems[0] ?? 'The pipeline file holds no node.')
      : 'This is no project folder: it needs a file _pipeline.json and card files in cards/.';
    throw new ApiError(
      'invalid-pipeline',
      message,
      problems.map((problem) => ({ code: 'import', message: problem })),
    );
  }
  return found;
}

/** People zip the folder, not what is in it. */
function withoutTopFolder(files: ReadonlyMap<string, Uint8Array>): { files: Map<string, Uint8Array>; top: string } {
  const [first = ''] = files.keys();
  const top = first.slice(0, first.indexOf('/') + 1);
  const isRoot = files.has(TENSOR_RAG_FILE) || files.has(PROJECT_FILE) || top === 'cards/' || top === 'pipelines/';
  if (top === '' || isRoot || ![...files.keys()].every((path) => path.startsWith(top))) return { files: new Map(files), top: '' };
  return { files: new Map([...files].map(([path, bytes]) => [path.slice(top.length), bytes])), top: top.slice(0, -1) };
}

function readProjectFile(files: ReadonlyMap<string, Uint8Array>, found: IncomingProject, used: Set<string>): ProjectFile | undefined {
  const bytes = files.get(PROJECT_FILE);
  if (!bytes) return undefined;
  used.add(PROJECT_FILE);
  const read = ProjectFile.safeParse(jsonOf(bytes));
  if (read.success) return read.data;
  const message = `${PROJECT_FILE} cannot be read, so pipelines were taken in order of their file names.`;
  found.findings.push({ kind: 'not-understood', code: 'file-unreadable', message, path: PROJECT_FILE });
  return undefined;
}

function readOurPipelines(
  files: ReadonlyMap<string, Uint8Array>,
  order: readonly string[],
  found: IncomingProject,
  used: Set<string>,
): void {
  const there = [...files.keys()].filter((path) => /^pipelines\/[^/]+\.json$/.test(path) && !path.endsWith('.layout.json')).sort();
  const paths = [...order.map((name) => `pipelines/${name}.json`).filter((path) => files.has(path)), ...there];
  for (const path of new Set(paths)) {
    const logic = textOf(files.get(path)!);
    const layoutPath = path.replace(/\.json$/, '.layout.json');
    const layout = files.get(layoutPath);
    const pipeline = logic === undefined ? undefined : readPipelineFiles(logic, layout && textOf(layout));
    used.add(path).add(layoutPath);
    if (!pipeline) {
      const message = `${path} is no pipeline file of Ensemble ("format": "${PIPELINE_FORMAT}") and was left out.`;
      found.findings.push({ kind: 'not-understood', code: 'file-left-out', message, path });
      continue;
    }
    found.pipelines.push(pipeline);
    found.findings.push(...pipeline.findings.map((finding) => ({ ...finding, path })));
  }
  for (const name of order) {
    const path = `pipelines/${name}.json`;
    if (!files.has(path))
      found.findings.push({
        kind: 'not-understood',
        code: 'file-missing',
        message: `${path} is named in ${PROJECT_FILE} but is not there.`,
        path,
      });
  }
}

/** Beside pipelines of our own it is a copy for other readers: ours say more. */
function readTensorRag(files: ReadonlyMap<string, Uint8Array>, found: IncomingProject, used: Set<string>, fallbackName: string): void {
  const bytes = files.get(TENSOR_RAG_FILE);
  if (!bytes) return;
  used.add(TENSOR_RAG_FILE);
  const json = jsonOf(bytes);
  const graph = fromTensorRag(json);
  const [ours] = found.pipelines;
  if (ours) {
    if (sameShape(graph, ours)) return;
    const message = `${TENSOR_RAG_FILE} says something else than pipelines/${fileNamesFor([ours.name])[0]!}.json, which was taken. To import it, take the folder pipelines/ away.`;
    found.findings.push({ kind: 'not-understood', code: 'copy-differs', message, path: TENSOR_RAG_FILE });
    return;
  }
  if (json === undefined) {
    found.findings.push({
      kind: 'not-understood',
      code: 'file-unreadable',
      message: `${TENSOR_RAG_FILE} is no JSON.`,
      path: TENSOR_RAG_FILE,
    });
    return;
  }
  found.findings.push(...graph.findings);
  if (graph.nodes.length === 0 && messagesOf(graph.findings, 'not-understood').length > 0) return;
  found.pipelines.push({ ...graph, name: (graph.title ?? fallbackName).slice(0, 120) });
}

const sameShape = (a: Pick<PipelineFile, 'nodes' | 'edges'>, b: Pick<PipelineFile, 'nodes' | 'edges'>): boolean => {
  const shape = ({ nodes, edges }: typeof a): string =>
    JSON.stringify([nodes.map(({ id, card }) => `${id} ${card}`).sort(), edges.map(({ source, target }) => `${source} ${target}`).sort()]);
  return shape(a) === shape(b);
};

/** Files below `data/`, and what a pipeline names by its path, as templates do. */
function readData(
  files: ReadonlyMap<string, Uint8Array>,
  project: ProjectFile | undefined,
  found: IncomingProject,
  used: Set<string>,
): void {
  const named = new Set(found.pipelines.flatMap(({ nodes }) => nodes.flatMap(({ config }) => filePathsIn(config))));
  const names = new Map((project?.files ?? []).flatMap((file) => (file.path === undefined ? [] : [[file.path, file] as const])));
  for (const [path, bytes] of files) {
    if (used.has(path) || !(path.startsWith('data/') || named.has(path))) continue;
    used.add(path);
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const listed = names.get(path);
    if (listed && listed.sha256 !== sha256) {
      const message = `${path} is not the file that was exported: it was changed since. Nodes that used it need it again.`;
      found.findings.push({ kind: 'not-understood', code: 'data-changed', message, path });
    }
    found.data.push({ path, name: listed?.name ?? path.split('/').at(-1)!, bytes, sha256 });
  }
}

function filePathsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(filePathsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, item]) => (key === '$file' && typeof item === 'string' ? [item] : filePathsIn(item)));
}

/** Undefined for bytes that are no UTF-8 text. */
function textOf(bytes: Uint8Array): string | undefined {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

const Anything = z.unknown();
function jsonOf(bytes: Uint8Array): unknown {
  try {
    return Anything.parse(JSON.parse(textOf(bytes) ?? ''));
  } catch {
    return undefined;
  }
}

export const count = (amount: number, noun: string): string => `${amount} ${noun}${amount === 1 ? '' : 's'}`;
