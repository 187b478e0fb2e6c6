import { moveNodes } from '@ensemble/pipeline';
import type { RefObject } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { beginMove } from './carry.ts';
import { itemsOf } from './geometry.ts';
import { useCommands } from '../commands/command-registry.ts';

const STEP = 5;
const BIG_STEP = 20;

/** Select all, select nothing, and arrow keys that move what is selected: presses in a row are one step of undo. */
export function useSelectionKeys(frame: RefObject<HTMLElement | null>, selectOnly: (ids: readonly string[]) => void): void {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const move =
    (x: number, y: number) =>
    ({ shift }: { shift: boolean }) => {
      const { selectedNodes } = useEditorUi.getState();
      const onCanvas = document.activeElement === document.body || frame.current?.contains(document.activeElement);
      if (selectedNodes.length === 0 || !onCanvas) return false;
      const chosen = new Set(selectedNodes);
      const step = shift ? BIG_STEP : STEP;
      const { graph } = watch.view.get();
      for (const id of beginMove(graph).carriedBy(selectedNodes)) chosen.add(id);
      const moves = itemsOf(graph)
        .filter((item) => chosen.has(item.id))
        .map(({ id, position }) => ({ id, position: { x: position.x + x * step, y: position.y + y * step } }));
      moveNodes(doc, moves, origin);
      watch.flush();
      return true;
    };
  useCommands({
    'select.all': () => selectOnly(itemsOf(watch.view.get().graph).map(({ id }) => id)),
    'select.none': () => {
      const { selectedNodes, selectedEdges } = useEditorUi.getState();
      return selectedNodes.length + selectedEdges.length > 0 && selectOnly([]);
    },
    ...(canEdit ? { 'move.left': move(-1, 0), 'move.right': move(1, 0), 'move.up': move(0, -1), 'move.down': move(0, 1) } : {}),
  });
}
