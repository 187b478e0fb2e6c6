/** What would mend a broken connection, in words for people. Pure. */
import { bestRemaps, brokenEdgesOf, nodeLabel, remapOptions } from '@ensemble/pipeline';
import type { EdgeEnds, ProjectedGraph, ProjectedNode, Remap } from '@ensemble/pipeline';

export interface EdgeFixes {
  /** Best guess first. */
  options: { remap: Remap; label: string }[];
  /** The best guesses for all connections that the same card broke, when those are several. */
  all: { remaps: Remap[]; cardName: string } | undefined;
}

export function edgeFixes(graph: ProjectedGraph, edgeId: string): EdgeFixes {
  const edge = graph.edges.find(({ id }) => id === edgeId);
  if (!edge?.broken) return { options: [], all: undefined };
  const options = remapOptions(graph, edgeId).map((remap) => ({ remap, label: labelOf(edge, remap.ends) }));
  const culprit = culpritOf(graph, edge);
  const remaps = culprit ? bestRemaps(graph, brokenEdgesOf(graph, culprit.card)) : [];
  const cardName = culprit ? (culprit.manifest?.displayName ?? nodeLabel(culprit)) : '';
  return { options, all: remaps.length > 1 ? { remaps, cardName } : undefined };
}

function labelOf(edge: EdgeEnds, to: EdgeEnds): string {
  if (to.sourcePort === edge.sourcePort) return `Connect to “${to.targetPort}”`;
  if (to.targetPort === edge.targetPort) return `Connect from “${to.sourcePort}”`;
  return `Connect “${to.sourcePort}” to “${to.targetPort}”`;
}

/** The node that lacks a port; where none does, the one that the connection arrives at. */
function culpritOf(graph: ProjectedGraph, edge: EdgeEnds): ProjectedNode | undefined {
  const source = graph.nodes.find(({ id }) => id === edge.source);
  const target = graph.nodes.find(({ id }) => id === edge.target);
  return source?.manifest && !source.manifest.outputs.some(({ name }) => name === edge.sourcePort) ? source : target;
}
