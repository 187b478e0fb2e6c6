import { Box, Button } from '@mantine/core';
import { canInProject } from '@ensemble/permissions';
import { FolderOutput } from 'lucide-react';
import { documentName } from '@ensemble/protocol';
import { useParams } from 'react-router';
import { ProjectCards } from '../features/card-files/project-cards.tsx';
import { ProjectFiles } from '../features/data/project-files.tsx';
import { ProjectEnvironments } from '../features/environments/project-environments.tsx';
import { ProjectPage } from '../features/projects/project-page.tsx';
import { ProjectsPage } from '../features/projects/projects-page.tsx';
import { TemplateGallery } from '../features/templates/template-gallery.tsx';
import { ExportMenu } from '../features/transfer/export-menu.tsx';
import { ImportHere } from '../features/transfer/import-here.tsx';
import { UseTemplateHere, UseTemplateMenu } from '../features/templates/use-template.tsx';
import { useProjects } from '../shared/api/queries.ts';
import { useSignedIn } from '../shared/api/use-signed-in.ts';
import { useLiveDocument } from '../shared/session/use-live-document.ts';

/** The projects, and below them what a new pipeline can start from. */
export function StartPage() {
  const user = useSignedIn();
  const projects = useProjects();
  const actor = { kind: 'user' as const, userId: user.id, name: user.name, isOwner: user.isOwner };
  const open = projects.data?.filter(({ role }) => canInProject(actor, 'pipeline.create', role)) ?? [];
  return (
    <ProjectsPage
      importer={<ImportHere />}
      templates={
        <TemplateGallery
          heading="Start from a template"
          renderAction={(template) => <UseTemplateMenu template={template} projects={open} />}
        />
      }
    />
  );
}

/** A project with its files, whose dialog for new pipelines offers the templates. */
export function ProjectHome() {
  const { projectId = '' } = useParams();
  return (
    <ProjectPage
      renderTransfer={(mayImport, projectName) => (
        <>
          {mayImport ? <ImportHere projectId={projectId} projectName={projectName} /> : null}
          <ExportMenu projectId={projectId}>
            <Button variant="default" leftSection={<FolderOutput size={16} aria-hidden />}>
              Export
            </Button>
          </ExportMenu>
        </>
      )}
      renderCards={(mayEdit) => <CardsOfProject projectId={projectId} mayEdit={mayEdit} />}
      renderFiles={(mayUpload) => <ProjectFiles projectId={projectId} mayUpload={mayUpload} />}
      templates={
        <TemplateGallery
          heading="Or start from a template"
          renderAction={(template) => <UseTemplateHere template={template} projectId={projectId} />}
        />
      }
    />
  );
}

/** The card files and what is installed for them: both live, from the one index of the project. */
function CardsOfProject({ projectId, mayEdit }: { projectId: string; mayEdit: boolean }) {
  const index = useLiveDocument(documentName('project', projectId));
  return (
    <>
      <ProjectCards projectId={projectId} index={index} mayEdit={mayEdit} />
      <Box mt={32}>
        <ProjectEnvironments projectId={projectId} index={index} mayEdit={mayEdit} />
      </Box>
    </>
  );
}
