import { useStore, useStoreApi } from '@xyflow/react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { FocusEvent, MouseEvent } from 'react';
import { flushSync } from 'react-dom';
import { onceAFrame } from '../../../shared/session/once-a-frame.ts';
import { useEditorUi } from '../../../shared/session/editor-ui.ts';
import type { CardFlowEdge } from '../flow-edges.ts';
import type { CanvasNode } from '../flow-nodes.ts';
import { FAR } from './far-context.ts';
import { idsInside, itemAt } from './hit-test.ts';
import { mountedNodes } from './mounted-nodes.ts';

const NO_EDGES: CardFlowEdge[] = [];

/**
 * Far away React Flow holds only the nodes that somebody has in hand; the rest is painted. A node becomes an element as soon
 * as the pointer is over it, so that clicks, drags, menus and the keyboard work as they do close up.
 */
export function useFarView(nodes: CanvasNode[], edges: CardFlowEdge[], startsFar: boolean, selectOnly: (ids: readonly string[]) => void) {
  const store = useStoreApi<CanvasNode, CardFlowEdge>();
  // A wire in the hand needs the ports it came from.
  const far = useStore(({ panZoom, transform, connection }) => (panZoom ? transform[2] < FAR : startsFar) && !connection.inProgress);
  const [hovered, setHovered] = useState<string>();
  const [focused, setFocused] = useState<string>();
  const only = useEditorUi((ui) => (ui.selectedNodes.length === 1 ? ui.selectedNodes[0] : undefined));
  const edited = useEditorUi((ui) => ui.editedItem);
  const wanted = useEditorUi((ui) => ui.focus?.nodeId);
  const now = useRef({ nodes, far, hovered });
  useEffect(() => {
    now.current = { nodes, far, hovered };
  });
  const pointer = useRef<{ x: number; y: number }>(undefined);

  const under = useCallback(
    ({ x, y }: { x: number; y: number }): CanvasNode | undefined => {
      const { domNode, transform } = store.getState();
      const box = domNode?.getBoundingClientRect();
      if (!box || !now.current.far) return undefined;
      const [left, top, zoom] = transform;
      return itemAt(now.current.nodes, { x: (x - box.left - left) / zoom, y: (y - box.top - top) / zoom }, zoom);
    },
    [store],
  );
  const hover = useCallback(() => {
    const id = now.current.far && pointer.current ? under(pointer.current)?.id : undefined;
    if (id !== now.current.hovered) setHovered(id);
  }, [under]);

  // The canvas can move away under a pointer that rests.
  useEffect(() => {
    if (!far) return undefined;
    const { ask, cancel } = onceAFrame(hover);
    ask();
    const stop = store.subscribe(({ transform, paneDragging }, before) => {
      if (transform !== before.transform && !paneDragging) ask();
    });
    return () => {
      stop();
      cancel();
    };
  }, [far, store, hover]);

  // React Flow sees only what it holds: what lies in the box of a selection is found here.
  useEffect(() => {
    if (!far) return undefined;
    return store.subscribe(({ userSelectionActive, userSelectionRect: rect, transform: [x, y, zoom] }, before) => {
      if (!userSelectionActive || !rect || rect === before.userSelectionRect) return;
      const box = { x: (rect.x - x) / zoom, y: (rect.y - y) / zoom, width: rect.width / zoom, height: rect.height / zoom };
      selectOnly(idsInside(now.current.nodes, box));
    });
  }, [far, store, selectOnly]);

  const flowNodes = useMemo(
    () => (far ? mountedNodes(nodes, { hovered, focused, others: [only, edited, wanted] }) : nodes),
    [far, nodes, hovered, focused, only, edited, wanted],
  );

  return {
    far,
    flowNodes,
    flowEdges: far ? NO_EDGES : edges,
    /** What a click at a point of the screen is meant for, in the far view. */
    under,
    onMouseMove: ({ clientX: x, clientY: y, buttons }: MouseEvent) => {
      pointer.current = { x, y };
      // What is held stays.
      if (!now.current.far || buttons !== 0 || under({ x, y })?.id === now.current.hovered) return;
      // The button may go down at once.
      flushSync(hover);
    },
    onMouseLeave: () => {
      pointer.current = undefined;
    },
    // The canvas may go far away while a node is held.
    onMouseDown: ({ target }: MouseEvent) => {
      const id = nodeOf(target);
      if (id) setHovered(id);
    },
    onFocus: ({ target }: FocusEvent) => {
      const id = nodeOf(target);
      if (id) setFocused(id);
    },
  };
}

const nodeOf = (target: EventTarget): string | undefined =>
  (target instanceof Element ? target.closest('.react-flow__node')?.getAttribute('data-id') : undefined) ?? undefined;
