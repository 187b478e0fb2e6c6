import { Button, Group, Modal, NumberInput, Stack, TagsInput, Text, TextInput } from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Plus } from 'lucide-react';
import { useState } from 'react';
import { api } from '../../shared/api/api.ts';
import { keys } from '../../shared/api/queries.ts';
import { CopyField } from '../../shared/ui/copy-field.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { formatMoment } from '../../shared/ui/times.ts';
import { runnerCommand } from './runner-text.ts';

/** Makes a registration token. It is shown once: the server keeps only its hash. */
export function RegisterRunner() {
  const [opened, { open, close }] = useDisclosure(false);
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [pools, setPools] = useState(['cpu']);
  const [hours, setHours] = useState<number | string>(24);
  const make = useMutation({
    mutationFn: () => api.createRunnerToken({ name: name.trim(), pools, hours: Number(hours) }),
    onSuccess: () => client.invalidateQueries({ queryKey: keys.runnerTokens }),
  });
  const leave = () => {
    make.reset();
    setName('');
    close();
  };
  return (
    <>
      <Button leftSection={<Plus size={16} aria-hidden />} onClick={open}>
        Register a runner
      </Button>
      <Modal opened={opened} onClose={leave} title="Register a runner" size="lg">
        {make.data ? (
          <Stack>
            <CopyField
              label="On the other machine, in a copy of Ensemble"
              value={runnerCommand(window.location.origin, make.data.token)}
              description="Linux with Node 20, npm and Python 3.11; it installs the rest."
            />
            <CopyField label="The token alone" value={make.data.token} />
            <Text size="sm" c="var(--e-dim)">
              It is shown only now, and works until {formatMoment(make.data.expiresAt)}, for as many machines as you like. A machine that is
              registered needs it no more.
            </Text>
            <Group justify="flex-end">
              <Button onClick={leave}>Done</Button>
            </Group>
          </Stack>
        ) : (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              make.mutate();
            }}
          >
            <Stack>
              <TextInput
                label="What the token is for"
                placeholder="GPU machines in the lab"
                value={name}
                onChange={(event) => setName(event.currentTarget.value)}
                maxLength={100}
                required
                data-autofocus
              />
              <TagsInput
                label="Pools they may serve"
                description="cpu executes every card without a GPU; gpu those that ask for one."
                data={['cpu', 'gpu']}
                value={pools}
                onChange={setPools}
                splitChars={[',', ' ']}
                error={pools.length === 0 ? 'Name at least one pool.' : undefined}
              />
              <NumberInput label="Works for" suffix=" hours" min={1} max={8_760} allowDecimal={false} value={hours} onChange={setHours} />
              {make.isError ? <FailureNote error={make.error} /> : null}
              <Group justify="flex-end" gap="xs">
                <Button variant="default" onClick={leave}>
                  Cancel
                </Button>
                <Button type="submit" loading={make.isPending} disabled={name.trim() === '' || pools.length === 0}>
                  Make a token
                </Button>
              </Group>
            </Stack>
          </form>
        )}
      </Modal>
    </>
  );
}
