import { moveNodes, resizeNode } from '@ensemble/pipeline';
import { notifications } from '@mantine/notifications';
import type { ELK } from 'elkjs/lib/elk-api.js';
import elkWorkerUrl from 'elkjs/lib/elk-worker.min.js?url';
import { useEffect, useRef } from 'react';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useCommands } from '../commands/command-registry.ts';
import { tidyAnnotations } from './tidy-annotations.ts';
import { tidyLayout } from './tidy-layout.ts';

/** Tidies the selected cards, or all of them, as one step of undo. ELK is loaded at the first use and works in a worker of its own. */
export function useTidy(onTidied: () => void): void {
  const { doc, origin, undo, watch, canEdit } = usePipelineSession();
  const elk = useRef<Promise<ELK>>(undefined);
  const busy = useRef(false);
  useEffect(
    () => () => {
      void elk.current?.then((opened) => opened.terminateWorker());
      elk.current = undefined;
    },
    [],
  );
  const tidy = async () => {
    if (busy.current) return;
    busy.current = true;
    try {
      elk.current ??= openElk();
      const { selectedNodes } = useEditorUi.getState();
      const { graph } = watch.view.get();
      const moves = await tidyLayout(await elk.current, graph, selectedNodes.length > 1 ? new Set(selectedNodes) : undefined);
      if (moves.length === 0) return;
      const annotations = tidyAnnotations(graph, moves);
      // A drag of the same nodes just before or after is a step of its own.
      undo.stopCapturing();
      doc.transact(() => {
        moveNodes(doc, [...moves, ...annotations.moves], origin);
        for (const { id, size } of annotations.sizes) resizeNode(doc, id, size, origin);
      }, origin);
      undo.stopCapturing();
      watch.flush();
      onTidied();
    } catch {
      elk.current = undefined;
      notifications.show({
        color: 'red',
        title: 'Not tidied',
        message: 'The layout could not be worked out. Reload the page and try again.',
      });
    } finally {
      busy.current = false;
    }
  };
  useCommands({ 'canvas.tidy': canEdit ? () => void tidy() : undefined });
}

async function openElk(): Promise<ELK> {
  const { default: Elk } = await import('elkjs/lib/elk-api.js');
  return new Elk({ workerUrl: elkWorkerUrl });
}
