/** A frame that is moved carries what lies in it. Pure. */
import { nodesInFrame } from '@ensemble/pipeline';
import type { Point, ProjectedGraph } from '@ensemble/pipeline';
import type { CanvasNode } from './flow-nodes.ts';
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

/** The changes with those of everything else that is selected, by as much as the selected node that they move. */
export function withSelected(
  changes: readonly LocalChange[],
  nodes: readonly Pick<CanvasNode, 'id' | 'selected'>[],
  start: MoveStart,
): LocalChange[] {
  const named = new Set(changes.flatMap((change) => (change.type === 'position' ? [change.id] : [])));
  const selected = nodes.filter((node) => node.selected).map(({ id }) => id);
  const held = changes.find((change) => change.type === 'position' && change.position && selected.includes(change.id));
  return held
    ? [
        ...changes,
        ...alongWith(
          held,
          selected.filter((id) => !named.has(id)),
          start,
        ),
      ]
    : [...changes];
}

/** The changes with those of everything that is carried, by as much as its frame moves. */
export function withCarried(changes: readonly LocalChange[], start: MoveStart): LocalChange[] {
  const moved = changes.flatMap((change) => (change.type === 'position' ? [change.id] : []));
  const all: LocalChange[] = [...changes];
  const done = new Set(moved);
  for (const change of changes) {
    if (change.type !== 'position') continue;
    const carried = [...start.carriedBy([change.id])].filter((id) => !done.has(id));
    for (const id of carried) done.add(id);
    all.push(...alongWith(change, carried, start));
  }
  return all;
}

/** Changes that move these as far as another change moves its node. */
function alongWith(change: LocalChange, ids: readonly string[], start: MoveStart): LocalChange[] {
  const from = change.type === 'position' ? start.positionOf(change.id) : undefined;
  if (change.type !== 'position' || !change.position || !from) return [];
  const [dx, dy] = [change.position.x - from.x, change.position.y - from.y];
  return ids.flatMap((id) => {
    const was = start.positionOf(id);
    if (!was) return [];
    const position = { x: was.x + dx, y: was.y + dy };
    return [{ id, type: 'position', position, ...(change.dragging === undefined ? {} : { dragging: change.dragging }) }];
  });
}
