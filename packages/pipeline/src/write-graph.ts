/** Puts a whole graph into a document in one transaction: imports, templates, paste. Checks everything before it writes anything. */
import type * as Y from 'yjs';
import { checkNewFrame, checkNewNote, frameEntry, noteEntry } from './annotation.ts';
import type { NewFrame, NewNote } from './annotation.ts';
import { putEdges } from './connect.ts';
import { checkNewNode, putNode } from './edit-nodes.ts';
import type { NewNode } from './edit-nodes.ts';
import { refuse } from './edit-result.ts';
import type { EditResult, Refusal } from './edit-result.ts';
import { LIMITS, isEmptyPipeline, pipelineRoots, putSchemaVersion } from './layout.ts';
import type { EdgeEnds } from './model.ts';
import { readEnds } from './read-pipeline.ts';
import { isAnnotation, isText } from './read-values.ts';

export interface GraphToWrite {
  nodes: readonly NewNode[];
  edges: readonly EdgeEnds[];
  notes?: readonly NewNote[];
  frames?: readonly NewFrame[];
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
    putSchemaVersion(doc);
    if (title !== undefined) pipelineRoots(doc).meta.set('title', title);
    return result;
  }, origin);
}

/** Beside what is there (paste, duplicate). Edges must end at nodes of the graph or of the document. */
export function insertGraph(doc: Y.Doc, graph: GraphToWrite, origin: unknown): EditResult {
  const { nodes } = pipelineRoots(doc);
  const { notes = [], frames = [] } = graph;
  const wrong = firstOf(graph.nodes, checkNewNode) ?? firstOf(notes, checkNewNote) ?? firstOf(frames, checkNewFrame);
  if (wrong) return wrong;
  const all = new Set<string>();
  for (const { id } of [...graph.nodes, ...notes, ...frames]) {
    if (nodes.has(id) || all.has(id)) return refuse('node-exists', `There is a node "${id}" already.`);
    all.add(id);
  }
  const ids = new Set(graph.nodes.map((node) => node.id));
  const canEnd = (id: string): boolean => ids.has(id) || (nodes.has(id) && !isAnnotation(nodes.get(id)));
  for (const edge of graph.edges) {
    if (!readEnds(edge)) return refuse('invalid', 'A connection needs two nodes and two ports.');
    const missing = [edge.source, edge.target].find((id) => !canEnd(id));
    if (missing !== undefined) return refuse('node-gone', `A connection ends at "${missing}", which is no node of the pipeline.`);
  }
  doc.transact(() => {
    for (const node of graph.nodes) putNode(doc, node);
    for (const note of notes) nodes.set(note.id, noteEntry(note));
    for (const frame of frames) nodes.set(frame.id, frameEntry(frame));
    putEdges(doc, graph.edges, origin);
  }, origin);
  return { ok: true };
}

function firstOf<Item>(items: readonly Item[], check: (item: Item) => Refusal | undefined): Refusal | undefined {
  for (const item of items) {
    const wrong = check(item);
    if (wrong) return wrong;
  }
  return undefined;
}
