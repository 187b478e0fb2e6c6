import { LIMITS, noteText, setNoteText } from '@ensemble/pipeline';
import { useCallback, useEffect, useRef } from 'react';
import type { KeyboardEvent } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { usePresence } from '../../shared/session/presence.ts';
import classes from './annotation.module.css';
import { mergeText, movedCaret } from './merge-text.ts';

/**
 * A note as it is typed, by several people at once: every key goes into the shared text, and what colleagues type
 * appears without moving my caret off its word. While an input method composes a word, both wait for its end.
 */
export function NoteEditor({ id, text }: { id: string; text: string }) {
  const { doc, origin, undo, watch } = usePipelineSession();
  const presence = usePresence();
  const editItem = useEditorUi((ui) => ui.editItem);
  const field = useRef<HTMLTextAreaElement>(null);
  /** The shared text as the field last showed it. */
  const shown = useRef(text);

  const show = useCallback((next: string) => {
    const area = field.current;
    if (!area) return;
    const before = area.value;
    const [start, end] = [movedCaret(before, next, area.selectionStart), movedCaret(before, next, area.selectionEnd)];
    if (before !== next) {
      area.value = next;
      area.setSelectionRange(start, end);
    }
    shown.current = next;
  }, []);
  const send = () => {
    const area = field.current;
    const present = noteText(doc, id)?.toJSON();
    if (!area || present === undefined) return;
    const merged = mergeText(shown.current, area.value, present);
    if (setNoteText(doc, id, merged, origin).ok) show(merged);
    watch.flush();
  };
  const composing = useRef(false);

  useEffect(() => {
    if (!composing.current && field.current?.value === shown.current) show(text);
  }, [text, show]);
  useEffect(() => {
    const area = field.current;
    area?.focus({ preventScroll: true });
    area?.setSelectionRange(area.value.length, area.value.length);
    presence.share({ editing: { nodeId: id, field: 'text' } });
    return () => presence.share({ editing: null });
  }, [presence, id]);

  const onKey = (event: KeyboardEvent) => {
    event.stopPropagation();
    const mod = event.ctrlKey || event.metaKey;
    const key = event.key.toLowerCase();
    if (event.key === 'Escape' && !composing.current) {
      event.preventDefault();
      const node = field.current?.closest<HTMLElement>('.react-flow__node');
      editItem(undefined);
      node?.focus({ preventScroll: true });
    } else if (mod && (key === 'z' || key === 'y')) {
      // The browser's own undo would take back what colleagues typed.
      event.preventDefault();
      if (key === 'y' || event.shiftKey) undo.redo();
      else undo.undo();
      watch.flush();
    }
  };
  return (
    <textarea
      ref={field}
      className={`${classes['editor']} nodrag nowheel nopan`}
      aria-label="Text of the note, in markdown"
      placeholder="Write markdown: # heading, **bold**, - list"
      defaultValue={text}
      maxLength={LIMITS.noteText}
      onChange={() => !composing.current && send()}
      onCompositionStart={() => (composing.current = true)}
      onCompositionEnd={() => {
        composing.current = false;
        send();
      }}
      onKeyDown={onKey}
      onBlur={() => editItem(undefined)}
    />
  );
}
