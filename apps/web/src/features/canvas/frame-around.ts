/** A frame that fits around what is selected. Pure. */
import type { Point, ProjectedGraph, Size } from '@ensemble/pipeline';
import { cardSize } from './geometry.ts';

const PADDING = 28;
/** Its title stands above what it holds. */
const FRAME_TITLE = 36;

interface Box {
  position: Point;
  size: Size;
}

function boxesOf({ nodes, notes, frames }: Pick<ProjectedGraph, 'nodes' | 'notes' | 'frames'>, ids: ReadonlySet<string>): Box[] {
  return [...nodes.map((node) => ({ id: node.id, position: node.position, size: cardSize(node) })), ...notes, ...frames].filter(({ id }) =>
    ids.has(id),
  );
}

/** Undefined around nothing. */
export function frameAround(graph: Pick<ProjectedGraph, 'nodes' | 'notes' | 'frames'>, ids: ReadonlySet<string>): Box | undefined {
  const boxes = boxesOf(graph, ids);
  if (boxes.length === 0) return undefined;
  const left = Math.min(...boxes.map(({ position }) => position.x)) - PADDING;
  const top = Math.min(...boxes.map(({ position }) => position.y)) - PADDING - FRAME_TITLE;
  const right = Math.max(...boxes.map(({ position, size }) => position.x + size.width)) + PADDING;
  const bottom = Math.max(...boxes.map(({ position, size }) => position.y + size.height)) + PADDING;
  return { position: { x: left, y: top }, size: { width: right - left, height: bottom - top } };
}
