import { getViewportForBounds, useReactFlow } from '@xyflow/react';
import type { Viewport } from '@xyflow/react';
import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { RefObject } from 'react';
import { boundsOf } from './draw-overview.ts';
import type { CanvasNode } from './flow-nodes.ts';

export const LEAST_ZOOM = 0.1;
const FIT = { mostZoom: 1, padding: 0.15 };
const EMPTY: Viewport = { x: 0, y: 0, zoom: 1 };

/**
 * Brings nodes into the window, whether React Flow holds them or not. `start` is where the canvas opens: known before React
 * Flow is there, so that it never draws what then is elsewhere.
 */
export function useViews(frame: RefObject<HTMLElement | null>, nodes: readonly CanvasNode[], duration: number) {
  const { setViewport } = useReactFlow();
  const [start, setStart] = useState<Viewport>();
  const nodesNow = useRef(nodes);
  useEffect(() => {
    nodesNow.current = nodes;
  }, [nodes]);

  const viewOf = useCallback(
    (shown: readonly CanvasNode[]): Viewport => {
      const box = frame.current?.getBoundingClientRect();
      if (!box || shown.length === 0) return EMPTY;
      return getViewportForBounds(boundsOf(shown), box.width, box.height, LEAST_ZOOM, FIT.mostZoom, FIT.padding);
    },
    [frame],
  );
  useLayoutEffect(() => setStart((before) => before ?? viewOf(nodesNow.current)), [viewOf]);

  const show = useCallback(
    (shown: readonly CanvasNode[]) => void setViewport(viewOf(shown), { duration }),
    [setViewport, viewOf, duration],
  );
  const showAll = useCallback(() => {
    if (nodesNow.current.length > 0) show(nodesNow.current);
  }, [show]);
  return { start, show, showAll };
}
