import { fitsIntoEdge } from '@ensemble/pipeline';
import { useCallback, useRef } from 'react';
import type { RefObject } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { edgeUnder, markDropEdge } from './drop-edge.ts';
import type { CanvasNode } from './flow-nodes.ts';

/** A card without connections that is dragged over one goes into it when it is let go: shows which one, and remembers it. */
export function useSplice(frame: RefObject<HTMLElement | null>) {
  const { watch, cards } = usePipelineSession();
  const target = useRef<string>(undefined);

  const onNodeDrag = useCallback(
    (event: MouseEvent | TouchEvent | React.MouseEvent, node: CanvasNode, dragged: readonly CanvasNode[]) => {
      const { graph } = watch.view.get();
      const projected = dragged.length === 1 ? graph.nodes.find(({ id }) => id === node.id) : undefined;
      const manifest = projected && cards.get(projected.card)?.manifest;
      const point = 'clientX' in event ? event : event.touches[0];
      const connected = graph.edges.some((edge) => edge.source === node.id || edge.target === node.id);
      if (!manifest || !point || !frame.current || connected) return;
      const box = frame.current.querySelector(`.react-flow__node[data-id="${CSS.escape(node.id)}"]`)?.getBoundingClientRect();
      const middle = box ? [{ x: box.left + box.width / 2, y: box.top + box.height / 2 }] : [];
      const edge = edgeUnder([{ x: point.clientX, y: point.clientY }, ...middle]);
      target.current = edge !== undefined && fitsIntoEdge(graph, edge, manifest) ? edge : undefined;
      markDropEdge(frame.current, target.current);
    },
    [watch, cards, frame],
  );
  /** The connection to go into, once. */
  const take = useCallback((): string | undefined => {
    const edge = target.current;
    target.current = undefined;
    if (frame.current) markDropEdge(frame.current);
    return edge;
  }, [frame]);
  return { onNodeDrag, take };
}
