import { Button, Loader, Menu, Text } from '@mantine/core';
import type { CardTemplateName } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { cardFilesApi } from '../../shared/api/card-files-api.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';

/** They belong to the installed program and do not change while it runs. */
export const useCardTemplates = () => useQuery({ queryKey: ['card-templates'], queryFn: cardFilesApi.templates, staleTime: Infinity });

/** "New card": what it can start from, each with what it does. */
export function NewCardMenu({ onChoose, compact }: { onChoose: (template: CardTemplateName) => void; compact: boolean }) {
  const templates = useCardTemplates();
  return (
    <Menu position="bottom-end" width={320} returnFocus>
      <Menu.Target>
        <Button size={compact ? 'compact-sm' : 'sm'} leftSection={<Plus size={15} aria-hidden />}>
          New card
        </Button>
      </Menu.Target>
      <Menu.Dropdown>
        <Menu.Label>Start from a card that runs as it is</Menu.Label>
        {templates.isPending ? <Loader size="xs" m="sm" /> : null}
        {templates.isError ? (
          <Text size="xs" p="xs" c="var(--e-bad)" role="alert">
            {sentenceOf(templates.error)}
          </Text>
        ) : null}
        {templates.data?.map(({ name, title, description, category }) => (
          <Menu.Item key={name} leftSection={<CategoryIcon category={category} />} onClick={() => onChoose(name)} aria-label={title}>
            <Text size="sm" fw={600}>
              {title}
            </Text>
            <Text size="xs" c="var(--e-dim)">
              {description}
            </Text>
          </Menu.Item>
        ))}
      </Menu.Dropdown>
    </Menu>
  );
}
