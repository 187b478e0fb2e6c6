import { useDocumentTitle } from '@mantine/hooks';
import { canInProject } from '@ensemble/permissions';
import { documentName } from '@ensemble/protocol';
import type { ProjectCardEntry, ProjectPipelineEntry, ProjectTrashEntry } from '@ensemble/protocol';
import { useEffect, useMemo } from 'react';
import { useParams, useSearchParams } from 'react-router';
import { usePipeline, useProject } from '../shared/api/queries.ts';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import { useEditorUi } from '../shared/session/editor-ui.ts';
import { lostCards } from '../shared/session/lost-cards.ts';
import { PipelineSessionContext, useOpenPipelineSession } from '../shared/session/pipeline-session.ts';
import { EnvironmentsContext } from '../features/environments/environment-of-node.tsx';
import { PresenceContext, useOpenPresence } from '../shared/session/presence.ts';
import { ProjectPresenceContext, useMyPlace, useOpenProjectPresence } from '../shared/session/project-presence.ts';
import { RunStoresContext, RunViewContext, useOpenRun } from '../shared/session/run-view.ts';
import { useColumnSources } from '../shared/session/use-column-sources.ts';
import { useLiveDocument } from '../shared/session/use-live-document.ts';
import { useRightsRefresh } from '../shared/session/use-rights-refresh.ts';
import { useYMapEntries } from '../shared/session/y-map-values.ts';
import { UnavailablePage } from '../shared/ui/unavailable-page.tsx';
import { EditorFrame } from './editor-frame.tsx';
import { EditorSkeleton } from './editor-skeleton.tsx';

/** One pipeline, open: finds its project, opens the shared documents and hands them to the editor. */
export function EditorPage() {
  const { pipelineId = '' } = useParams();
  const user = useSignedIn();
  const pipeline = usePipeline(pipelineId);
  const project = useProject(pipeline.data?.projectId);
  const failure = pipeline.error ?? project.error;
  if (failure) {
    return (
      <UnavailablePage
        what="pipeline"
        error={failure}
        onRetry={() => {
          void pipeline.refetch();
          void project.refetch();
        }}
      />
    );
  }
  if (!pipeline.data || !project.data) return <EditorSkeleton />;
  const actor = { kind: 'user' as const, userId: user.id, name: user.name, isOwner: user.isOwner };
  return (
    <OpenEditor
      key={pipelineId}
      pipelineId={pipelineId}
      projectId={project.data.id}
      projectName={project.data.name}
      pipelineName={pipeline.data.name}
      userId={user.id}
      mayEdit={canInProject(actor, 'pipeline.edit', project.data.role)}
      mayRun={canInProject(actor, 'run.start', project.data.role)}
    />
  );
}

function OpenEditor({
  pipelineId,
  projectId,
  projectName,
  pipelineName,
  userId,
  mayEdit,
  mayRun,
}: {
  pipelineId: string;
  projectId: string;
  projectName: string;
  pipelineName: string;
  userId: string;
  mayEdit: boolean;
  mayRun: boolean;
}) {
  const name = documentName('pipeline', pipelineId);
  // Kept per person: another account on this browser must not send this one's offline edits as its own.
  const live = useLiveDocument(name, true, `ensemble ${userId} ${name}`);
  const index = useLiveDocument(documentName('project', projectId), true);
  const projectPresence = useOpenProjectPresence(index?.awareness);
  useMyPlace(
    projectPresence,
    useMemo(() => ({ pipelineId }), [pipelineId]),
  );
  const entries = useYMapEntries<ProjectCardEntry>(index?.doc, 'cards');
  const pipelines = useYMapEntries<ProjectPipelineEntry>(index?.doc, 'pipelines');
  const trash = useYMapEntries<ProjectTrashEntry>(index?.doc, 'trash');
  const cards = useMemo(() => byCardType(entries), [entries]);
  const lost = useMemo(() => lostCards(entries.values(), trash.values()), [entries, trash]);
  const presence = useOpenPresence(live?.awareness);
  const chosenRunId = useEditorUi((ui) => ui.chosenRunId);
  const reset = useEditorUi((ui) => ui.reset);
  const entry = pipelines.get(pipelineId);
  const latestRunId = entry?.latestRun?.runId;
  const run = useOpenRun(chosenRunId ?? latestRunId);
  const session = useOpenPipelineSession({ pipelineId, projectId, live, cards, lost, canEdit: mayEdit });
  useColumnSources(session, { pipelineId, projectId, latestRun: entry?.latestRun });
  const title = entry?.name ?? pipelineName;
  useDocumentTitle(`${title} · ${projectName} · Ensemble`);
  useRightsRefresh(live);
  useEffect(() => reset, [reset]);
  useWantedNode(session !== undefined);

  if (!session || !index) return <EditorSkeleton />;
  return (
    <PipelineSessionContext value={session}>
      <ProjectPresenceContext value={projectPresence}>
        <PresenceContext value={presence}>
          <RunViewContext value={run.view}>
            <RunStoresContext value={run.stores}>
              <EnvironmentsContext value={index}>
                <EditorFrame title={title} projectName={projectName} index={index} latestRunId={latestRunId} mayRun={mayRun} />
              </EnvironmentsContext>
            </RunStoresContext>
          </RunViewContext>
        </PresenceContext>
      </ProjectPresenceContext>
    </PipelineSessionContext>
  );
}

/**
 * The index is keyed by card id; nodes name card types. Where two files claim one type, the server lets
 * built-in cards and the file without errors have it. A file that has never been a card goes by its path.
 */
function byCardType(entries: ReadonlyMap<string, ProjectCardEntry>): ReadonlyMap<string, ProjectCardEntry> {
  const rank = (entry: ProjectCardEntry) => (entry.builtIn ? 0 : entry.diagnostics.some((item) => item.severity === 'error') ? 2 : 1);
  const cards = new Map<string, ProjectCardEntry>();
  for (const entry of [...entries.values()].sort((a, b) => rank(a) - rank(b) || (a.path < b.path ? -1 : 1))) {
    const cardType = entry.manifest?.cardType;
    if (cardType === undefined) cards.set(entry.path, entry);
    else if (!cards.has(cardType)) cards.set(cardType, entry);
  }
  return cards;
}

/** A node named in the address is gone to once, and then the address is that of the pipeline again. */
function useWantedNode(isOpen: boolean): void {
  const [params, setParams] = useSearchParams();
  const nodeId = params.get('node');
  useEffect(() => {
    if (!isOpen || nodeId === null) return;
    useEditorUi.getState().focusNode(nodeId);
    setParams({}, { replace: true });
  }, [isOpen, nodeId, setParams]);
}
