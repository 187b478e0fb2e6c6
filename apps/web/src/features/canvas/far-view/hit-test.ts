/** What lies at a point of the canvas or in a rectangle of it, where nothing is an element of its own. Flow units; pure. */
import type { Point } from '@ensemble/pipeline';
import type { Box } from '../align-guides.ts';
import type { CanvasNode } from '../flow-nodes.ts';
import { FRAME_HANDLE } from '../geometry.ts';
import { labelHeight } from './label-size.ts';

/** What a click there is meant for: what is selected lies on top, then notes, cards, and titles of frames. */
export function itemAt(nodes: readonly CanvasNode[], point: Point, zoom: number): CanvasNode | undefined {
  let found: CanvasNode | undefined;
  for (let index = nodes.length - 1; index >= 0; index -= 1) {
    const node = nodes[index]!;
    if (found && !node.selected) continue;
    if (!covers(node, point, zoom)) continue;
    if (node.selected && node.type !== 'frame') return node;
    found ??= node;
  }
  return found;
}

/** Ids of what lies wholly in a rectangle, as a box selection wants it. */
export const idsInside = (nodes: readonly CanvasNode[], box: Box): string[] =>
  nodes
    .filter(
      ({ position: { x, y }, width = 0, height = 0 }) =>
        x >= box.x && y >= box.y && x + width <= box.x + box.width && y + height <= box.y + box.height,
    )
    .map(({ id }) => id);

/** Inside of a frame the canvas is as free as anywhere: only its title can be taken. */
function covers({ type, position, width = 0, height = 0 }: CanvasNode, { x, y }: Point, zoom: number): boolean {
  const top = type === 'frame' ? position.y - labelHeight(zoom) : position.y;
  const bottom = position.y + (type === 'frame' ? Math.min(height, FRAME_HANDLE) : height);
  return x >= position.x && x < position.x + width && y >= top && y < bottom;
}
