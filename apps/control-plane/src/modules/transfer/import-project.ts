/**
 * Brings the files of a folder or zip into a project. Everything is checked before anything is written, documents are
 * written before the rows that show them, and all rows come in one transaction: all of it is there, or nothing. A new project
 * is hidden until then, and removed at the next start if there is no then. Runs nothing.
 */
import type { CardReader } from '@ensemble/cards';
import type { Actor } from '@ensemble/permissions';
import { writeGraph } from '@ensemble/pipeline';
import type { ImportFinding, KnownCard, PipelineFile } from '@ensemble/pipeline';
import { documentName, type Project, type ProjectImport } from '@ensemble/protocol';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { ApiError } from '../../platform/api-error.ts';
import { newId } from '../../platform/ids.ts';
import type { ProjectFiles } from '../artifacts/index.ts';
import type { Cards } from '../cards/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import type { Projects } from '../projects/index.ts';
import { fillFiles } from '../templates/index.ts';
import { describePipeline, findRenamedTypes } from './describe-import.ts';
import { namedFiles } from './named-files.ts';
import { count, readProjectFolder, type IncomingProject } from './read-project-folder.ts';

type PipelineDocument = Parameters<typeof writeGraph>[0];

export interface ImportPorts {
  projects: Pick<Projects, 'createArriving' | 'arrived' | 'discard'>;
  pipelines: Pick<Pipelines, 'addAll'>;
  cards: Pick<Cards, 'builtIn' | 'cardsOfProject' | 'prepareImport'>;
  files: Pick<ProjectFiles, 'add' | 'list' | 'hide'>;
  reader: CardReader;
  /** Resolves once the change is journalled; a `change` that throws leaves no trace. */
  editDocument(name: string, actor: string, change: (doc: PipelineDocument) => void): Promise<void>;
  /** The project's index is to show what is new. */
  onImported(projectId: string): Promise<void>;
}

const MAX_LISTED = 1_000;
const MAX_PIPELINES = 200;
const MAX_NODES = 20_000;
export const labelOf = (actor: Actor): string => (actor.kind === 'user' ? actor.userId : 'system:operator');

/** Into `project`, or into a new one that is called as the files say. */
export async function importProject(
  ports: ImportPorts,
  actor: Actor,
  files: ReadonlyMap<string, Uint8Array>,
  into: { project: Pick<Project, 'id' | 'name'> } | { newName: string },
): Promise<ProjectImport> {
  const incoming = readProjectFolder(files, 'project' in into ? '' : into.newName);
  if (incoming.pipelines.length > MAX_PIPELINES)
    throw new ApiError('too-large', `A project can be imported with at most ${MAX_PIPELINES} pipelines.`);
  const nodes = incoming.pipelines.reduce((sum, pipeline) => sum + pipeline.nodes.length, 0);
  if (nodes > MAX_NODES)
    throw new ApiError('too-large', `The pipelines have ${nodes} nodes; at most ${MAX_NODES} can be imported at once.`);
  const cards = await knownCards(ports, 'project' in into ? into.project.id : undefined, incoming);
  if ('project' in into) return await bringIn(ports, actor, incoming, into.project, cards);
  const project = await ports.projects.createArriving(actor, plainName(incoming.name) || plainName(into.newName) || 'Imported project');
  try {
    return await bringIn(ports, actor, incoming, project, cards);
  } catch (error) {
    await ports.projects.discard(project.id);
    throw error;
  }
}

async function bringIn(
  ports: ImportPorts,
  actor: Actor,
  incoming: IncomingProject,
  project: Pick<Project, 'id' | 'name'>,
  cards: Map<string, KnownCard>,
): Promise<ProjectImport> {
  const label = labelOf(actor);
  // What became of those connections is told below, with the cards in sight.
  const findings = incoming.findings.filter(({ code }) => code !== 'ports-not-named');
  const prepared = await ports.cards.prepareImport(project.id, incoming.cards);
  if (incoming.cards.length > 0) findings.push({ kind: 'mapped', code: 'cards', message: `${count(incoming.cards.length, 'card file')}.` });
  for (const pipeline of incoming.pipelines) findings.push(...findRenamedTypes(pipeline, cards), ...describePipeline(pipeline, cards));
  const before = new Set((await ports.files.list(project.id)).map((file) => `${file.sha256} ${file.name}`));
  findings.push(...describeFiles(incoming, before));
  const stored = new Map(incoming.data.map((file) => [file.path, file]));
  const pipelines = incoming.pipelines.map((pipeline) => ({
    ...withFiles(pipeline, stored),
    id: newId(),
    name: plainName(pipeline.name) || 'Pipeline',
  }));
  try {
    for (const { name, bytes } of incoming.data) await ports.files.add(project.id, name, chunks(bytes));
    for (const pipeline of pipelines)
      await ports.editDocument(documentName('pipeline', pipeline.id), label, (doc) => {
        const result = writeGraph(doc, pipeline, label);
        if (!result.ok) throw new ApiError('invalid-pipeline', result.message);
      });
    await prepared.write(label, async (sql) => {
      await ports.pipelines.addAll(sql, project.id, pipelines);
      await ports.projects.arrived(sql, project.id);
    });
  } catch (error) {
    for (const file of await ports.files.list(project.id))
      if (
        !before.has(`${file.sha256} ${file.name}`) &&
        incoming.data.some(({ sha256, name }) => sha256 === file.sha256 && name === file.name)
      )
        await ports.files.hide(project.id, file.id);
    throw error;
  }
  await ports.onImported(project.id);
  return {
    projectId: project.id,
    projectName: project.name,
    pipelines: pipelines.map(({ id, name }) => ({ pipelineId: id, name })),
    ...summed(findings),
  };
}

/** By card type: the built-in ones, those of the project, and those that come. */
async function knownCards(ports: ImportPorts, projectId: string | undefined, incoming: IncomingProject): Promise<Map<string, KnownCard>> {
  const known = new Map<string, KnownCard>(ports.cards.builtIn.map(({ manifest }) => [manifest.cardType, { manifest }]));
  if (projectId !== undefined)
    for (const [type, { manifest }] of await ports.cards.cardsOfProject(projectId)) if (manifest) known.set(type, { manifest });
  const here = new Map([...known.keys()].map((type) => [type, 'this project']));
  for (const [index, { path, source }] of incoming.cards.entries()) {
    // Reading a card takes milliseconds, and others wait for their turn.
    if (index % 10 === 9) await nextTurn();
    const { manifest, diagnostics, valid } = ports.reader.read(source, {
      path,
      takenBy: (type) => (here.get(type) === 'this project' ? undefined : here.get(type)),
    });
    if (manifest && !known.has(manifest.cardType)) {
      known.set(manifest.cardType, { manifest });
      here.set(manifest.cardType, path);
    }
    const error = diagnostics.find(({ severity }) => severity === 'error');
    if (!valid && error) {
      const message = `${path} was kept, but is no valid card yet: line ${error.line}: ${error.message}`;
      incoming.findings.push({ kind: 'not-understood', code: 'card-with-errors', message, path });
    }
  }
  return known;
}

function describeFiles({ data, pipelines }: IncomingProject, present: ReadonlySet<string>): ImportFinding[] {
  const findings: ImportFinding[] = [];
  if (data.length > 0) findings.push({ kind: 'mapped', code: 'data', message: `${count(data.length, 'data file')}.` });
  const here = new Set([...data.map(({ sha256 }) => sha256), ...[...present].map((key) => key.slice(0, 64))]);
  const paths = new Set(data.map(({ path }) => path));
  const missing = new Map(
    pipelines
      .flatMap(({ nodes }) => namedFiles(nodes))
      .filter(({ sha256 }) => !here.has(sha256) && !paths.has(sha256))
      .map((file) => [file.sha256, file]),
  );
  for (const { name, nodeId, field } of missing.values()) {
    const message = `The data file "${name}", which "${nodeId}" reads, is not in what was imported: upload it and choose it again.`;
    findings.push({ kind: 'not-understood', code: 'data-missing', message, nodeId, field });
  }
  return findings;
}

const withFiles = (pipeline: PipelineFile, stored: Parameters<typeof fillFiles>[1]): PipelineFile =>
  stored.size === 0
    ? pipeline
    : { ...pipeline, nodes: pipeline.nodes.map((node) => ({ ...node, config: fillFiles(node.config, stored) as typeof node.config })) };

async function* chunks(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}

/** A name that people can read in one line. */
const plainName = (name: string): string =>
  name
    .toWellFormed()
    .replaceAll(/\p{Cc}+/gu, ' ')
    .trim()
    .slice(0, 120)
    .toWellFormed();

function summed(findings: readonly ImportFinding[]): Pick<ProjectImport, 'findings' | 'counts'> {
  const of = (kind: ImportFinding['kind']): ImportFinding[] => findings.filter((finding) => finding.kind === kind);
  const kinds = ['mapped', 'guessed', 'not-understood'] as const;
  return {
    findings: kinds.flatMap((kind) => of(kind).slice(0, MAX_LISTED)),
    counts: { mapped: of('mapped').length, guessed: of('guessed').length, 'not-understood': of('not-understood').length },
  };
}
