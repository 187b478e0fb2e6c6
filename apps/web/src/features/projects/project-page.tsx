import { Anchor, Box, Breadcrumbs, Button, Card, Grid, Group, Skeleton, Text, Title } from '@mantine/core';
import { useDisclosure, useDocumentTitle } from '@mantine/hooks';
import { canInProject } from '@ensemble/permissions';
import { useQueryClient } from '@tanstack/react-query';
import { Plus, UserPlus, Workflow } from 'lucide-react';
import type { ReactNode } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { keys, usePipelines, useProject } from '../../shared/api/queries.ts';
import { useSignedIn } from '../../shared/api/use-signed-in.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { PageShell } from '../../shared/ui/page-shell.tsx';
import { formatMoment } from '../../shared/ui/times.ts';
import { UnavailablePage } from '../../shared/ui/unavailable-page.tsx';
import { InviteDialog } from './invite-dialog.tsx';
import { LinkList, LinkListSkeleton } from './link-list.tsx';
import { MemberList } from './member-list.tsx';
import { NameDialog } from './name-dialog.tsx';

interface ProjectPageProps {
  templates: ReactNode;
  /** Buttons beside the project's name. */
  renderTransfer: (mayImport: boolean, projectName: string) => ReactNode;
  renderCards: (mayEdit: boolean) => ReactNode;
  renderFiles: (mayUpload: boolean) => ReactNode;
}

/** One project: its pipelines, its cards, its files, its environments and its people. `templates` are offered where a pipeline is created. */
export function ProjectPage({ templates, renderTransfer, renderCards, renderFiles }: ProjectPageProps) {
  const { projectId = '' } = useParams();
  const user = useSignedIn();
  const project = useProject(projectId);
  const pipelines = usePipelines(projectId);
  const client = useQueryClient();
  const navigate = useNavigate();
  const [naming, name] = useDisclosure(false);
  const [inviting, invite] = useDisclosure(false);
  useDocumentTitle(`${project.data?.name ?? 'Project'} · Ensemble`);

  if (project.isError) {
    return <UnavailablePage what="project" error={project.error} onRetry={() => void project.refetch()} />;
  }
  const actor = { kind: 'user' as const, userId: user.id, name: user.name, isOwner: user.isOwner };
  const canCreate = canInProject(actor, 'pipeline.create', project.data?.role);
  const canEditCards = canInProject(actor, 'card.edit', project.data?.role);
  const canUpload = canInProject(actor, 'file.upload', project.data?.role);
  const canInvite = canInProject(actor, 'project.invite', project.data?.role);
  const create = async (pipelineName: string) => {
    const pipeline = await api.createPipeline(projectId, pipelineName);
    await client.invalidateQueries({ queryKey: keys.pipelines(projectId) });
    await navigate(`/pipelines/${pipeline.id}`);
  };
  const newPipeline = canCreate ? (
    <Button leftSection={<Plus size={16} aria-hidden />} onClick={name.open}>
      New pipeline
    </Button>
  ) : null;

  return (
    <PageShell>
      <Breadcrumbs mb={6} separatorMargin={6}>
        <Anchor component={Link} to="/" size="sm">
          Projects
        </Anchor>
        <Text size="sm" c="var(--e-dim)">
          {project.data?.name ?? '…'}
        </Text>
      </Breadcrumbs>
      <Group justify="space-between" mb="lg" wrap="nowrap">
        {project.data ? (
          <Title order={1} size="h2">
            {project.data.name}
          </Title>
        ) : (
          <Skeleton height={30} width={240} />
        )}
        <Group gap="xs" wrap="nowrap">
          {project.data ? renderTransfer(canCreate, project.data.name) : null}
          {canInvite ? (
            <Button variant="default" leftSection={<UserPlus size={16} aria-hidden />} onClick={invite.open}>
              Invite
            </Button>
          ) : null}
          {pipelines.data && pipelines.data.length > 0 ? newPipeline : null}
        </Group>
      </Group>
      <Grid gap={32}>
        <Grid.Col span={{ base: 12, sm: 8 }}>
          <Title order={2} size="h5" mb="xs">
            Pipelines
          </Title>
          {pipelines.isPending ? <LinkListSkeleton /> : null}
          {pipelines.isError ? <FailureNote error={pipelines.error} onRetry={() => void pipelines.refetch()} /> : null}
          {pipelines.data?.length === 0 ? (
            <Card withBorder radius="lg" padding={0}>
              <EmptyState icon={Workflow} title="No pipeline yet" action={newPipeline}>
                {canCreate
                  ? 'A pipeline is a canvas of connected cards: load a table, split it, train, evaluate.'
                  : 'You can look at this project. An editor of it has to create the first pipeline.'}
              </EmptyState>
            </Card>
          ) : null}
          {pipelines.data && pipelines.data.length > 0 ? (
            <LinkList
              label="Pipelines"
              icon={Workflow}
              items={pipelines.data.map((pipeline) => ({
                id: pipeline.id,
                to: `/pipelines/${pipeline.id}`,
                name: pipeline.name,
                note: `Created ${formatMoment(pipeline.createdAt)}`,
              }))}
            />
          ) : null}
          <Box mt={32}>{renderCards(canEditCards)}</Box>
          <Box mt={32}>{renderFiles(canUpload)}</Box>
        </Grid.Col>
        <Grid.Col span={{ base: 12, sm: 4 }}>
          <MemberList projectId={projectId} />
        </Grid.Col>
      </Grid>
      <NameDialog
        opened={naming}
        onClose={name.close}
        title="New pipeline"
        label="Pipeline name"
        placeholder="Train and evaluate"
        submitLabel="Create pipeline"
        onSubmit={create}
      >
        {templates}
      </NameDialog>
      <InviteDialog projectId={projectId} projectName={project.data?.name ?? 'this project'} opened={inviting} onClose={invite.close} />
    </PageShell>
  );
}
