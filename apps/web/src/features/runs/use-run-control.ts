import { canInProject } from '@ensemble/permissions';
import type { ProjectAction } from '@ensemble/permissions';
import { isFinalRunState } from '@ensemble/protocol';
import type { RunSummary } from '@ensemble/protocol';
import { notifications } from '@mantine/notifications';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { ApiFailure, sentenceOf } from '../../shared/api/api-client.ts';
import { api } from '../../shared/api/api.ts';
import type { RunPart } from '../../shared/api/api.ts';
import { keys, useProject } from '../../shared/api/queries.ts';
import { useSignedIn } from '../../shared/api/use-signed-in.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useRunView } from '../../shared/session/run-view.ts';
import { settled } from '../../shared/session/settled.ts';

/** Starting and cancelling runs of the open pipeline, with the refusals explained. */
export function useRunControl() {
  const { pipelineId, projectId, live, watch } = usePipelineSession();
  const { runId, meta } = useRunView();
  const { showPanel, chooseRun, focusNode } = useEditorUi();
  const client = useQueryClient();
  const refused = (title: string) => (error: unknown) => {
    notifications.show({ color: 'red', title, message: sentenceOf(error), autoClose: 8_000 });
  };
  const show = async (run: RunSummary) => {
    chooseRun(run.id);
    showPanel('runs');
    await client.invalidateQueries({ queryKey: keys.runs(pipelineId) });
  };
  const start = useMutation({
    mutationFn: async (part: RunPart = {}) => {
      // The run pins what the server has: let my last edits arrive first.
      await settled(() => live.facts.get().unsyncedChanges === 0, 3_000);
      return api.startRun(pipelineId, part);
    },
    onSuccess: show,
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
  const resume = useMutation({
    mutationFn: (id: string) => api.resumeRun(id),
    onSuccess: show,
    onError: refused('The run was not resumed'),
  });
  const cancelStep = useMutation({
    mutationFn: ({ run, nodeId }: { run: string; nodeId: string }) => api.cancelStep(run, nodeId),
    onError: refused('The step was not cancelled'),
  });
  const { id: userId, name, isOwner } = useSignedIn();
  const role = useProject(projectId).data?.role;
  const may = (action: ProjectAction) => canInProject({ kind: 'user', userId, name, isOwner }, action, role);
  const mayRun = may('run.start');
  /** Of the run that is shown: mine, or I may cancel what others started. */
  const mayCancel = may('run.cancel') && (meta?.starter.userId === userId || may('run.cancelOthers'));
  const active = meta !== undefined && !isFinalRunState(meta.state);
  return { runId, meta, active, start, cancel, resume, cancelStep, mayRun, mayCancel };
}
