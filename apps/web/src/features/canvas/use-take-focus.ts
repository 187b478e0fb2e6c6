import { useEffect } from 'react';
import type { RefObject } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';

/** A node is drawn a moment after the canvas has moved to it. */
const MOST_FRAMES = 60;

/** Puts the keyboard focus on a node that somebody went to by keyboard, as soon as it is drawn. */
export function useTakeFocus(frame: RefObject<HTMLElement | null>): void {
  const focus = useEditorUi((ui) => ui.focus);
  useEffect(() => {
    if (!focus?.takeFocus) return undefined;
    let waited = 0;
    let next = 0;
    const look = () => {
      const node = frame.current?.querySelector<HTMLElement>(`.react-flow__node[data-id="${CSS.escape(focus.nodeId)}"]`);
      if (node) node.focus({ preventScroll: true });
      else if (waited++ < MOST_FRAMES) next = requestAnimationFrame(look);
    };
    next = requestAnimationFrame(look);
    return () => cancelAnimationFrame(next);
  }, [focus, frame]);
}
