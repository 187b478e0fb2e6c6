import { Button, Menu } from '@mantine/core';
import { notifications } from '@mantine/notifications';
import type { Project, Template } from '@ensemble/protocol';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { FolderKanban, FolderPlus } from 'lucide-react';
import { useNavigate } from 'react-router';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { api } from '../../shared/api/api.ts';
import { keys } from '../../shared/api/queries.ts';

/** Creates the pipeline and opens it; without a project it makes one named after the template. */
function useCreateFrom(template: Template) {
  const client = useQueryClient();
  const navigate = useNavigate();
  return useMutation({
    mutationFn: async (projectId: string | undefined) => {
      const id = projectId ?? (await api.createProject(template.title)).id;
      return await api.createFromTemplate(id, template.name);
    },
    onSuccess: async ({ pipelineId }) => {
      await client.invalidateQueries({ queryKey: keys.projects });
      await navigate(`/pipelines/${pipelineId}`);
    },
    onError: (error) => notifications.show({ color: 'red', title: 'The template could not be used', message: sentenceOf(error) }),
  });
}

const LABEL = 'Use this template';
const nameOf = (template: Template): string => `${LABEL}: ${template.title}`;

/** Into the project one is in. */
export function UseTemplateHere({ template, projectId }: { template: Template; projectId: string }) {
  const create = useCreateFrom(template);
  return (
    <Button size="xs" variant="default" aria-label={nameOf(template)} loading={create.isPending} onClick={() => create.mutate(projectId)}>
      {LABEL}
    </Button>
  );
}

/** Into one of `projects`, or a new one. */
export function UseTemplateMenu({ template, projects }: { template: Template; projects: readonly Project[] }) {
  const create = useCreateFrom(template);
  return (
    <Menu>
      <Menu.Target>
        <Button size="xs" variant="default" aria-label={nameOf(template)} loading={create.isPending}>
          {LABEL}
        </Button>
      </Menu.Target>
      <Menu.Dropdown mah={320} style={{ overflowY: 'auto' }}>
        <Menu.Item leftSection={<FolderPlus size={14} aria-hidden />} onClick={() => create.mutate(undefined)}>
          In a new project
        </Menu.Item>
        {projects.length > 0 ? <Menu.Label>In a project of yours</Menu.Label> : null}
        {projects.map((project) => (
          <Menu.Item key={project.id} leftSection={<FolderKanban size={14} aria-hidden />} onClick={() => create.mutate(project.id)}>
            {project.name}
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
