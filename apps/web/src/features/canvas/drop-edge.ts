/** The connection under a card that is dragged from the palette. Knows React Flow's markup, so that nobody else has to. */
import type { Point } from '@ensemble/pipeline';

const MARK = 'data-drop-target';

/** Edge id. */
export const edgeAt = ({ x, y }: Point): string | undefined => elementAt(x, y)?.getAttribute('data-id') ?? undefined;

/** Shows which connection the card would go into; call without a point when the drag is over. */
export function markDropEdge(frame: Element, point?: Point): void {
  const edge = point && elementAt(point.x, point.y);
  for (const marked of frame.querySelectorAll(`[${MARK}]`)) if (marked !== edge) marked.removeAttribute(MARK);
  if (edge && !edge.hasAttribute(MARK)) edge.setAttribute(MARK, '');
}

const elementAt = (x: number, y: number): Element | undefined => document.elementFromPoint(x, y)?.closest('.react-flow__edge') ?? undefined;
