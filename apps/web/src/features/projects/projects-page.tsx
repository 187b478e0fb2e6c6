import { Badge, Box, Button, Card, Group, Text, Title } from '@mantine/core';
import { useDisclosure, useDocumentTitle } from '@mantine/hooks';
import { useQueryClient } from '@tanstack/react-query';
import { FolderKanban, Plus } from 'lucide-react';
import type { ReactNode } from 'react';
import { useNavigate } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { keys, useProjects } from '../../shared/api/queries.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { PageShell } from '../../shared/ui/page-shell.tsx';
import { formatMoment } from '../../shared/ui/times.ts';
import { LinkList, LinkListSkeleton } from './link-list.tsx';
import { NameDialog } from './name-dialog.tsx';

/** The start page: the projects this person is in, `templates` to start from, and `importer` for a project from elsewhere. */
export function ProjectsPage({ templates, importer }: { templates: ReactNode; importer: ReactNode }) {
  useDocumentTitle('Projects · Ensemble');
  const projects = useProjects();
  const client = useQueryClient();
  const navigate = useNavigate();
  const [dialog, { open, close }] = useDisclosure(false);

  const create = async (name: string) => {
    const project = await api.createProject(name);
    await client.invalidateQueries({ queryKey: keys.projects });
    await navigate(`/projects/${project.id}`);
  };
  const newProject = (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={open}>
      New project
    </Button>
  );

  return (
    <PageShell>
      <Group justify="space-between" mb="lg">
        <div>
          <Title order={1} size="h2">
            Projects
          </Title>
          <Text c="var(--e-dim)">A project holds pipelines, their cards and the people who work on them.</Text>
        </div>
        <Group gap="xs" wrap="nowrap">
          {importer}
          {projects.data && projects.data.length > 0 ? newProject : null}
        </Group>
      </Group>
      {projects.isPending ? <LinkListSkeleton /> : null}
      {projects.isError ? <FailureNote error={projects.error} onRetry={() => void projects.refetch()} /> : null}
      {projects.data?.length === 0 ? (
        <Card withBorder radius="lg" padding={0}>
          <EmptyState icon={FolderKanban} title="No project yet" action={newProject}>
            Create one to draw your first pipeline. You can invite others into it afterwards.
          </EmptyState>
        </Card>
      ) : null}
      {projects.data && projects.data.length > 0 ? (
        <LinkList
          label="Projects"
          icon={FolderKanban}
          items={projects.data.map((project) => ({
            id: project.id,
            to: `/projects/${project.id}`,
            name: project.name,
            note: `Created ${formatMoment(project.createdAt)}`,
            aside: (
              <Badge variant="default" tt="none" fw={500}>
                {project.role}
              </Badge>
            ),
          }))}
        />
      ) : null}
      <Box mt={36}>{templates}</Box>
      <NameDialog
        opened={dialog}
        onClose={close}
        title="New project"
        label="Project name"
        placeholder="Churn model"
        submitLabel="Create project"
        onSubmit={create}
      />
    </PageShell>
  );
}
