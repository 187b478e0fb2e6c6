/** Where the columns of a node's input may be known from: outputs and files upstream, nearest first. Pure. */
import type { ProjectedGraph } from '@ensemble/pipeline';

export type UpstreamTable =
  | { kind: 'output'; nodeId: string; port: string }
  /** A node that reads a file of the project. */
  | { kind: 'file'; sha256: string; name: string };

/** `port` undefined: whatever table comes in first. Goes on through cards that have not run, whose tables are often much the same. */
export function upstreamTables(graph: Pick<ProjectedGraph, 'nodes' | 'edges'>, nodeId: string, port: string | undefined): UpstreamTable[] {
  const found: UpstreamTable[] = [];
  const seen = new Set([nodeId]);
  let layer = graph.edges.filter(
    ({ target, targetPort, type }) => target === nodeId && (port === undefined ? type === 'dataframe' : targetPort === port),
  );
  while (layer.length > 0) {
    const sources: string[] = [];
    for (const { source, sourcePort } of layer) {
      found.push({ kind: 'output', nodeId: source, port: sourcePort });
      if (seen.has(source)) continue;
      seen.add(source);
      sources.push(source);
      const config = graph.nodes.find(({ id }) => id === source)?.config ?? {};
      for (const value of Object.values(config)) {
        if (typeof value !== 'object' || value === null || Array.isArray(value)) continue;
        const { $file: sha256, name } = value;
        if (typeof sha256 === 'string' && typeof name === 'string') found.push({ kind: 'file', sha256, name });
      }
    }
    layer = graph.edges.filter(({ target, type }) => type === 'dataframe' && sources.includes(target));
  }
  return found;
}
