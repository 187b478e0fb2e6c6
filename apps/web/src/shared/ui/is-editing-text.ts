/** True when a key press belongs to a text field, an editor or a dialog and not to the page. */
export function isEditingText(target: EventTarget | null): boolean {
  return (
    target instanceof Element &&
    target.closest('input, textarea, select, [contenteditable="true"], [role="dialog"], [role="menu"], .monaco-editor') !== null
  );
}
