/** Puts a whole graph into a document in one transaction: imports, templates, paste. Checks everything before it writes anything. */
import type * as Y from 'yjs';
import { putEdges } from './connect.ts';
import { checkNewNode, putNode } from './edit-nodes.ts';
import type { NewNode } from './edit-nodes.ts';
import { refuse } from './edit-result.ts';
import type { EditResult } from './edit-result.ts';
import { LIMITS, SCHEMA_VERSION, isEmptyPipeline, pipelineRoots } from './layout.ts';
import type { EdgeEnds } from './model.ts';
import { isText, readEnds } from './read-pipeline.ts';

export interface GraphToWrite {
  nodes: readonly NewNode[];
  edges: readonly EdgeEnds[];
}

/** Into an empty document only: nothing of a pipeline is ever overwritten by an import. */
export function writeGraph(doc: Y.Doc, graph: GraphToWrite & { title?: string }, origin: unknown): EditResult {
  if (!isEmptyPipeline(doc)) return refuse('not-empty', 'This pipeline is not empty. Import into a new one.');
  const { title } = graph;
  if (title !== undefined && !isText(title, LIMITS.titleLength))
    return refuse('invalid', `A title has at most ${LIMITS.titleLength} characters.`);
  return doc.transact(() => {
    const result = insertGraph(doc, graph, origin);
    if (!result.ok) return result;
    const { meta } = pipelineRoots(doc);
    if (!meta.has('schemaVersion')) meta.set('schemaVersion', SCHEMA_VERSION);
    if (title !== undefined) meta.set('title', title);
    return result;
  }, origin);
}

/** Beside what is there (paste, duplicate). Edges must end at nodes of the graph or of the document. */
export function insertGraph(doc: Y.Doc, graph: GraphToWrite, origin: unknown): EditResult {
  const { nodes } = pipelineRoots(doc);
  const ids = new Set<string>();
  for (const node of graph.nodes) {
    const wrong = checkNewNode(node);
    if (wrong) return wrong;
    if (nodes.has(node.id) || ids.has(node.id)) return refuse('node-exists', `There is a node "${node.id}" already.`);
    ids.add(node.id);
  }
  for (const edge of graph.edges) {
    if (!readEnds(edge)) return refuse('invalid', 'A connection needs two nodes and two ports.');
    const missing = [edge.source, edge.target].find((id) => !ids.has(id) && !nodes.has(id));
    if (missing !== undefined) return refuse('node-gone', `A connection ends at "${missing}", which is no node of the pipeline.`);
  }
  doc.transact(() => {
    for (const node of graph.nodes) putNode(doc, node);
    putEdges(doc, graph.edges, origin);
  }, origin);
  return { ok: true };
}
