import { addFrame, addNote } from '@ensemble/pipeline';
import type { EditResult, Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { useReactFlow } from '@xyflow/react';
import { useCallback } from 'react';
import type { RefObject } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useCommands } from '../commands/command-registry.ts';
import { frameAround } from './frame-around.ts';
import { newNodeId } from './new-node-id.ts';

/** Adds notes and frames; `where` says where on the screen something goes that was asked for by key. */
export function useAnnotations(
  frame: RefObject<HTMLElement | null>,
  where: () => Point | undefined,
  selectOnly: (ids: readonly string[]) => void,
) {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const { screenToFlowPosition } = useReactFlow();
  const editItem = useEditorUi((ui) => ui.editItem);

  const added = useCallback(
    (id: string, result: EditResult) => {
      watch.flush();
      if (!result.ok) return notifications.show({ color: 'red', title: 'Not added', message: result.message });
      selectOnly([id]);
      return editItem(id);
    },
    [watch, selectOnly, editItem],
  );
  const note = useCallback(
    (at: Point) => {
      const id = newNodeId();
      const { x, y } = screenToFlowPosition(at);
      added(id, addNote(doc, { id, position: { x: Math.round(x), y: Math.round(y) } }, origin));
    },
    [doc, origin, screenToFlowPosition, added],
  );
  const around = useCallback(
    (at: Point) => {
      const id = newNodeId();
      const { x, y } = screenToFlowPosition(at);
      const chosen = frameAround(watch.view.get().graph, new Set(useEditorUi.getState().selectedNodes));
      added(id, addFrame(doc, { id, ...(chosen ?? { position: { x: Math.round(x), y: Math.round(y) } }) }, origin));
    },
    [doc, origin, watch, screenToFlowPosition, added],
  );
  const atPlace = (add: (at: Point) => void) => () => {
    const at = where();
    return at ? add(at) : false;
  };
  useCommands({
    'add.note': canEdit ? atPlace(note) : undefined,
    'add.frame': canEdit ? atPlace(around) : undefined,
    'item.edit': canEdit
      ? () => {
          const [only, second] = useEditorUi.getState().selectedNodes;
          const { notes, frames } = watch.view.get().graph;
          // Enter on a button of the canvas is meant for the button.
          const { activeElement } = document;
          const here =
            activeElement === document.body || activeElement === frame.current || activeElement?.matches('.react-flow__node') === true;
          if (second !== undefined || !here || ![...notes, ...frames].some(({ id }) => id === only)) return false;
          return editItem(only);
        }
      : undefined,
  });
  return { note, around };
}
