import { ActionIcon, Badge, Button, Card, Group, Menu, Modal, Progress, Stack, Text } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import type { RunnerInfo } from '@ensemble/protocol';
import { CirclePause, CirclePlay, EllipsisVertical, Hourglass, Trash2 } from 'lucide-react';
import { useState } from 'react';
import { Link } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { keys } from '../../shared/api/queries.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { formatAgo, formatDuration, formatMoment } from '../../shared/ui/times.ts';
import { useNow } from '../../shared/ui/use-now.ts';
import { machineText, showMemory, stateOf } from './runner-text.ts';

type Decision = 'cordon' | 'uncordon' | 'drain' | 'empty' | 'remove';
const LET_FINISH_MINUTES = 10;

/** One machine: what it has, what it does, and what can be decided about it. */
export function RunnerCard({ runner }: { runner: RunnerInfo }) {
  const { id, name, pools, engines, tasks, lastSeen, version, startedAt, load } = runner;
  const client = useQueryClient();
  const now = useNow(true, 1_000);
  const [asking, setAsking] = useState<'drain' | 'remove'>();
  const decide = useMutation({
    mutationFn: async (decision: Decision): Promise<unknown> => {
      if (decision === 'remove') return await api.removeRunner(id);
      if (decision === 'drain') return await api.drainRunner(id, LET_FINISH_MINUTES);
      if (decision === 'empty') return await api.drainRunner(id, 0);
      return await api.decideRunner(id, decision);
    },
    onSettled: () => Promise.all([keys.runners, keys.pools].map((queryKey) => client.invalidateQueries({ queryKey }))),
    onSuccess: () => setAsking(undefined),
  });
  const state = stateOf(runner);
  const facts = [
    ...engines.map(({ engine, isolation }) => `${engine}, isolation ${isolation}`),
    ...(version === null ? [] : [`version ${version}`]),
    ...(startedAt === null ? [] : [`up ${formatDuration(now - startedAt)}`]),
    lastSeen === null ? 'never seen' : `seen ${formatAgo(lastSeen, now)}`,
  ];
  return (
    <Card withBorder radius="lg" padding="md" component="article" aria-label={`Runner ${name}`}>
      <Group justify="space-between" wrap="nowrap" align="flex-start">
        <div style={{ minWidth: 0 }}>
          <Group gap="xs">
            <Text fw={600} truncate>
              {name}
            </Text>
            <Badge color={state.color} variant="dot" tt="none" fw={500}>
              {state.word}
            </Badge>
            {pools.map((pool) => (
              <Badge key={pool} variant="default" tt="none" fw={500}>
                {pool}
              </Badge>
            ))}
          </Group>
          {runner.slots > 0 ? <Text size="sm">{machineText(runner)}</Text> : null}
          <Text size="xs" c="var(--e-dim)">
            {facts.join(' · ')}
          </Text>
        </div>
        <Menu position="bottom-end">
          <Menu.Target>
            <ActionIcon size="lg" aria-label={`What to do with ${name}`}>
              <EllipsisVertical size={17} aria-hidden />
            </ActionIcon>
          </Menu.Target>
          <Menu.Dropdown>
            {runner.cordoned ? (
              <Menu.Item leftSection={<CirclePlay size={14} aria-hidden />} onClick={() => decide.mutate('uncordon')}>
                Give it work again
              </Menu.Item>
            ) : (
              <Menu.Item leftSection={<CirclePause size={14} aria-hidden />} onClick={() => decide.mutate('cordon')}>
                Cordon: nothing new
              </Menu.Item>
            )}
            <Menu.Item
              leftSection={<Hourglass size={14} aria-hidden />}
              onClick={() => setAsking('drain')}
              disabled={runner.state === 'offline'}
            >
              Drain…
            </Menu.Item>
            {runner.registered ? (
              <Menu.Item color="red" leftSection={<Trash2 size={14} aria-hidden />} onClick={() => setAsking('remove')}>
                Remove…
              </Menu.Item>
            ) : null}
          </Menu.Dropdown>
        </Menu>
      </Group>
      {load ? <Load load={load} runner={runner} /> : null}
      {tasks.length > 0 ? (
        <Stack
          gap={2}
          mt="sm"
          component="ul"
          aria-label={`Running on ${name}`}
          style={{ listStyle: 'none', padding: 0, margin: '12px 0 0' }}
        >
          {tasks.map((task) => (
            <Text key={`${task.runId} ${task.nodeId}`} size="sm" component="li">
              {task.title} <span style={{ color: 'var(--e-dim)' }}>in</span> <Link to={`/projects/${task.projectId}`}>its project</Link>
              <span style={{ color: 'var(--e-dim)' }}> · {formatDuration(now - task.since)}</span>
            </Text>
          ))}
        </Stack>
      ) : null}
      {runner.emptyAt !== null && tasks.length > 0 ? (
        <Text size="sm" c="var(--e-dim)" mt="xs">
          What still runs {runner.emptyAt > now ? `at ${formatMoment(runner.emptyAt)} is` : 'is being'} tried again elsewhere.
        </Text>
      ) : null}
      {decide.isError ? (
        <Stack mt="sm">
          <FailureNote error={decide.error} />
        </Stack>
      ) : null}
      <Modal opened={asking === 'drain'} onClose={() => setAsking(undefined)} title={`Drain “${name}”`}>
        <Stack>
          <Text size="sm">
            It gets nothing new. What it executes may finish within {LET_FINISH_MINUTES} minutes, or is stopped now; either way, what did
            not finish is tried again on another runner. You can give it work again at any time.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(undefined)}>
              Cancel
            </Button>
            <Button variant="default" loading={decide.isPending} onClick={() => decide.mutate('empty')}>
              Stop it now
            </Button>
            <Button loading={decide.isPending} onClick={() => decide.mutate('drain')} data-autofocus>
              Let it finish
            </Button>
          </Group>
        </Stack>
      </Modal>
      <Modal opened={asking === 'remove'} onClose={() => setAsking(undefined)} title={`Remove “${name}”`}>
        <Stack>
          <Text size="sm">
            Its credentials stop working at once{tasks.length > 0 ? `, and the ${tasks.length} it executes are tried again elsewhere` : ''}.
            To come back it has to be registered anew.
          </Text>
          <Group justify="flex-end" gap="xs">
            <Button variant="default" onClick={() => setAsking(undefined)} data-autofocus>
              Cancel
            </Button>
            <Button color="red" loading={decide.isPending} onClick={() => decide.mutate('remove')}>
              Remove runner
            </Button>
          </Group>
        </Stack>
      </Modal>
    </Card>
  );
}

function Load({ load, runner }: { load: NonNullable<RunnerInfo['load']>; runner: RunnerInfo }) {
  const memory = Math.min(1, load.memoryBytes / runner.memoryBytes);
  const bars = [
    { label: 'Slots', value: runner.tasks.length / runner.slots, text: `${runner.tasks.length} of ${runner.slots}` },
    { label: 'Processors', value: load.cpu, text: `${Math.round(load.cpu * 100)} %` },
    { label: 'Memory', value: memory, text: `${showMemory(load.memoryBytes)} of ${showMemory(runner.memoryBytes)}` },
  ];
  return (
    <Group gap="lg" mt="sm" grow>
      {bars.map(({ label, value, text }) => (
        <div key={label}>
          <Group justify="space-between" gap={4}>
            <Text size="xs" c="var(--e-dim)">
              {label}
            </Text>
            <Text size="xs">{text}</Text>
          </Group>
          <Progress value={Math.min(1, value) * 100} size="sm" aria-label={`${label}: ${text}`} />
        </div>
      ))}
    </Group>
  );
}
