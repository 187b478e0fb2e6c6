import { setPin } from '@ensemble/pipeline';
import type { Pin, ProjectedNode } from '@ensemble/pipeline';
import type { RunDocumentStep } from '@ensemble/protocol';
import { notifications } from '@mantine/notifications';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useRunView } from '../../shared/session/run-view.ts';

/** The result of a step as it can be pinned. One that was pinned itself is named by the run that made it. */
export const pinOf = (runId: string | undefined, step: RunDocumentStep | undefined): Pin | undefined =>
  runId === undefined || step?.state !== 'succeeded' ? undefined : { runId: step.pinnedFrom?.runId ?? runId };

/** Pins nodes to their results of the run that is shown, and unpins them. */
export function usePins() {
  const { doc, origin, watch } = usePipelineSession();
  const { runId, stepOf } = useRunView();
  const pin = (ids: readonly string[]): boolean => {
    const found = ids.flatMap((id) => {
      const to = pinOf(runId, stepOf(id).get());
      return to ? [{ id, to }] : [];
    });
    // Results may come from several runs; it is one step to undo all the same.
    doc.transact(() => {
      for (const { id, to } of found) setPin(doc, [id], to, origin);
    }, origin);
    watch.flush();
    return found.length > 0;
  };
  const unpin = (ids: readonly string[]): void => {
    setPin(doc, ids, undefined, origin);
    watch.flush();
  };
  /** The command: all selected cards pinned, or none of them any more. False: no card is selected. */
  const toggleSelected = (): boolean => {
    const chosen = new Set(useEditorUi.getState().selectedNodes);
    const nodes: ProjectedNode[] = watch.view.get().graph.nodes.filter((node) => chosen.has(node.id));
    if (nodes.length === 0) return false;
    const ids = nodes.map((node) => node.id);
    if (nodes.every((node) => node.pin)) unpin(ids);
    else if (!pin(ids.filter((id) => !nodes.find((node) => node.id === id)?.pin))) {
      notifications.show({
        title: 'Nothing was pinned',
        message: 'A result can be pinned once the card has succeeded in the run that is shown. Run the pipeline first.',
      });
    }
    return true;
  };
  return { pin, unpin, toggleSelected };
}
