import { useCallback, useSyncExternalStore } from 'react';
import { usePipelineSession } from './pipeline-session.ts';

const EVENTS = ['stack-item-added', 'stack-item-popped', 'stack-cleared', 'stack-item-updated'] as const;

/** My own last steps. Keyboard and buttons use the same. */
export function useUndo() {
  const { undo, canEdit } = usePipelineSession();
  const subscribe = useCallback(
    (listener: () => void) => {
      for (const event of EVENTS) undo.on(event, listener);
      return () => {
        for (const event of EVENTS) undo.off(event, listener);
      };
    },
    [undo],
  );
  const canUndo = useSyncExternalStore(subscribe, () => undo.undoStack.length > 0);
  const canRedo = useSyncExternalStore(subscribe, () => undo.redoStack.length > 0);
  return { canUndo: canUndo && canEdit, canRedo: canRedo && canEdit, undo: () => void undo.undo(), redo: () => void undo.redo() };
}
