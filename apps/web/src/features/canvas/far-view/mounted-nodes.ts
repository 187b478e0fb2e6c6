/**
 * Which nodes are elements of the page while the far view is painted: what somebody has in hand, and the stops next to the
 * keyboard focus, so that Tab goes from node to node as it does close up. Pure.
 */
import type { CanvasNode } from '../flow-nodes.ts';

interface InHand {
  /** Under the pointer, or held by it. What moves along with what is held is painted. */
  hovered: string | undefined;
  /** Where the keyboard focus is, or was. */
  focused: string | undefined;
  /** What is edited, searched for, or has its toolbar open. */
  others: readonly (string | undefined)[];
}

export function mountedNodes(nodes: readonly CanvasNode[], { hovered, focused, others }: InHand): CanvasNode[] {
  const wanted = new Set([hovered, focused, ...others]);
  const stop = focused === undefined ? -1 : nodes.findIndex(({ id }) => id === focused);
  const last = nodes.length - 1;
  return nodes.filter(
    (node, index) =>
      index === 0 ||
      index === last ||
      (stop >= 0 && Math.abs(index - stop) <= 1) ||
      wanted.has(node.id) ||
      (node.type !== 'card' && node.resizing === true),
  );
}
