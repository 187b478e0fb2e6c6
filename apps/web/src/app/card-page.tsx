import { useDocumentTitle } from '@mantine/hooks';
import { canInProject } from '@ensemble/permissions';
import { documentName } from '@ensemble/protocol';
import type { Project, ProjectCardEntry, ProjectTrashEntry } from '@ensemble/protocol';
import { Compass } from 'lucide-react';
import { Button } from '@mantine/core';
import { Link, useParams } from 'react-router';
import { TrashedCard } from '../features/card-files/trashed-card.tsx';
import { useProject } from '../shared/api/queries.ts';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import { ProjectPresenceContext, useOpenProjectPresence } from '../shared/session/project-presence.ts';
import { useLiveDocument } from '../shared/session/use-live-document.ts';
import { useRightsRefresh } from '../shared/session/use-rights-refresh.ts';
import { useStore } from '../shared/session/use-store.ts';
import type { LiveDocument } from '../shared/session/live-document.ts';
import { useYMapEntries } from '../shared/session/y-map-values.ts';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import { PageShell } from '../shared/ui/page-shell.tsx';
import { UnavailablePage } from '../shared/ui/unavailable-page.tsx';
import { CardFrame } from './card-frame.tsx';
import { EditorSkeleton } from './editor-skeleton.tsx';

/** One card file of a project, or a built-in card, open beside how it will look on the canvas. */
export function CardPage() {
  const { projectId = '', cardId = '' } = useParams();
  const project = useProject(projectId);
  if (project.error) return <UnavailablePage what="project" error={project.error} onRetry={() => void project.refetch()} />;
  if (!project.data) return <EditorSkeleton />;
  return <OpenProject key={projectId} project={project.data} cardId={cardId} />;
}

function OpenProject({ project, cardId }: { project: Project; cardId: string }) {
  const index = useLiveDocument(documentName('project', project.id), true);
  const presence = useOpenProjectPresence(index?.awareness);
  useRightsRefresh(index);
  if (!index) return <EditorSkeleton />;
  return (
    <ProjectPresenceContext value={presence}>
      <OpenCard project={project} cardId={cardId} index={index} />
    </ProjectPresenceContext>
  );
}

function OpenCard({ project, cardId, index }: { project: Project; cardId: string; index: LiveDocument }) {
  const user = useSignedIn();
  const entries = useYMapEntries<ProjectCardEntry>(index.doc, 'cards');
  const trash = useYMapEntries<ProjectTrashEntry>(index.doc, 'trash');
  const { everSynced } = useStore(index.facts);
  const entry = entries.get(cardId);
  useDocumentTitle(`${entry?.manifest?.displayName ?? entry?.path ?? 'Card'} · ${project.name} · Ensemble`);
  const actor = { kind: 'user' as const, userId: user.id, name: user.name, isOwner: user.isOwner };
  const mayEdit = canInProject(actor, 'card.edit', project.role);
  const trashed = trash.get(cardId);
  if (!entry && trashed) {
    return (
      <PageShell>
        <TrashedCard projectId={project.id} entry={trashed} canEdit={mayEdit} />
      </PageShell>
    );
  }
  if (!entry && !everSynced) return <EditorSkeleton />;
  if (!entry) {
    return (
      <PageShell>
        <EmptyState
          icon={Compass}
          title="This card is not here"
          action={
            <Button component={Link} to={`/projects/${project.id}`}>
              Go to the project
            </Button>
          }
        >
          The link belongs to another project, or was not copied whole.
        </EmptyState>
      </PageShell>
    );
  }
  return <CardFrame project={project} entry={entry} entries={entries} index={index} mayEdit={mayEdit} />;
}
