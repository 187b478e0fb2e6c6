import { useEffect } from 'react';
import { isEditingText } from '../../shared/ui/is-editing-text.ts';
import { runCommand } from './command-registry.ts';
import { commandFor } from './keymap.ts';

/** The page's one key handler. What a text field, an editor or a dialog is given stays there. */
export function useCommandKeys(): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.isComposing) return;
      const command = commandFor(event);
      if (!command || command.native) return;
      if (command.anywhere ? inDialogOrCode(event.target) : isEditingText(event.target)) return;
      if (runCommand(command.id, { shift: event.shiftKey })) event.preventDefault();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
}

const inDialogOrCode = (target: EventTarget | null): boolean =>
  target instanceof Element && target.closest('[role="dialog"], [role="menu"], .monaco-editor') !== null;
