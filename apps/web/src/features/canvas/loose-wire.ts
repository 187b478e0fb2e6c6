/** What a wire that was dropped on nothing may still become. Pure. */
import type { ProjectedGraph } from '@ensemble/pipeline';
import type { FinalConnectionState } from '@xyflow/react';
import type { LooseWire } from '../commands/find-cards.ts';

/** Undefined when it was dropped on a node, or starts at an input that has its connection already. */
export function looseWire(
  graph: ProjectedGraph,
  { toNode, fromHandle }: Pick<FinalConnectionState, 'toNode' | 'fromHandle'>,
): LooseWire | undefined {
  if (toNode || !fromHandle?.id) return undefined;
  const { nodeId, id, type: side } = fromHandle;
  const manifest = graph.nodes.find((node) => node.id === nodeId)?.manifest;
  const port = (side === 'source' ? manifest?.outputs : manifest?.inputs)?.find((candidate) => candidate.name === id);
  if (!port || (side === 'target' && graph.edges.some((edge) => edge.target === nodeId && edge.targetPort === id))) return undefined;
  return { nodeId, port, side };
}
