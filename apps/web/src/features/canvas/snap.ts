/** Snapping of one dragged node to others. Pure. */
import type { NodeChange } from '@xyflow/react';
import { alignGuides } from './align-guides.ts';
import type { Box, Guide } from './align-guides.ts';
import type { CanvasNode } from './flow-nodes.ts';

/** How near, in flow units, a card must come to another's edge or middle to snap to it. */
const SNAP = 6;
export const NO_GUIDES: readonly Guide[] = [];

export type LocalChange = NodeChange<CanvasNode>;

/** While one card is dragged it snaps to others; where it is let go stays where it was last seen. */
export function snap(
  changes: LocalChange[],
  nodes: readonly CanvasNode[],
  alongWithIt: ReadonlySet<string>,
): { changes: LocalChange[]; guides: readonly Guide[] } {
  const moves = changes.filter((change) => change.type === 'position');
  const [move] = moves;
  const moving = nodes.find((node) => node.id === move?.id);
  // A drag only: the keys move a card by steps that people chose.
  if (moves.length !== 1 || !move?.position || !moving || (!move.dragging && !moving.dragging)) return { changes, guides: NO_GUIDES };
  const others = nodes.filter((node) => node !== moving && !alongWithIt.has(node.id)).map(boxOf);
  const { dx, dy, guides } = alignGuides({ ...boxOf(moving), ...move.position }, others, SNAP);
  const position = { x: move.position.x + dx, y: move.position.y + dy };
  return {
    changes: changes.map((change) => (change === move ? { ...move, position } : change)),
    guides: move.dragging ? guides : NO_GUIDES,
  };
}

const boxOf = ({ position, width = 0, height = 0 }: CanvasNode): Box => ({ ...position, width, height });
