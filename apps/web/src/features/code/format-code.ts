import type { OpenCode } from './code-editor.tsx';
import { formatCode } from './code-checker.ts';
import { minimalEdits } from './minimal-edits.ts';

const TRIES = 3;

/**
 * Writes the code as Ruff would, by the smallest edits, as one step of undo. Colleagues who type meanwhile lose nothing:
 * what was made for another text than the present one is made anew. Rejects with a sentence where the code is no Python.
 */
export async function formatOpenCode({ editor, binding }: OpenCode): Promise<void> {
  const model = editor.getModel();
  if (!model || !binding) return;
  for (let tried = 0; tried < TRIES; tried += 1) {
    const before = model.getValue();
    const version = model.getVersionId();
    const after = await formatCode(before);
    if (model.isDisposed()) return;
    if (model.getVersionId() !== version) continue;
    const edits = minimalEdits(before, after).map(({ offset, length, text }) => {
      const [start, end] = [model.getPositionAt(offset), model.getPositionAt(offset + length)];
      const range = {
        startLineNumber: start.lineNumber,
        startColumn: start.column,
        endLineNumber: end.lineNumber,
        endColumn: end.column,
      };
      return { range, text, forceMoveMarkers: false };
    });
    if (edits.length > 0) binding.asOneStep(() => editor.executeEdits('ensemble.format', edits));
    return;
  }
  throw new Error('Somebody types too fast to format now; try again in a moment.');
}
