/** Pins a pipeline as it is now, with everything that keeps it from running. Ignores who asks and what becomes of it. */
import type { CardManifest, Diagnostic } from '@ensemble/cards';
import { feedsPinnedOnly, pinVersion, projectContent, readPipeline } from '@ensemble/pipeline';
import type { PipelineContent, ProjectedGraph } from '@ensemble/pipeline';
import { documentName } from '@ensemble/protocol';
import type { Problem } from '../../platform/api-error.ts';
import type { ConfigOverride } from './ports.ts';
import { ProjectCode } from './cache/code-hash.ts';
import { canvasOf } from './run-canvas.ts';
import type { RunCanvas } from './run-canvas.ts';
import type { RunVersion } from './run-version.ts';

/** A card file as the project has it; built-in ones too. */
export interface ProjectCard {
  cardId: string;
  path: string;
  builtIn: boolean;
  source: string;
  sourceHash: string;
  /** The last valid one. */
  manifest?: CardManifest;
  diagnostics?: readonly Diagnostic[];
}

export interface PipelineSources {
  readDocument<T>(name: string, look: (doc: Parameters<typeof readPipeline>[0]) => T): Promise<T>;
  /** By card type. */
  cardsOf(projectId: string): Promise<ReadonlyMap<string, ProjectCard>>;
}

export interface PipelineReading {
  /** Without the results that `pins` name. */
  version: RunVersion;
  /** Run id by node id, of nodes that would run were they not pinned. */
  pins: ReadonlyMap<string, string>;
  /** Nodes of the version that are not executed: pinned ones, and those that only feed them. */
  idle: ReadonlySet<string>;
  canvas: RunCanvas;
  /** Errors only; empty when the version can run. */
  problems: Problem[];
  /** Sources by SHA-256, for every entry of `version.files`. */
  sources: ReadonlyMap<string, string>;
}

/** Overrides are applied to a copy; the document stays as it is. */
export async function readForRun(
  sources: PipelineSources,
  pipelineId: string,
  projectId: string,
  overrides: readonly ConfigOverride[],
  narrow: (content: PipelineContent, read: (part: PipelineContent) => PipelineReading) => Promise<NarrowedPipeline>,
): Promise<PipelineReading> {
  const cards = await sources.cardsOf(projectId);
  const content = await sources.readDocument(documentName('pipeline', pipelineId), (doc) => readPipeline(doc));
  const misplaced = override(content, overrides);
  const read = (part: PipelineContent) => readContent(pipelineId, part, cards, cards);
  const { part, problems } = await narrow(content, read);
  const reading = read(part);
  return {
    ...reading,
    canvas: canvasOf(content, cards),
    problems: [...misplaced, ...unknownFields(reading.graph, overrides), ...problems, ...reading.problems],
  };
}

/** The part of a pipeline that is to run, with pins where it takes what there is. */
export interface NarrowedPipeline {
  part: PipelineContent;
  problems: Problem[];
}

/** The same for a pipeline that no document holds. Of `fileCards`, those of the project come along, and built-in ones that a node uses. */
export function readContent(
  pipelineId: string,
  content: PipelineContent,
  cards: ReadonlyMap<string, Pick<ProjectCard, 'path' | 'sourceHash' | 'manifest' | 'diagnostics'>>,
  fileCards: ReadonlyMap<string, ProjectCard>,
): PipelineReading & { graph: ProjectedGraph } {
  const graph = projectContent(content, cards);
  const problems = graph.problems.flatMap((problem) => asApiProblem(problem));
  if (graph.nodes.length === 0) {
    problems.push({ code: 'pipeline/empty', message: 'This pipeline has no nodes. Drag a card onto the canvas first.' });
  }
  const used = new Set(graph.nodes.map((node) => node.card));
  const files = [...fileCards].filter(([card, file]) => !file.builtIn || used.has(card)).map(([, file]) => file);
  const version: RunVersion = {
    format: 1,
    pipelineId,
    graph: pinVersion(graph, cards),
    manifests: Object.fromEntries(graph.nodes.flatMap((node) => (node.manifest ? [[node.card, node.manifest]] : []))),
    code: codeOf(graph, cards, files),
    files: files.map(({ path, sourceHash }) => ({ path, sha256: sourceHash })).sort((a, b) => (a.path < b.path ? -1 : 1)),
  };
  const pins = new Map(graph.nodes.flatMap(({ id, pin, bypassed }) => (pin && !bypassed ? [[id, pin.runId] as const] : [])));
  const pinned = new Set(pins.keys());
  const idle = new Set([...pinned, ...feedsPinnedOnly(version.graph.edges, pinned)]);
  return {
    graph,
    version,
    pins,
    idle,
    canvas: canvasOf(content, cards),
    problems,
    sources: new Map(files.map((file) => [file.sourceHash, file.source])),
  };
}

/** Built-in cards are always among the files where a node uses them. */
function codeOf(
  { nodes }: Pick<ProjectedGraph, 'nodes'>,
  cards: ReadonlyMap<string, Pick<ProjectCard, 'path'>>,
  files: readonly ProjectCard[],
): Record<string, string> {
  const code = new ProjectCode(files.map(({ path, sourceHash, source }) => ({ path, sha256: sourceHash, source })));
  const used = new Set(nodes.map(({ card }) => card));
  return Object.fromEntries([...used].sort().flatMap((card) => (cards.has(card) ? [[card, code.hashFrom(cards.get(card)!.path)]] : [])));
}

function override(content: PipelineContent, overrides: readonly ConfigOverride[]): Problem[] {
  const problems: Problem[] = [];
  for (const { nodeId, field, value } of overrides) {
    const node = content.nodes.get(nodeId);
    if (node) content.nodes.set(nodeId, { ...node, config: { ...node.config, [field]: value } });
    else problems.push({ code: 'override/unknown-node', message: `There is no node “${nodeId}” to set “${field}” of.`, nodeId, field });
  }
  return problems;
}

function unknownFields(graph: ProjectedGraph, overrides: readonly ConfigOverride[]): Problem[] {
  return overrides.flatMap(({ nodeId, field }) => {
    const manifest = graph.nodes.find((node) => node.id === nodeId)?.manifest;
    if (!manifest || manifest.configFields.some((known) => known.name === field)) return [];
    const known = manifest.configFields.map((candidate) => candidate.name).join(', ') || 'none';
    return [{ code: 'override/unknown-field', message: `“${nodeId}” has no config field “${field}”; it has: ${known}.`, nodeId, field }];
  });
}

function asApiProblem({ severity, code, message, nodeId, field, port }: ProjectedGraph['problems'][number]): Problem[] {
  if (severity !== 'error') return [];
  return [
    { code, message, ...(nodeId !== undefined && { nodeId }), ...(field !== undefined && { field }), ...(port !== undefined && { port }) },
  ];
}
