/** Puts a node into an edge: one connection becomes two. Decides where the wire fits; knows nothing of positions. */
import { canConnect } from '@ensemble/cards';
import type { CardManifest } from '@ensemble/cards';
import type * as Y from 'yjs';
import { putEdges } from './connect.ts';
import { checkNewNode, putNode } from './edit-nodes.ts';
import type { NewNode } from './edit-nodes.ts';
import { refuse } from './edit-result.ts';
import type { EditResult } from './edit-result.ts';
import { pipelineRoots } from './layout.ts';
import type { EdgeEnds, KnownCards } from './model.ts';
import { projectGraph } from './project-graph.ts';

type Ports = Pick<CardManifest, 'inputs' | 'outputs'>;

/** The input and the output of a card that fit into a wire between these types; the same type before any that may be connected. */
export function portsInto(card: Ports, from: string, to: string): { input: string; output: string } | undefined {
  const inputs = card.inputs.filter((port) => canConnect(from, port.type).ok);
  const outputs = card.outputs.filter((port) => canConnect(port.type, to).ok);
  const input = inputs.find((port) => port.type === from) ?? inputs[0];
  const output = outputs.find((port) => port.type === to) ?? outputs[0];
  return input && output ? { input: input.name, output: output.name } : undefined;
}

/** Adds a new node between the two ends of an edge, in one transaction. */
export function insertOnEdge(doc: Y.Doc, node: NewNode, edgeId: string, cards: KnownCards, origin: unknown): EditResult {
  const wrong = checkNewNode(node);
  if (wrong) return wrong;
  const { nodes, edges } = pipelineRoots(doc);
  if (nodes.has(node.id)) return refuse('node-exists', `There is a node "${node.id}" already.`);
  const graph = projectGraph(doc, cards);
  const edge = graph.edges.find((candidate) => candidate.id === edgeId);
  const card = cards.get(node.card)?.manifest;
  const from = graph.nodes.find((other) => other.id === edge?.source)?.manifest?.outputs.find((port) => port.name === edge?.sourcePort);
  const to = graph.nodes.find((other) => other.id === edge?.target)?.manifest?.inputs.find((port) => port.name === edge?.targetPort);
  if (!edge || !card || !from || !to)
    return refuse('invalid', 'This connection is gone, or broken. Add the card beside it and connect it.');
  const ports = portsInto(card, from.type, to.type);
  if (!ports) return refuse('type-mismatch', `"${card.displayName}" has no ports that fit between ${from.type} and ${to.type}.`);
  const both: EdgeEnds[] = [
    { source: edge.source, sourcePort: edge.sourcePort, target: node.id, targetPort: ports.input },
    { source: node.id, sourcePort: ports.output, target: edge.target, targetPort: edge.targetPort },
  ];
  doc.transact(() => {
    putNode(doc, node);
    edges.delete(edgeId);
    putEdges(doc, both, origin);
  }, origin);
  return { ok: true };
}
