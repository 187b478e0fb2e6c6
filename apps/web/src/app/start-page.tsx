import { Button } from '@mantine/core';
import { canInProject } from '@ensemble/permissions';
import { FolderOutput } from 'lucide-react';
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
      renderCards={(mayEdit) => <ProjectCards projectId={projectId} mayEdit={mayEdit} />}
      renderFiles={(mayUpload) => <ProjectFiles projectId={projectId} mayUpload={mayUpload} />}
      renderEnvironments={(mayEdit) => <ProjectEnvironments projectId={projectId} mayEdit={mayEdit} />}
      templates={
        <TemplateGallery
          heading="Or start from a template"
          renderAction={(template) => <UseTemplateHere template={template} projectId={projectId} />}
        />
      }
    />
  );
}
