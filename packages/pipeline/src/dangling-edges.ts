/**
 * Edges whose node is gone: a colleague wired a node while another deleted it. The projection hides them at once;
 * the server removes those that stay so for long. Edges to a port that a card lost are not dangling and are kept.
 */
import type * as Y from 'yjs';
import { pipelineRoots } from './layout.ts';
import { compareText } from './model.ts';
import { readEnds } from './read-pipeline.ts';
import { isAnnotation } from './read-values.ts';

const leadsNowhere = (nodes: Y.Map<unknown>, id: string): boolean => !nodes.has(id) || isAnnotation(nodes.get(id));

/** How long the server waits, in milliseconds: long enough for an undo of the deletion. */
export const DANGLING_GRACE_MS = 30_000;

/** Ids in code-unit order. Unreadable edges and edges to unreadable nodes are not among them: those are people's to mend. */
export function danglingEdges(doc: Y.Doc): string[] {
  const { nodes, edges } = pipelineRoots(doc);
  const dangling: string[] = [];
  for (const [id, value] of edges.entries()) {
    const ends = readEnds(value);
    if (ends && (leadsNowhere(nodes, ends.source) || leadsNowhere(nodes, ends.target))) dangling.push(id);
  }
  return dangling.sort(compareText);
}

/**
 * Removes edges that have been dangling since `graceMs` before `now`, in one transaction.
 * Call it every few seconds with the same `since` (edge id → time first seen dangling, kept up to date here).
 * @returns ids of the edges removed
 */
export function sweepDanglingEdges(
  doc: Y.Doc,
  since: Map<string, number>,
  now: number,
  origin: unknown,
  graceMs = DANGLING_GRACE_MS,
): string[] {
  const dangling = danglingEdges(doc);
  const present = new Set(dangling);
  for (const id of since.keys()) if (!present.has(id)) since.delete(id);
  for (const id of dangling) if (!since.has(id)) since.set(id, now);
  const due = dangling.filter((id) => now - since.get(id)! >= graceMs);
  if (due.length > 0) {
    const { edges } = pipelineRoots(doc);
    doc.transact(() => due.forEach((id) => edges.delete(id)), origin);
    for (const id of due) since.delete(id);
  }
  return due;
}
