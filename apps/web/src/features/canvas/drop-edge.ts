/** The connection under what is dragged. Knows React Flow's markup, so that nobody else has to. */
import type { Point } from '@ensemble/pipeline';

const MARK = 'data-drop-target';

/** Id of the connection at the first of the points that has one, whatever lies above it. */
export function edgeUnder(points: readonly Point[]): string | undefined {
  for (const { x, y } of points) {
    for (const element of document.elementsFromPoint(x, y)) {
      const id = element.closest('.react-flow__edge')?.getAttribute('data-id');
      if (id) return id;
    }
  }
  return undefined;
}

/** Shows which connection the card would go into; call without an edge when the drag is over. */
export function markDropEdge(frame: Element, edgeId?: string): void {
  const marked = frame.querySelector(`[${MARK}]`);
  if ((marked?.getAttribute('data-id') ?? undefined) === edgeId) return;
  marked?.removeAttribute(MARK);
  if (edgeId !== undefined) frame.querySelector(`.react-flow__edge[data-id="${CSS.escape(edgeId)}"]`)?.setAttribute(MARK, '');
}
