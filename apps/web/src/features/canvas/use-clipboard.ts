import { clipText, copyNodes, freshGraph, insertGraph, placedIn, readClip, removeNodes } from '@ensemble/pipeline';
import type { Clip, Point } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import { useReactFlow } from '@xyflow/react';
import { useEffect, useRef } from 'react';
import type { RefObject } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { isEditingText } from '../../shared/ui/is-editing-text.ts';
import { useCommands } from '../commands/command-registry.ts';
import { newNodeId } from './new-node-id.ts';
import { pasteOffset } from './paste-offset.ts';

/**
 * Copy, cut, paste and duplicate. The keys come as the browser's own clipboard events, which need no permission and work
 * without https; the palette of commands uses `navigator.clipboard` where there is one.
 */
export function useClipboard(pointer: RefObject<Point | undefined>, selectOnly: (ids: readonly string[]) => void): void {
  const { doc, origin, watch, canEdit } = usePipelineSession();
  const { screenToFlowPosition } = useReactFlow();
  /** How often the same text was pasted at the same place: copies do not hide each other. */
  const repeated = useRef({ key: '', times: 0 });

  const selection = (): Clip | undefined => {
    const { selectedNodes } = useEditorUi.getState();
    const clip = copyNodes(watch.view.get().graph, new Set(selectedNodes));
    return placedIn(clip).length > 0 ? clip : undefined;
  };
  const insert = (clip: Clip, by: Point) => {
    const graph = freshGraph(clip, newNodeId, by);
    const result = insertGraph(doc, graph, origin);
    watch.flush();
    if (result.ok) selectOnly(placedIn(graph).map((item) => item.id));
    else notifications.show({ color: 'red', title: 'Not pasted', message: result.message });
  };
  const cut = (clip: Clip) => {
    removeNodes(
      doc,
      placedIn(clip).map((item) => item.id),
      origin,
    );
    watch.flush();
  };
  const paste = (text: string): boolean => {
    const clip = readClip(text);
    if (!canEdit || !clip || placedIn(clip).length === 0) return false;
    const at = pointer.current && screenToFlowPosition(pointer.current);
    const key = JSON.stringify([text, at]);
    repeated.current = { key, times: repeated.current.key === key ? repeated.current.times + 1 : 0 };
    insert(clip, pasteOffset(placedIn(clip), at, repeated.current.times));
    return true;
  };
  const duplicate = () => {
    const clip = selection();
    if (!clip) return false;
    insert(clip, pasteOffset(placedIn(clip), undefined, 0));
    return true;
  };

  useCommands({
    'edit.copy': () => {
      const clip = selection();
      return clip ? void writeText(clipText(clip)) : false;
    },
    'edit.cut': canEdit
      ? () => {
          const clip = selection();
          if (!clip) return false;
          // Nothing is removed that did not reach the clipboard.
          return void writeText(clipText(clip)).then((written) => written && cut(clip));
        }
      : undefined,
    'edit.paste': canEdit
      ? () =>
          void readText().then((text) => {
            if (text !== undefined && !paste(text))
              notifications.show({ title: 'Nothing to paste', message: 'Copy cards of a pipeline first; the clipboard holds none.' });
          })
      : undefined,
    'edit.duplicate': canEdit ? duplicate : undefined,
  });

  useEffect(() => {
    const onTake = (event: ClipboardEvent) => {
      // Marked text on the page is what people want to copy then.
      if (isEditingText(event.target) || document.getSelection()?.isCollapsed === false) return;
      const clip = selection();
      if (!clip || (event.type === 'cut' && !canEdit)) return;
      event.preventDefault();
      event.clipboardData?.setData('text/plain', clipText(clip));
      if (event.type === 'cut') cut(clip);
    };
    const onPaste = (event: ClipboardEvent) => {
      if (!isEditingText(event.target) && paste(event.clipboardData?.getData('text/plain') ?? '')) event.preventDefault();
    };
    document.addEventListener('copy', onTake);
    document.addEventListener('cut', onTake);
    document.addEventListener('paste', onPaste);
    return () => {
      document.removeEventListener('copy', onTake);
      document.removeEventListener('cut', onTake);
      document.removeEventListener('paste', onPaste);
    };
  });
}

/** Refused by the browser, or missing altogether on plain http. */
async function writeText(text: string): Promise<boolean> {
  try {
    await navigator.clipboard.writeText(text);
    return true;
  } catch {
    notifications.show({ color: 'red', title: 'Not copied', message: 'This browser does not let the page copy. Press Ctrl+C instead.' });
    return false;
  }
}

async function readText(): Promise<string | undefined> {
  try {
    return await navigator.clipboard.readText();
  } catch {
    notifications.show({ color: 'red', title: 'Not pasted', message: 'This browser does not let the page paste. Press Ctrl+V instead.' });
    return undefined;
  }
}
