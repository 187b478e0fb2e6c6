import { Button, Group, Modal, Radio, Stack, Text } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../shared/api/api.ts';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { formatMoment } from '../../shared/ui/times.ts';

/** Makes an invitation link. The link is shown once: the server keeps only its hash. */
export function InviteDialog({
  projectId,
  projectName,
  opened,
  onClose,
}: {
  projectId: string;
  projectName: string;
  opened: boolean;
  onClose: () => void;
}) {
  const [role, setRole] = useState<'editor' | 'viewer'>('editor');
  const invite = useMutation({ mutationFn: () => api.invite(projectId, role) });
  const close = () => {
    invite.reset();
    onClose();
  };
  return (
    <Modal opened={opened} onClose={close} title={`Invite to “${projectName}”`}>
      {invite.data ? (
        <Stack>
          <CopyField label="Invitation link" value={invite.data.url} />
          <Text size="sm" c="var(--e-dim)">
            Whoever opens it joins as <b>{invite.data.role}</b>. It works once and expires on {formatMoment(invite.data.expiresAt)}. It is
            shown only now, so copy it before you close this.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => invite.reset()}>
              Make another
            </Button>
            <Button onClick={close}>Done</Button>
          </Group>
        </Stack>
      ) : (
        <form
          onSubmit={(event) => {
            event.preventDefault();
            invite.mutate();
          }}
        >
          <Stack>
            <Radio.Group label="What they may do" value={role} onChange={(value) => setRole(value === 'viewer' ? 'viewer' : 'editor')}>
              <Stack gap="sm" mt="xs">
                <Radio value="editor" label="Editor" description="Edits pipelines and cards, starts and cancels runs." />
                <Radio value="viewer" label="Viewer" description="Watches pipelines, runs and results." />
              </Stack>
            </Radio.Group>
            {invite.isError ? <FailureNote error={invite.error} /> : null}
            <Group justify="flex-end" gap="xs">
              <Button variant="default" onClick={close}>
                Cancel
              </Button>
              <Button type="submit" loading={invite.isPending}>
                Make a link
              </Button>
            </Group>
          </Stack>
        </form>
      )}
    </Modal>
  );
}
