import { useEffect, useRef } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';

/** For the box around a field's input: takes the cursor when somebody asked for this field, say from the list of problems. */
export function useWantedFocus(nodeId: string, field: string) {
  const box = useRef<HTMLDivElement>(null);
  const wanted = useEditorUi((ui) => ui.wantedField?.nodeId === nodeId && ui.wantedField.field === field);
  const fieldFocused = useEditorUi((ui) => ui.fieldFocused);
  useEffect(() => {
    if (!wanted) return;
    box.current?.querySelector<HTMLElement>('input, textarea, select, button')?.focus();
    fieldFocused();
  }, [wanted, fieldFocused]);
  return box;
}
