import { isFinalRunState } from '@ensemble/protocol';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiFailure, sentenceOf } from '../../shared/api/api-client.ts';
import { api } from '../../shared/api/api.ts';
import { keys } from '../../shared/api/queries.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useRunView } from '../../shared/session/run-view.ts';
import { settled } from '../../shared/session/settled.ts';

/** Starting and cancelling runs of the open pipeline, with the refusals explained. */
export function useRunControl() {
  const { pipelineId, live, watch } = usePipelineSession();
  const { runId, meta } = useRunView();
  const { showPanel, chooseRun, focusNode } = useEditorUi();
  const client = useQueryClient();
  const refused = (title: string) => (error: unknown) => {
    notifications.show({ color: 'red', title, message: sentenceOf(error), autoClose: 8_000 });
  };
  const start = useMutation({
    mutationFn: async () => {
      // The run pins what the server has: let my last edits arrive first.
      await settled(() => live.facts.get().unsyncedChanges === 0, 3_000);
      return api.startRun(pipelineId);
    },
    onSuccess: async (run) => {
      chooseRun(run.id);
      showPanel('runs');
      await client.invalidateQueries({ queryKey: keys.runs(pipelineId) });
    },
    onError: (error) => {
      const problems = error instanceof ApiFailure ? error.problems : [];
      // What only the server can know, such as a pinned result that is gone, is not in the list: the card itself is shown.
      const listed = watch.view.get().graph.problems.some((problem) => problem.severity === 'error');
      const first = problems.find((problem) => problem.nodeId !== undefined)?.nodeId;
      if (problems.length === 0) refused('The run did not start')(error);
      else {
        notifications.show({
          color: 'red',
          title: 'The run did not start',
          message:
            problems.length === 1 || !listed
              ? (problems[0]?.message ?? '')
              : `There are ${problems.length} problems to mend first; they are listed on the right.`,
          autoClose: 8_000,
        });
        // Focusing a card shows its panel in place of any other.
        if (listed && problems.length > 1) showPanel('problems');
        else if (first !== undefined) focusNode(first, 'config');
      }
    },
  });
  const cancel = useMutation({ mutationFn: (id: string) => api.cancelRun(id), onError: refused('The run was not cancelled') });
  const active = meta !== undefined && !isFinalRunState(meta.state);
  return { runId, meta, active, start, cancel };
}
