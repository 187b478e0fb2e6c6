import { useCallback, useSyncExternalStore } from 'react';
import type * as Y from 'yjs';
import { usePipelineSession } from './pipeline-session.ts';

const EVENTS = ['stack-item-added', 'stack-item-popped', 'stack-cleared', 'stack-item-updated'] as const;

/** My own last steps in one document. Keyboard and buttons use the same. */
export function useUndoOf(undo: Y.UndoManager | undefined, mayEdit: boolean) {
  const subscribe = useCallback(
    (listener: () => void) => {
      for (const event of EVENTS) undo?.on(event, listener);
      return () => {
        for (const event of EVENTS) undo?.off(event, listener);
      };
    },
    [undo],
  );
  const canUndo = useSyncExternalStore(subscribe, () => (undo?.undoStack.length ?? 0) > 0);
  const canRedo = useSyncExternalStore(subscribe, () => (undo?.redoStack.length ?? 0) > 0);
  return { canUndo: canUndo && mayEdit, canRedo: canRedo && mayEdit, undo: () => void undo?.undo(), redo: () => void undo?.redo() };
}

/** My own last steps on this canvas. */
export function useUndo() {
  const { undo, canEdit } = usePipelineSession();
  return useUndoOf(undo, canEdit);
}
