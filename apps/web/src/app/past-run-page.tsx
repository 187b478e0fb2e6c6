import { Button } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { RunVersionDetail } from '@ensemble/protocol';
import { Compass } from 'lucide-react';
import { useEffect, useMemo } from 'react';
import { Link, useParams } from 'react-router';
import { ApiFailure } from '../shared/api/api-client.ts';
import { usePipeline, useProject, useRunVersion } from '../shared/api/queries.ts';
import { useEditorUi } from '../shared/session/editor-ui.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { openPastPipeline, pastCards } from '../shared/session/past-pipeline.ts';
import { PipelineSessionContext, useOpenPipelineSession } from '../shared/session/pipeline-session.ts';
import { RunStoresContext, RunViewContext, useOpenRun } from '../shared/session/run-view.ts';
import { useOpened } from '../shared/session/use-opened.ts';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import { FailureNote } from '../shared/ui/failure-note.tsx';
import { PageShell } from '../shared/ui/page-shell.tsx';
import { EditorSkeleton } from './editor-skeleton.tsx';
import { PastRunFrame } from './past-run-frame.tsx';

/** A run of a pipeline, opened as the pipeline was when it started. */
export function PastRunPage() {
  const { pipelineId = '', runId = '' } = useParams();
  const version = useRunVersion(runId);
  const pipeline = usePipeline(pipelineId);
  const project = useProject(pipeline.data?.projectId);
  const elsewhere = version.data !== undefined && version.data.run.pipelineId !== pipelineId;
  const failure = version.error ?? pipeline.error ?? project.error;
  if (elsewhere || (failure instanceof ApiFailure && failure.status === 404)) {
    return (
      <PageShell>
        <EmptyState
          icon={Compass}
          title="This run is not here"
          action={
            <Button component={Link} to={pipeline.data ? `/pipelines/${pipelineId}` : '/'}>
              {pipeline.data ? 'Open the pipeline as it is now' : 'Go to your projects'}
            </Button>
          }
        >
          {pipeline.data
            ? 'This pipeline has no such run. Its runs are listed beside it.'
            : 'It does not exist, or you have no access to it.'}
        </EmptyState>
      </PageShell>
    );
  }
  if (failure) {
    return (
      <PageShell>
        <FailureNote title="This run cannot be shown" error={failure} onRetry={() => void version.refetch()} />
      </PageShell>
    );
  }
  if (!version.data || !pipeline.data || !project.data) return <EditorSkeleton />;
  return <PastRun key={runId} version={version.data} pipelineName={pipeline.data.name} projectName={project.data.name} />;
}

const closeDocument = (live: LiveDocument) => live.close();

function PastRun({ version, pipelineName, projectName }: { version: RunVersionDetail; pipelineName: string; projectName: string }) {
  const { run } = version;
  const live = useOpened(version, openPastPipeline, closeDocument);
  const cards = useMemo(() => pastCards(version), [version]);
  const past = useMemo(() => ({ runId: run.id }), [run.id]);
  const { pipelineId, projectId } = run;
  const session = useOpenPipelineSession({ pipelineId, projectId, live, cards, canEdit: false, past });
  const shown = useOpenRun(run.id);
  const reset = useEditorUi((ui) => ui.reset);
  useDocumentTitle(`Run ${run.number} · ${pipelineName} · ${projectName} · Ensemble`);
  useEffect(() => {
    useEditorUi.getState().showPanel('runs');
    return reset;
  }, [reset]);
  if (!session) return <EditorSkeleton />;
  return (
    <PipelineSessionContext value={session}>
      <RunViewContext value={shown.view}>
        <RunStoresContext value={shown.stores}>
          <PastRunFrame run={run} pipelineName={pipelineName} projectName={projectName} />
        </RunStoresContext>
      </RunViewContext>
    </PipelineSessionContext>
  );
}
