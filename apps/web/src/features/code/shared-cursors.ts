/**
 * The cursors and selections of everybody in a card file: mine are shared, those of others drawn in their colours, with
 * names that can be read. Ignores what is typed.
 */
import { monaco } from './monaco-setup.ts';
import type * as Y from 'yjs';
import type { CardPeer, CardPresence } from '../../shared/session/card-presence.ts';
import { onceAFrame } from '../../shared/session/once-a-frame.ts';
import { encodePosition, spansOf } from './peer-positions.ts';
import { colorClass } from './color-class.ts';
import classes from './code.module.css';

type Editor = monaco.editor.ICodeEditor;

const MOST_SHARED = 12;
/** Afterwards only the line of the cursor stays: a name must not stand on the code that is read. */
const NAME_SHOWN_MS = 2_500;

export function openSharedCursors(editor: Editor, text: Y.Text, presence: CardPresence): { dispose(): void } {
  const model = editor.getModel()!;
  const marks = editor.createDecorationsCollection();
  const carets = new Map<string, Caret>();

  const shareSelections = () => {
    const selections = (editor.getSelections() ?? []).slice(0, MOST_SHARED).map((selection) => ({
      anchor: encodePosition(
        text,
        model.getOffsetAt({ lineNumber: selection.selectionStartLineNumber, column: selection.selectionStartColumn }),
      ),
      head: encodePosition(text, model.getOffsetAt(selection.getPosition())),
    }));
    presence.share({ selections });
  };
  const shareTop = () => {
    const top = editor.getVisibleRanges()[0]?.startLineNumber;
    if (top !== undefined) presence.share({ top });
  };

  const draw = () => {
    const decorations: monaco.editor.IModelDeltaDecoration[] = [];
    const present = new Set<string>();
    for (const peer of presence.peers.get()) {
      for (const [at, { from, to, head }] of spansOf(peer, text).entries()) {
        const key = `${peer.clientId} ${at}`;
        present.add(key);
        const range = monaco.Range.fromPositions(model.getPositionAt(from), model.getPositionAt(to));
        if (from !== to)
          decorations.push({
            range,
            options: { className: `${classes['theirSelection']} ${colorClass(peer.user.color)}`, isWholeLine: false },
          });
        const caret = carets.get(key) ?? makeCaret(editor, key, peer, at === 0);
        carets.set(key, caret);
        caret.moveTo(model.getPositionAt(head));
      }
    }
    marks.set(decorations);
    for (const [key, caret] of carets) {
      if (present.has(key)) continue;
      caret.remove();
      carets.delete(key);
    }
  };
  const { ask, cancel } = onceAFrame(draw);

  const listening = [
    editor.onDidChangeCursorSelection(shareSelections),
    editor.onDidScrollChange(shareTop),
    editor.onDidLayoutChange(shareTop),
    model.onDidChangeContent(ask),
  ];
  const forget = presence.peers.subscribe(ask);
  shareSelections();
  shareTop();
  ask();
  return {
    dispose() {
      cancel();
      forget();
      for (const listener of listening) listener.dispose();
      for (const caret of carets.values()) caret.remove();
      marks.clear();
      presence.share({ selections: [] });
    },
  };
}

interface Caret {
  moveTo(position: monaco.IPosition): void;
  remove(): void;
}

/** A line in the colour of the person; the first of theirs carries the name, for a moment after each move and under the pointer. */
function makeCaret(editor: Editor, key: string, { user }: CardPeer, named: boolean): Caret {
  const node = document.createElement('div');
  node.className = classes['theirCaret'] ?? '';
  node.style.setProperty('--person', user.color);
  if (named) {
    const label = document.createElement('span');
    label.className = classes['theirName'] ?? '';
    label.textContent = user.name;
    node.append(label);
  }
  let position: monaco.IPosition | undefined;
  let hiding: ReturnType<typeof setTimeout> | undefined;
  const widget: monaco.editor.IContentWidget = {
    getId: () => `ensemble.caret.${key}`,
    getDomNode: () => node,
    getPosition: () => (position ? { position, preference: [0 satisfies monaco.editor.ContentWidgetPositionPreference.EXACT] } : null),
  };
  editor.addContentWidget(widget);
  return {
    moveTo(next) {
      if (position?.lineNumber === next.lineNumber && position.column === next.column) return;
      position = next;
      node.style.height = `${editor.getOption(monaco.editor.EditorOption.lineHeight)}px`;
      node.toggleAttribute('data-below', next.lineNumber === 1);
      node.setAttribute('data-named', '');
      clearTimeout(hiding);
      hiding = setTimeout(() => node.removeAttribute('data-named'), NAME_SHOWN_MS);
      editor.layoutContentWidget(widget);
    },
    remove() {
      clearTimeout(hiding);
      editor.removeContentWidget(widget);
    },
  };
}
