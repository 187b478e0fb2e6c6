/** What decides the result of a node together with everything upstream of it: equal text means the same result, run for run. Pure. */
import { passThrough } from './bypass.ts';
import type { EdgeEnds } from './model.ts';
import { pinnedFingerprints } from './pinned-version.ts';
import type { PinnedVersion } from './pinned-version.ts';
import type { ProjectedGraph } from './project-graph.ts';
import { shortHash } from './short-hash.ts';
import { topologyOf } from './topology.ts';

/** Of the nodes of a version that a run pinned. `taken`: nodes that were not executed there, with the lineage of the result they took. */
export const pinnedLineages = (version: PinnedVersion, taken?: ReadonlyMap<string, string>): Map<string, string> =>
  lineages(pinnedFingerprints(version), version.edges, taken);

/** Of the live graph as it is configured, whatever is pinned in it. */
export const liveLineages = (
  graph: Pick<ProjectedGraph, 'nodes' | 'edges'>,
  fingerprints: ReadonlyMap<string, string>,
): Map<string, string> => lineages(fingerprints, passThrough(graph.nodes, graph.edges).edges);

/** `edges` are those that remain between nodes that run. Nodes on or behind a cycle are missing. */
function lineages(
  fingerprints: ReadonlyMap<string, string>,
  edges: readonly EdgeEnds[],
  taken?: ReadonlyMap<string, string>,
): Map<string, string> {
  const { order, sources } = topologyOf(fingerprints.keys(), edges);
  const found = new Map<string, string>();
  for (const id of order) {
    const above = [...sources.get(id)!].sort().map((source) => found.get(source));
    found.set(id, taken?.get(id) ?? shortHash(JSON.stringify([fingerprints.get(id), above])));
  }
  return found;
}
