/** A frame that is moved carries what lies in it. Pure. */
import { nodesInFrame } from '@ensemble/pipeline';
import type { Point, ProjectedGraph } from '@ensemble/pipeline';
import { cardSize, itemsOf } from './geometry.ts';
import type { LocalChange } from './snap.ts';

/** Where everything was when a move began, and what moves along. */
export interface MoveStart {
  positionOf(id: string): Point | undefined;
  /** Ids in the frames among these. */
  carriedBy(ids: Iterable<string>): ReadonlySet<string>;
}

export function beginMove(graph: Pick<ProjectedGraph, 'nodes' | 'notes' | 'frames'>): MoveStart {
  const positions = new Map(itemsOf(graph).map((item) => [item.id, item.position]));
  const inside = new Map<string, string[]>();
  const insideOf = (frameId: string): string[] => {
    let ids = inside.get(frameId);
    if (!ids) inside.set(frameId, (ids = nodesInFrame(graph, frameId, cardSize)));
    return ids;
  };
  return {
    positionOf: (id) => positions.get(id),
    carriedBy(ids) {
      const moved = new Set(ids);
      const carried = new Set<string>();
      for (const id of moved) for (const other of insideOf(id)) if (!moved.has(other)) carried.add(other);
      return carried;
    },
  };
}

/** The changes with those of everything that is carried, by as much as its frame moves. */
export function withCarried(changes: readonly LocalChange[], start: MoveStart): LocalChange[] {
  const moved = changes.flatMap((change) => (change.type === 'position' ? [change.id] : []));
  const all: LocalChange[] = [...changes];
  const done = new Set(moved);
  for (const change of changes) {
    const from = start.positionOf(change.type === 'position' ? change.id : '');
    if (change.type !== 'position' || !change.position || !from) continue;
    for (const id of start.carriedBy([change.id])) {
      const was = start.positionOf(id);
      if (!was || done.has(id)) continue;
      done.add(id);
      const position = { x: was.x + change.position.x - from.x, y: was.y + change.position.y - from.y };
      all.push({ id, type: 'position', position, ...(change.dragging === undefined ? {} : { dragging: change.dragging }) });
    }
  }
  return all;
}
