/** Everything a node could be connected to, for people who do not drag. Pure. */
import { checkConnection, nodeLabel } from '@ensemble/pipeline';
import type { EdgeEnds, ProjectedGraph } from '@ensemble/pipeline';

export interface ConnectionOption {
  ends: EdgeEnds;
  /** "train of Split → train_data of Train". */
  label: string;
  type: string;
}

/** Connections that may be drawn from or to this node and are not there yet; outgoing ones first. */
export function connectionOptions(graph: ProjectedGraph, nodeId: string): ConnectionOption[] {
  const node = graph.nodes.find((candidate) => candidate.id === nodeId);
  if (!node) return [];
  const present = new Set(graph.edges.map(keyOf));
  const options: ConnectionOption[] = [];
  for (const other of graph.nodes) {
    if (other.id === nodeId) continue;
    for (const [source, target] of [[node, other] as const, [other, node] as const]) {
      for (const output of source.manifest?.outputs ?? []) {
        for (const input of target.manifest?.inputs ?? []) {
          const ends = { source: source.id, sourcePort: output.name, target: target.id, targetPort: input.name };
          if (present.has(keyOf(ends)) || checkConnection(graph, ends)) continue;
          options.push({
            ends,
            type: output.type,
            label: `${output.name} of ${nodeLabel(source)} → ${input.name} of ${nodeLabel(target)}`,
          });
        }
      }
    }
  }
  return options.sort((a, b) => Number(b.ends.source === nodeId) - Number(a.ends.source === nodeId));
}

const keyOf = (ends: EdgeEnds): string => JSON.stringify([ends.source, ends.sourcePort, ends.target, ends.targetPort]);
