/** Puts a new or an unconnected node into an edge: one connection becomes two. Decides where the wire fits; knows nothing of positions. */
import { canConnect } from '@ensemble/cards';
import type { CardManifest } from '@ensemble/cards';
import type * as Y from 'yjs';
import { putEdges } from './connect.ts';
import { checkNewNode, putNode } from './edit-nodes.ts';
import type { NewNode } from './edit-nodes.ts';
import { nodeGone, refuse } from './edit-result.ts';
import type { EditResult } from './edit-result.ts';
import { pipelineRoots } from './layout.ts';
import { nodeLabel } from './model.ts';
import type { EdgeEnds, KnownCards } from './model.ts';
import { projectGraph } from './project-graph.ts';
import type { ProjectedGraph } from './project-graph.ts';

type Graph = Pick<ProjectedGraph, 'nodes' | 'edges'>;
type Ports = Pick<CardManifest, 'inputs' | 'outputs'>;

/** The input and the output of a card that fit into a wire between these types; the same type before any that may be connected. */
export function portsInto(card: Ports, from: string, to: string): { input: string; output: string } | undefined {
  const inputs = card.inputs.filter((port) => canConnect(from, port.type).ok);
  const outputs = card.outputs.filter((port) => canConnect(port.type, to).ok);
  const input = inputs.find((port) => port.type === from) ?? inputs[0];
  const output = outputs.find((port) => port.type === to) ?? outputs[0];
  return input && output ? { input: input.name, output: output.name } : undefined;
}

/** Whether a card fits into this edge of the graph as it is now. */
export const fitsIntoEdge = (graph: Graph, edgeId: string, card: CardManifest): boolean => wireThrough(graph, edgeId, '', card).ok;

/** Adds a new node between the two ends of an edge, in one transaction. */
export function insertOnEdge(doc: Y.Doc, node: NewNode, edgeId: string, cards: KnownCards, origin: unknown): EditResult {
  const wrong = checkNewNode(node);
  if (wrong) return wrong;
  if (pipelineRoots(doc).nodes.has(node.id)) return refuse('node-exists', `There is a node "${node.id}" already.`);
  const wires = wireThrough(projectGraph(doc, cards), edgeId, node.id, cards.get(node.card)?.manifest);
  if (!wires.ok) return wires;
  doc.transact(() => {
    putNode(doc, node);
    replaceEdge(doc, edgeId, wires.both, origin);
  }, origin);
  return { ok: true };
}

/** Puts a node that has no connections yet between the two ends of an edge, in one transaction. */
export function spliceNode(doc: Y.Doc, nodeId: string, edgeId: string, cards: KnownCards, origin: unknown): EditResult {
  const graph = projectGraph(doc, cards);
  const node = graph.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return nodeGone(nodeId);
  if (graph.edges.some((edge) => edge.source === nodeId || edge.target === nodeId))
    return refuse('input-taken', `"${nodeLabel(node)}" has connections already. Remove them first.`);
  const wires = wireThrough(graph, edgeId, nodeId, node.manifest);
  if (!wires.ok) return wires;
  doc.transact(() => replaceEdge(doc, edgeId, wires.both, origin), origin);
  return { ok: true };
}

/** The two edges that would take the place of one, with a node in between. */
function wireThrough(graph: Graph, edgeId: string, nodeId: string, card: CardManifest | undefined): EditResult<{ both: EdgeEnds[] }> {
  const edge = graph.edges.find((candidate) => candidate.id === edgeId);
  const from = graph.nodes.find((other) => other.id === edge?.source)?.manifest?.outputs.find((port) => port.name === edge?.sourcePort);
  const to = graph.nodes.find((other) => other.id === edge?.target)?.manifest?.inputs.find((port) => port.name === edge?.targetPort);
  if (!edge || !card || !from || !to)
    return refuse('invalid', 'This connection is gone, or broken. Add the card beside it and connect it.');
  const ports = portsInto(card, from.type, to.type);
  if (!ports) return refuse('type-mismatch', `"${card.displayName}" has no ports that fit between ${from.type} and ${to.type}.`);
  return {
    ok: true,
    both: [
      { source: edge.source, sourcePort: edge.sourcePort, target: nodeId, targetPort: ports.input },
      { source: nodeId, sourcePort: ports.output, target: edge.target, targetPort: edge.targetPort },
    ],
  };
}

function replaceEdge(doc: Y.Doc, edgeId: string, by: readonly EdgeEnds[], origin: unknown): void {
  pipelineRoots(doc).edges.delete(edgeId);
  putEdges(doc, by, origin);
}
