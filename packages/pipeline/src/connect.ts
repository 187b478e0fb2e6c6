/**
 * Drawing and removing edges. The same check answers a person who holds a wire over a port and the edit itself;
 * it cannot see what colleagues draw at the same moment, so the projection checks everything again.
 */
import { canConnect } from '@ensemble/cards';
import type * as Y from 'yjs';
import { nodeGone, refuse } from './edit-result.ts';
import type { EditResult, Refusal } from './edit-result.ts';
import { pipelineRoots } from './layout.ts';
import { edgeId, nodeLabel } from './model.ts';
import type { EdgeEnds, KnownCards } from './model.ts';
import { projectGraph } from './project-graph.ts';
import type { ProjectedGraph } from './project-graph.ts';
import { readEnds } from './read-pipeline.ts';

type Graph = Pick<ProjectedGraph, 'nodes' | 'edges' | 'notes' | 'frames'>;

/** Why this connection may not be drawn; `undefined` when it may, or when it is there already. */
export function checkConnection(graph: Graph, ends: EdgeEnds): Refusal | undefined {
  if (!readEnds(ends)) return refuse('invalid', 'A connection needs two nodes and two ports.');
  if (ends.source === ends.target) return refuse('self-edge', 'A node cannot be connected to itself.');
  const source = graph.nodes.find((node) => node.id === ends.source);
  const target = graph.nodes.find((node) => node.id === ends.target);
  if (!source) return noEnd(graph, ends.source);
  if (!target) return noEnd(graph, ends.target);
  const output = source.manifest?.outputs.find((port) => port.name === ends.sourcePort);
  const input = target.manifest?.inputs.find((port) => port.name === ends.targetPort);
  if (!output) return refuse('unknown-port', `"${nodeLabel(source)}" has no output "${ends.sourcePort}".`);
  if (!input) return refuse('unknown-port', `"${nodeLabel(target)}" has no input "${ends.targetPort}".`);
  const fit = canConnect(output.type, input.type);
  if (!fit.ok) return refuse('type-mismatch', fit.reason);
  const taken = graph.edges.find((edge) => edge.target === ends.target && edge.targetPort === ends.targetPort);
  if (taken) {
    if (taken.source === ends.source && taken.sourcePort === ends.sourcePort) return undefined;
    return refuse('input-taken', `The input "${input.name}" of "${nodeLabel(target)}" is connected already. Remove that connection first.`);
  }
  if (reaches(graph.edges, ends.target, ends.source)) {
    return refuse('cycle', `"${nodeLabel(target)}" already feeds "${nodeLabel(source)}", so this connection would close a circle.`);
  }
  return undefined;
}

function noEnd(graph: Graph, id: string): Refusal {
  const isNote = [...graph.notes, ...graph.frames].some((annotation) => annotation.id === id);
  return isNote ? refuse('invalid', 'Only cards can be connected, not notes and frames.') : nodeGone(id);
}

/** Drawing an edge that is there already succeeds and changes nothing. */
export function connect(doc: Y.Doc, ends: EdgeEnds, cards: KnownCards, origin: unknown): EditResult<{ edgeId: string }> {
  const wrong = checkConnection(projectGraph(doc, cards), ends);
  if (wrong) return wrong;
  return { ok: true, edgeId: putEdges(doc, [ends], origin)[0]! };
}

/** An edge that is gone already counts as removed. Takes any key of the `edges` map, so that unreadable ones can be removed. */
export function disconnect(doc: Y.Doc, edgeIds: readonly string[], origin: unknown): EditResult<{ removed: number }> {
  const { edges } = pipelineRoots(doc);
  const present = edgeIds.filter((id) => edges.has(id));
  if (present.length > 0) doc.transact(() => present.forEach((id) => edges.delete(id)), origin);
  return { ok: true, removed: present.length };
}

/** Writes edges that were checked; ids in the order given. */
export function putEdges(doc: Y.Doc, all: readonly EdgeEnds[], origin: unknown): string[] {
  const { edges } = pipelineRoots(doc);
  return doc.transact(
    () =>
      all.map(({ source, sourcePort, target, targetPort }) => {
        const id = edgeId({ source, sourcePort, target, targetPort });
        if (!edges.has(id)) edges.set(id, { source, sourcePort, target, targetPort });
        return id;
      }),
    origin,
  );
}

function reaches(edges: readonly EdgeEnds[], from: string, to: string): boolean {
  const targets = new Map<string, string[]>();
  for (const edge of edges) {
    const list = targets.get(edge.source);
    if (list) list.push(edge.target);
    else targets.set(edge.source, [edge.target]);
  }
  const seen = new Set([from]);
  const open = [from];
  while (open.length > 0) {
    for (const next of targets.get(open.pop()!) ?? []) {
      if (next === to) return true;
      if (!seen.has(next)) {
        seen.add(next);
        open.push(next);
      }
    }
  }
  return false;
}
