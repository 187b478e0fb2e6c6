/**
 * Connections that broke because a card lost a port or changed its type: which ports they could have meant, and putting them
 * there. Guesses by type and name only; knows nothing of how the card was before.
 */
import { canConnect } from '@ensemble/cards';
import type { Port } from '@ensemble/cards';
import type * as Y from 'yjs';
import { putEdges } from './connect.ts';
import { refuse } from './edit-result.ts';
import type { EditResult } from './edit-result.ts';
import { pipelineRoots } from './layout.ts';
import { compareText, edgeId } from './model.ts';
import type { EdgeEnds, KnownCards, ProjectedNode } from './model.ts';
import { editDistance } from './nearest-name.ts';
import { projectGraph } from './project-graph.ts';
import type { ProjectedGraph } from './project-graph.ts';
import type { ProjectedEdge } from './project-edges.ts';

type Graph = Pick<ProjectedGraph, 'nodes' | 'edges'>;

/** A broken connection and where it could go. */
export interface Remap {
  edgeId: string;
  ends: EdgeEnds;
}

interface Guess extends Remap {
  /** Lower is better; ties go by the order of the ports. */
  cost: number;
}

/** Where a broken edge could go, best guess first; empty for a sound one, and when no port of the two cards fits. */
export const remapOptions = (graph: Graph, id: string): Remap[] => guesses(reading(graph), id).map(withoutCost);

/**
 * The best guess for each of these edges, so that no two of them take one input. Edges for which nothing fits are left out.
 */
export function bestRemaps(graph: Graph, edgeIds: Iterable<string>): Remap[] {
  const known = reading(graph);
  const all = [...edgeIds].flatMap((id) => guesses(known, id));
  all.sort((a, b) => a.cost - b.cost || compareText(a.edgeId, b.edgeId));
  const chosen = new Map<string, Remap>();
  const taken = new Set<string>();
  for (const guess of all) {
    const input = inputKey(guess.ends);
    if (chosen.has(guess.edgeId) || taken.has(input)) continue;
    taken.add(input);
    chosen.set(guess.edgeId, withoutCost(guess));
  }
  return [...chosen.values()].sort((a, b) => compareText(a.edgeId, b.edgeId));
}

/** Broken edges at the nodes of one card type. */
export function brokenEdgesOf(graph: Graph, cardType: string): string[] {
  const nodes = new Set(graph.nodes.filter((node) => node.card === cardType).map((node) => node.id));
  return graph.edges.filter((edge) => edge.broken && (nodes.has(edge.source) || nodes.has(edge.target))).map((edge) => edge.id);
}

/** Puts broken edges where they can go, in one transaction. Those that were mended or removed meanwhile are passed over. */
export function remapEdges(doc: Y.Doc, remaps: readonly Remap[], cards: KnownCards, origin: unknown): EditResult<{ remapped: number }> {
  const known = reading(projectGraph(doc, cards));
  const taken = new Set<string>();
  const possible = remaps.filter(({ edgeId: id, ends }) => {
    const fits = guesses(known, id).some((guess) => edgeId(guess.ends) === edgeId(ends));
    if (!fits || taken.has(inputKey(ends))) return false;
    taken.add(inputKey(ends));
    return true;
  });
  if (possible.length === 0)
    return refuse('invalid', 'This connection is gone, mended already, or its ports have changed again. Look at it once more.');
  doc.transact(() => {
    for (const { edgeId: id } of possible) pipelineRoots(doc).edges.delete(id);
    putEdges(
      doc,
      possible.map(({ ends }) => ends),
      origin,
    );
  }, origin);
  return { ok: true, remapped: possible.length };
}

interface Reading {
  nodes: ReadonlyMap<string, ProjectedNode>;
  edges: ReadonlyMap<string, ProjectedEdge>;
  /** Input → the edges that arrive there. */
  fed: ReadonlyMap<string, readonly string[]>;
}

function reading({ nodes, edges }: Graph): Reading {
  const fed = new Map<string, string[]>();
  for (const edge of edges) {
    const present = fed.get(inputKey(edge));
    if (present) present.push(edge.id);
    else fed.set(inputKey(edge), [edge.id]);
  }
  return { nodes: new Map(nodes.map((node) => [node.id, node])), edges: new Map(edges.map((edge) => [edge.id, edge])), fed };
}

function guesses({ nodes, edges, fed }: Reading, id: string): Guess[] {
  const edge = edges.get(id);
  const source = nodes.get(edge?.source ?? '')?.manifest;
  const target = nodes.get(edge?.target ?? '')?.manifest;
  if (!edge?.broken || !source || !target) return [];
  const output = source.outputs.find((port) => port.name === edge.sourcePort);
  const input = target.inputs.find((port) => port.name === edge.targetPort);
  const all: Guess[] = [];
  for (const from of source.outputs) {
    // A port that is there stays, unless it is the types that do not fit: then one of the two ends moves.
    if (output && !input && from !== output) continue;
    for (const to of target.inputs) {
      if (input && !output && to !== input) continue;
      if (output && input && from !== output && to !== input) continue;
      const ends = { source: edge.source, sourcePort: from.name, target: edge.target, targetPort: to.name };
      if (!canConnect(from.type, to.type).ok || fed.get(inputKey(ends))?.some((other) => other !== id)) continue;
      all.push({ edgeId: id, ends, cost: costOf(edge, from, to) });
    }
  }
  return all.sort((a, b) => a.cost - b.cost);
}

/** The same type counts more than any name. */
const costOf = (edge: EdgeEnds, from: Port, to: Port): number =>
  (from.type === to.type ? 0 : 10) + unlike(edge.sourcePort, from.name) + unlike(edge.targetPort, to.name);

/** From 0, the same name, to 1, another one altogether. */
function unlike(wanted: string, name: string): number {
  const [a, b] = [wanted.toLowerCase(), name.toLowerCase()];
  if (a === b || a === '') return 0;
  const share = editDistance(a, b) / Math.max(a.length, b.length);
  return a.includes(b) || b.includes(a) ? Math.min(share, 0.3) : share;
}

const inputKey = ({ target, targetPort }: EdgeEnds): string => JSON.stringify([target, targetPort]);
const withoutCost = ({ edgeId: id, ends }: Guess): Remap => ({ edgeId: id, ends });
