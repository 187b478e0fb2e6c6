import { useCallback, useRef, useState } from 'react';
import type { KeyboardEvent, MouseEvent } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import type { PortPlace } from '../../shared/session/port-place.ts';
import { useCommands } from '../commands/command-registry.ts';

/**
 * Which port people look into. One pair of handlers for the whole canvas: thousands of ports need none of their own.
 * A drag from a port ends in no click on it, so drawing a connection opens nothing.
 */
export function usePortPeek() {
  const [place, setPlace] = useState<PortPlace>();
  const from = useRef<HTMLElement>(undefined);
  const close = useCallback(() => {
    setPlace(undefined);
    from.current?.focus({ preventScroll: true });
  }, []);
  const open = (handle: Element | null | undefined): boolean => {
    if (!(handle instanceof HTMLElement)) return false;
    const found = placeOf(handle);
    if (!found) return false;
    from.current = handle;
    setPlace(found);
    return true;
  };
  useCommands({
    'node.peek': () => {
      const [only, second] = useEditorUi.getState().selectedNodes;
      if (only === undefined || second !== undefined) return false;
      const node = document.querySelector(`.react-flow__node[data-id="${CSS.escape(only)}"]`);
      return open(node?.querySelector('.react-flow__handle.source') ?? node?.querySelector('.react-flow__handle'));
    },
  });
  return {
    place,
    close,
    onClick: (event: MouseEvent) => void open(handleOf(event.target)),
    onKeyDown: (event: KeyboardEvent) => {
      if ((event.key === 'Enter' || event.key === ' ') && open(handleOf(event.target))) event.preventDefault();
    },
  };
}

const handleOf = (target: EventTarget): Element | null => (target instanceof Element ? target.closest('.react-flow__handle') : null);

function placeOf(handle: Element): PortPlace | undefined {
  const nodeId = handle.getAttribute('data-nodeid');
  const port = handle.getAttribute('data-handleid');
  if (nodeId === null || port === null) return undefined;
  const { left, top, width, height } = handle.getBoundingClientRect();
  const side = handle.classList.contains('target') ? 'in' : 'out';
  return { nodeId, port, side, x: side === 'in' ? left - 6 : left + width + 6, y: top + height / 2 };
}
