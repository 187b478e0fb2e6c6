import { Box, Button, Group, Modal, Stack, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import type { ReactNode } from 'react';
import { FailureNote } from '../../shared/ui/failure-note.tsx';

/**
 * Asks for a name and creates something with it. `onSubmit` does the work; the dialog stays open when it throws. `children` are
 * other ways to create it.
 */
export function NameDialog({
  opened,
  onClose,
  title,
  label,
  placeholder,
  submitLabel,
  onSubmit,
  children,
}: {
  opened: boolean;
  onClose: () => void;
  title: string;
  label: string;
  placeholder: string;
  submitLabel: string;
  onSubmit: (name: string) => Promise<void>;
  children?: ReactNode;
}) {
  const [name, setName] = useState('');
  const submit = useMutation({
    mutationFn: () => onSubmit(name.trim()),
    onSuccess: () => setName(''),
  });
  const close = () => {
    submit.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={title} size={children === undefined ? undefined : 'xl'}>
      <form
        onSubmit={(event) => {
          event.preventDefault();
          if (name.trim() !== '') submit.mutate();
        }}
      >
        <Stack>
          <TextInput
            label={label}
            placeholder={placeholder}
            value={name}
            onChange={(event) => setName(event.currentTarget.value)}
            maxLength={120}
            data-autofocus
          />
          {submit.isError ? <FailureNote error={submit.error} /> : null}
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={close}>
              Cancel
            </Button>
            <Button type="submit" loading={submit.isPending} disabled={name.trim() === ''}>
              {submitLabel}
            </Button>
          </Group>
        </Stack>
      </form>
      {children === undefined ? null : <Box mt="xl">{children}</Box>}
    </Modal>
  );
}
