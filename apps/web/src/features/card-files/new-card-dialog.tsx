import { Button, Group, Modal, Select, Stack, Text, TextInput } from '@mantine/core';
import type { CardTemplateName } from '@ensemble/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { sentenceOf } from '../../shared/api/api-client.ts';
import { cardFilesApi } from '../../shared/api/card-files-api.ts';
import classes from './card-files.module.css';
import { useCardTemplates } from './new-card-menu.tsx';

export interface NewCard {
  template: CardTemplateName;
  /** `cards` or a folder below it. */
  folder: string;
}

interface NewCardDialogProps {
  projectId: string;
  wanted: NewCard | undefined;
  onClose: () => void;
  onCreated: (cardId: string) => void;
}

/** Asks for the name of a new card file. The server has the last word on it, and its sentence stands below the field. */
export function NewCardDialog({ projectId, wanted, onClose, onCreated }: NewCardDialogProps) {
  return (
    <Modal opened={wanted !== undefined} onClose={onClose} title="New card">
      {wanted ? <NewCardForm projectId={projectId} wanted={wanted} onClose={onClose} onCreated={onCreated} /> : null}
    </Modal>
  );
}

function NewCardForm({ projectId, wanted, onClose, onCreated }: Omit<NewCardDialogProps, 'wanted'> & { wanted: NewCard }) {
  const templates = useCardTemplates();
  const inside = wanted.folder === 'cards' ? '' : `${wanted.folder.slice('cards/'.length)}/`;
  const [template, setTemplate] = useState(wanted.template);
  const [name, setName] = useState(`${inside}my_${wanted.template}`);
  const path = `cards/${name.trim().replace(/\.py$/, '')}.py`;
  const create = useMutation({
    mutationFn: () => cardFilesApi.create(projectId, { path, template }),
    onSuccess: ({ files }) => onCreated(files[0]!.cardId),
  });
  const chosen = templates.data?.find((candidate) => candidate.name === template);
  return (
    <form
      onSubmit={(event) => {
        event.preventDefault();
        if (name.trim() !== '') create.mutate();
      }}
    >
      <Stack>
        <TextInput
          label="File"
          description="Letters, digits and “_”. Put folders in front, as in data/my_source: they appear with their first file."
          value={name}
          onChange={(event) => {
            setName(event.currentTarget.value);
            create.reset();
          }}
          error={create.isError ? sentenceOf(create.error) : undefined}
          leftSection={<span className={classes['affix']}>cards/</span>}
          leftSectionWidth={54}
          rightSection={<span className={classes['affix']}>.py</span>}
          rightSectionWidth={38}
          spellCheck={false}
          data-autofocus
          onFocus={(event) => event.currentTarget.setSelectionRange(inside.length, event.currentTarget.value.length)}
        />
        <Select
          label="Starts from"
          data={templates.data?.map(({ name: value, title }) => ({ value, label: title })) ?? []}
          value={template}
          onChange={(value) => setTemplate(value ?? template)}
          allowDeselect={false}
        />
        <Text size="xs" c="var(--e-dim)" mt={-8}>
          {chosen?.description}
        </Text>
        <Group justify="flex-end" gap="xs">
          <Button variant="default" onClick={onClose}>
            Cancel
          </Button>
          <Button type="submit" loading={create.isPending} disabled={name.trim() === ''}>
            Create card
          </Button>
        </Group>
      </Stack>
    </form>
  );
}
