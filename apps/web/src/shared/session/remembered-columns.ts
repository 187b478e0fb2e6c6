/** `knownColumns`, computed anew only when something that decides it changed: a pipeline is read again at every move of a card. Pure but for what it remembers. */
import { knownColumns } from '@ensemble/pipeline';
import type { ColumnSources, KnownColumns, ProjectedGraph } from '@ensemble/pipeline';

type Graph = Pick<ProjectedGraph, 'nodes' | 'edges'>;
type Fingerprints = ReadonlyMap<string, string>;

export function rememberedColumns(): (graph: Graph, fingerprints: Fingerprints, sources: ColumnSources) => KnownColumns {
  let last: { graph: Graph; fingerprints: Fingerprints; sources: ColumnSources; known: KnownColumns } | undefined;
  return (graph, fingerprints, sources) => {
    const same = last?.sources === sources && sameGraph(last.graph, graph) && sameEntries(last.fingerprints, fingerprints);
    // The new graph is kept, so that the old one can go.
    last = { graph, fingerprints, sources, known: same ? last!.known : knownColumns(graph, fingerprints, sources) };
    return last.known;
  };
}

/** Configs are in the fingerprints. */
const sameGraph = (a: Graph, b: Graph): boolean =>
  a.nodes.length === b.nodes.length &&
  a.edges.length === b.edges.length &&
  a.nodes.every(({ id, manifest, bypassed, pin }, index) => {
    const other = b.nodes[index]!;
    return id === other.id && manifest === other.manifest && bypassed === other.bypassed && pin?.runId === other.pin?.runId;
  }) &&
  a.edges.every(({ id, broken }, index) => id === b.edges[index]!.id && broken === b.edges[index]!.broken);

function sameEntries(a: Fingerprints, b: Fingerprints): boolean {
  if (a.size !== b.size) return false;
  for (const [id, fingerprint] of a) if (b.get(id) !== fingerprint) return false;
  return true;
}
