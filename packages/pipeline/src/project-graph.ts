/**
 * The one reading of a pipeline that the canvas, the server and runs share: what is there, how it is connected,
 * and what is wrong with it. Pure and the same on every peer; hides edges whose node is gone. Decides nothing.
 */
import { checkConfig } from '@ensemble/cards';
import type { CardManifest } from '@ensemble/cards';
import type * as Y from 'yjs';
import type { PipelineFrame, PipelineNote } from './annotation.ts';
import { passThrough } from './bypass.ts';
import { projectEdges } from './project-edges.ts';
import type { ProjectedEdge } from './project-edges.ts';
import { nodeLabel } from './model.ts';
import type { EdgeEnds, KnownCard, KnownCards, LostCard, ProjectedNode } from './model.ts';
import type { Problem, ProblemCode } from './problem.ts';
import { feedsPinnedOnly } from './pins.ts';
import { readPipeline } from './read-pipeline.ts';
import type { PipelineContent } from './read-pipeline.ts';
import { secretProblems } from './secret-problems.ts';
import { topologyOf } from './topology.ts';
import type { Topology } from './topology.ts';

export interface ProjectedGraph {
  title: string;
  /** In order of id. */
  nodes: ProjectedNode[];
  /** In order of id. */
  edges: ProjectedEdge[];
  /** In order of id. */
  notes: PipelineNote[];
  /** In order of id. */
  frames: PipelineFrame[];
  problems: Problem[];
}

export const projectGraph = (doc: Y.Doc, cards: KnownCards): ProjectedGraph => projectContent(readPipeline(doc), cards);

export function projectContent(content: PipelineContent, cards: KnownCards): ProjectedGraph {
  const problems = [...content.problems];
  const nodes: ProjectedNode[] = [];
  for (const node of content.nodes.values()) {
    const manifest = cards.get(node.card)?.manifest;
    nodes.push(manifest ? { ...node, manifest } : node);
  }
  const byId = new Map(nodes.map((node) => [node.id, node]));
  const { edges, problems: edgeProblems } = projectEdges(content.edges.values(), byId);
  const fed = new Set(edges.map((edge) => inputKey(edge.target, edge.targetPort)));
  const suspect = fileWithErrors(cards);
  const passed = passThrough(nodes, edges);
  const idle = idleNodes(nodes, passed.edges);
  for (const node of nodes) {
    const wrong = cardProblem(node, cards.get(node.card), suspect, idle);
    if (wrong) problems.push(wrong);
    // What does not run needs no settings and no inputs.
    if (node.manifest && !idle.has(node.id))
      problems.push(
        ...configProblems(node, node.manifest),
        ...secretProblems(node, node.manifest),
        ...missingInputs(node, node.manifest, fed),
      );
  }
  problems.push(...edgeProblems, ...cycleProblems(byId, edges), ...passed.problems);
  if (nodes.length > 0 && nodes.every((node) => node.bypassed)) {
    problems.push({
      code: 'bypass/all',
      severity: 'error',
      message: 'Every card is bypassed, so there is nothing to run. Switch the bypass of a card off.',
      nodeId: nodes[0]!.id,
    });
  }
  return { title: content.title, nodes, edges, notes: content.notes, frames: content.frames, problems };
}

export const graphTopology = (graph: Pick<ProjectedGraph, 'nodes' | 'edges'>): Topology =>
  topologyOf(
    graph.nodes.map((node) => node.id),
    graph.edges,
  );

/** What a run would not execute: bypassed and pinned nodes, and those that only feed pinned ones. */
function idleNodes(nodes: readonly ProjectedNode[], edges: readonly EdgeEnds[]): Set<string> {
  const pinned = new Set(nodes.filter((node) => node.pin && !node.bypassed).map((node) => node.id));
  const idle = feedsPinnedOnly(edges, pinned);
  for (const node of nodes) if (node.bypassed || node.pin) idle.add(node.id);
  return idle;
}

const inputKey = (nodeId: string, port: string): string => JSON.stringify([nodeId, port]);

/** Cards go by type, and files that have never been valid by path: one of those may be the card that a node misses. */
function fileWithErrors(cards: KnownCards): string | undefined {
  for (const [name, card] of cards)
    if (!card.manifest && card.diagnostics?.some((diagnostic) => diagnostic.severity === 'error')) return name;
  return undefined;
}

function cardProblem(
  node: ProjectedNode,
  card: KnownCard | undefined,
  suspect: string | undefined,
  idle: ReadonlySet<string>,
): Problem | undefined {
  const error = card?.diagnostics?.find((diagnostic) => diagnostic.severity === 'error');
  if (error && !(idle.has(node.id) && node.manifest)) {
    return {
      code: 'card/errors',
      severity: 'error',
      message: `The card "${node.card}" has errors: line ${error.line}: ${error.message} Open the card and mend it.`,
      nodeId: node.id,
    };
  }
  if (node.manifest) return undefined;
  if (card?.lost) return lostProblem(node, card.lost);
  return {
    code: 'card/unknown',
    severity: 'error',
    message:
      suspect === undefined
        ? `No card of this project has the type "${node.card}". Add a card file with this card_type, or delete the node.`
        : `No card of this project has the type "${node.card}". "${suspect}" has errors and may be the one: open it and mend it.`,
    nodeId: node.id,
  };
}

const lostProblem = (node: ProjectedNode, lost: LostCard): Problem => ({
  ...(lost.kind === 'renamed'
    ? { code: 'card/renamed', message: `The card type "${node.card}" is called "${lost.cardType}" now. Move its nodes to the new type.` }
    : { code: 'card/trashed', message: `The card of "${node.card}" is in the trash (${lost.path}). Restore it, or delete the node.` }),
  severity: 'error',
  nodeId: node.id,
});

function configProblems(node: ProjectedNode, manifest: CardManifest): Problem[] {
  return checkConfig(manifest.configFields, node.config).map(({ field, code, message }) => ({
    code: (code.startsWith('config/') ? code : `config/${code}`) as ProblemCode,
    severity: 'error',
    message,
    nodeId: node.id,
    field,
  }));
}

function missingInputs(node: ProjectedNode, manifest: CardManifest, fed: ReadonlySet<string>): Problem[] {
  return manifest.inputs
    .filter((input) => !fed.has(inputKey(node.id, input.name)))
    .map((input) => ({
      code: 'input/missing',
      severity: 'error',
      message: `The input "${input.name}" (${input.type}) of "${nodeLabel(node)}" is not connected. Draw a connection to it.`,
      nodeId: node.id,
      port: input.name,
    }));
}

function cycleProblems(nodes: ReadonlyMap<string, ProjectedNode>, edges: readonly ProjectedEdge[]): Problem[] {
  return topologyOf(nodes.keys(), edges).cycles.map((cycle) => ({
    code: 'pipeline/cycle',
    severity: 'error',
    message: `These nodes wait for each other and can never run: ${cycle.map((id) => `"${nodeLabel(nodes.get(id)!)}"`).join(', ')}. Remove a connection between them.`,
    nodeId: cycle[0]!,
  }));
}
