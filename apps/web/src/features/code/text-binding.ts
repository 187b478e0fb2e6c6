/**
 * Keeps an editor's text equal to a shared one, both ways and at once, with an undo that takes back this person's steps only.
 * Ignores cursors of others and where the shared text comes from. Why it is our own: docs/decisions/0008.
 */
import type * as monaco from 'monaco-editor/editor';
import * as Y from 'yjs';
import { editsOfDelta, isIrregular, regularEdits, shiftSpan, spanningEdit } from './text-edits.ts';
import type { TextEdit } from './text-edits.ts';

type Model = monaco.editor.ITextModel;
type View = Pick<
  monaco.editor.ICodeEditor,
  'getSelections' | 'setSelections' | 'getVisibleRanges' | 'getTopForLineNumber' | 'getScrollTop' | 'setScrollTop' | 'revealPosition'
>;

export interface TextBinding {
  readonly undo: Y.UndoManager;
  /** What is done within is one step of undo, and nothing before or after belongs to it. */
  asOneStep(change: () => void): void;
  dispose(): void;
}

interface BindOptions {
  text: Y.Text;
  model: Model;
  /** Its selections and its scroll position stay where they are while others edit. */
  view?: View | undefined;
  mayWrite: boolean;
}

const REGULAR = { name: 'line ends made regular' };
/** Longer than colleagues' keystrokes are apart: the comparison of whole texts is for what no event tells. */
const COMPARE_AFTER_MS = 1_000;

export function bindText({ text, model, view, mayWrite }: BindOptions): TextBinding {
  const doc = text.doc!;
  const origin = { name: 'code editor' };
  const undo = new Y.UndoManager(text, { trackedOrigins: new Set([origin]) });
  /** The model changes because the shared text did. */
  let following = false;
  let lastKind: 'insert' | 'delete' | undefined;
  let comparing: ReturnType<typeof setTimeout> | undefined;

  /** Edits of the shared text reach the model in one go, so that nobody sees half of them. */
  function follow(edits: readonly TextEdit[]): void {
    if (edits.length === 0) return;
    const keep = view && keepView(model, view, edits);
    const operations = edits.map(({ offset, length, text: inserted }) => ({
      range: rangeOf(model, offset, offset + length),
      text: inserted,
      forceMoveMarkers: false,
    }));
    following = true;
    try {
      model.applyEdits(operations);
      // Monaco would go on to join what is typed before and after into one step of the history that we do not use.
      model.pushStackElement();
    } finally {
      following = false;
    }
    keep?.();
  }

  /** Makes the model equal to the shared text, whatever happened. */
  function agree(): void {
    let shared = text.toJSON();
    if (isIrregular(shared)) {
      if (mayWrite) doc.transact(() => write(text, regularEdits(shared)), REGULAR);
      shared = mayWrite ? text.toJSON() : regular(shared);
    }
    const edit = spanningEdit(model.getValue(), shared);
    if (edit) follow([edit]);
  }

  const onText = (event: Y.YTextEvent) => {
    const { origin: by } = event.transaction;
    if (by === origin || by === REGULAR) return;
    const edits = editsOfDelta(event.delta);
    const strange = edits.some((edit) => edit.text.includes('\r') || edit.text.includes('\uFEFF'));
    if (strange || (!mayWrite && model.getValueLength() + grown(edits) !== text.length)) agree();
    else follow(edits);
    if (model.getValueLength() !== text.length) agree();
    // Yjs replaces a character that is cut in half on both sides and tells of one: rare, and seen by comparing only.
    clearTimeout(comparing);
    comparing = setTimeout(agree, COMPARE_AFTER_MS);
    if (by === undo && view) showLast(model, view, edits);
  };

  const onModel = (event: monaco.editor.IModelContentChangedEvent) => {
    if (following) return;
    if (event.isFlush || event.isEolChange || !mayWrite) {
      agree();
      return;
    }
    const edits = event.changes
      .map((change) => ({ offset: change.rangeOffset, length: change.rangeLength, text: change.text.replaceAll(/\r\n?/g, '\n') }))
      .sort((a, b) => a.offset - b.offset);
    divideSteps(edits);
    doc.transact(() => write(text, edits), origin);
    if (model.getValueLength() !== text.length) agree();
  };

  /** Typing is one step until it pauses, ends a line or turns into deleting; whatever changes more at once is its own. */
  function divideSteps(edits: readonly TextEdit[]): void {
    const kind = edits.every((edit) => edit.text === '') ? 'delete' : 'insert';
    if (kind !== lastKind || edits.some((edit) => edit.text.length > 2 || edit.text.includes('\n') || edit.length > 1))
      undo.stopCapturing();
    lastKind = kind;
  }

  // Every way to undo in Monaco, its keys on each system and its commands, ends at these four methods of the model.
  const own = { undo: model.undo, redo: model.redo, canUndo: model.canUndo, canRedo: model.canRedo };
  const step = (take: () => unknown) => () => {
    lastKind = undefined;
    undo.stopCapturing();
    take();
  };
  Object.assign(model, {
    undo: step(() => undo.undo()),
    redo: step(() => undo.redo()),
    canUndo: () => undo.canUndo(),
    canRedo: () => undo.canRedo(),
  });

  // Offsets count one character per line end.
  following = true;
  model.setEOL(0 satisfies monaco.editor.EndOfLineSequence.LF);
  following = false;
  agree();
  text.observe(onText);
  const listening = model.onDidChangeContent(onModel);

  return {
    undo,
    asOneStep(change) {
      undo.stopCapturing();
      change();
      undo.stopCapturing();
      lastKind = undefined;
    },
    dispose() {
      clearTimeout(comparing);
      listening.dispose();
      text.unobserve(onText);
      undo.destroy();
      Object.assign(model, own);
    },
  };
}

/** From the last to the first, so that the offsets of those before stay true. */
function write(text: Y.Text, edits: readonly TextEdit[]): void {
  for (const { offset, length, text: inserted } of edits.toReversed()) {
    if (length > 0) text.delete(offset, length);
    if (inserted !== '') text.insert(offset, inserted);
  }
}

const grown = (edits: readonly TextEdit[]): number => edits.reduce((sum, edit) => sum + edit.text.length - edit.length, 0);
const regular = (text: string): string => text.replace(/^\uFEFF/, '').replaceAll(/\r\n?/g, '\n');

function rangeOf(model: Model, from: number, to: number): monaco.IRange {
  const start = model.getPositionAt(from);
  const end = from === to ? start : model.getPositionAt(to);
  return { startLineNumber: start.lineNumber, startColumn: start.column, endLineNumber: end.lineNumber, endColumn: end.column };
}

/** Remembers selections and the line at the top; the function puts them back after the edits. */
function keepView(model: Model, view: View, edits: readonly TextEdit[]): () => void {
  const offsetOf = (lineNumber: number, column: number) => model.getOffsetAt({ lineNumber, column });
  const spans = (view.getSelections() ?? []).map((selection) => {
    const anchor = offsetOf(selection.selectionStartLineNumber, selection.selectionStartColumn);
    const head = offsetOf(selection.positionLineNumber, selection.positionColumn);
    return { ...shiftSpan({ from: Math.min(anchor, head), to: Math.max(anchor, head) }, edits), backwards: head < anchor };
  });
  const topLine = view.getVisibleRanges()[0]?.startLineNumber;
  const top = topLine === undefined ? undefined : { offset: offsetOf(topLine, 1), pixels: view.getTopForLineNumber(topLine) };
  return () => {
    const selections = spans.map(({ from, to, backwards }): monaco.ISelection => {
      const start = model.getPositionAt(backwards ? to : from);
      const end = model.getPositionAt(backwards ? from : to);
      return {
        selectionStartLineNumber: start.lineNumber,
        selectionStartColumn: start.column,
        positionLineNumber: end.lineNumber,
        positionColumn: end.column,
      };
    });
    const now = view.getSelections() ?? [];
    // Setting what is there already would close lists of suggestions under the hands of whoever types.
    if (selections.length > 0 && (now.length !== selections.length || now.some((one, at) => !sameSelection(one, selections[at]!))))
      view.setSelections(selections, 'follow');
    if (top && view.getScrollTop() > 0) {
      const line = model.getPositionAt(shiftSpan({ from: top.offset, to: top.offset }, edits).from).lineNumber;
      const moved = view.getTopForLineNumber(line) - top.pixels;
      if (moved !== 0) view.setScrollTop(view.getScrollTop() + moved, 1 satisfies monaco.editor.ScrollType.Immediate);
    }
  };
}

const sameSelection = (a: monaco.ISelection, b: monaco.ISelection): boolean =>
  a.selectionStartLineNumber === b.selectionStartLineNumber &&
  a.selectionStartColumn === b.selectionStartColumn &&
  a.positionLineNumber === b.positionLineNumber &&
  a.positionColumn === b.positionColumn;

/** After an undo the cursor goes to where it happened. */
function showLast(model: Model, view: View, edits: readonly TextEdit[]): void {
  const last = edits.at(-1);
  if (!last) return;
  const { lineNumber, column } = model.getPositionAt(last.offset + grown(edits) + last.length);
  view.setSelections([
    { selectionStartLineNumber: lineNumber, selectionStartColumn: column, positionLineNumber: lineNumber, positionColumn: column },
  ]);
  view.revealPosition({ lineNumber, column });
}
