import { Badge, Box, Card, Group, SimpleGrid, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import type { PoolInfo } from '@ensemble/protocol';
import { Server } from 'lucide-react';
import { useSignedIn } from '../../shared/api/use-signed-in.ts';
import { usePools, useRunners } from '../../shared/api/queries.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { PageShell } from '../../shared/ui/page-shell.tsx';
import { RegisterRunner } from './register-runner.tsx';
import { RunnerCard } from './runner-card.tsx';
import { RunnerTokens } from './runner-tokens.tsx';
import { poolText } from './runner-text.ts';

/** Where cards run. Everybody sees the pools; who administers the installation sees the machines and decides about them. */
export function RunnersPage() {
  useDocumentTitle('Runners · Ensemble');
  const { isOwner } = useSignedIn();
  return (
    <PageShell>
      <Group justify="space-between" mb="lg" align="flex-start">
        <div>
          <Title order={1} size="h2">
            Runners
          </Title>
          <Text c="var(--e-dim)">The machines that execute cards, and what they have room for.</Text>
        </div>
        {isOwner ? <RegisterRunner /> : null}
      </Group>
      <Pools />
      {isOwner ? (
        <>
          <Machines />
          <RunnerTokens />
        </>
      ) : (
        <Text size="sm" c="var(--e-dim)" mt="lg">
          Who administers this installation sees the machines themselves here, and can add more.
        </Text>
      )}
    </PageShell>
  );
}

const Loading = ({ label }: { label: string }) => (
  <Stack gap={8} role="status" aria-label={label}>
    <Skeleton height={84} radius={10} />
  </Stack>
);

function Pools() {
  const pools = usePools();
  if (pools.isPending) return <Loading label="Loading the pools" />;
  if (pools.isError) return <FailureNote error={pools.error} onRetry={() => void pools.refetch()} />;
  if (pools.data.length === 0) {
    return (
      <Card withBorder radius="lg" padding={0}>
        <EmptyState icon={Server} title="No runner takes work" compact>
          Runs wait in the queue until one is connected.
        </EmptyState>
      </Card>
    );
  }
  return (
    <SimpleGrid cols={{ base: 1, sm: 2 }} component="section" aria-label="Pools">
      {pools.data.map((pool) => (
        <PoolCard key={pool.pool} pool={pool} />
      ))}
    </SimpleGrid>
  );
}

function PoolCard({ pool }: { pool: PoolInfo }) {
  return (
    <Card withBorder radius="lg" padding="md">
      <Group gap="xs" mb={4}>
        <Text fw={600}>Pool {pool.pool}</Text>
        {pool.busy >= pool.slots ? (
          <Badge color="yellow" variant="dot" tt="none" fw={500}>
            full
          </Badge>
        ) : null}
      </Group>
      <Text size="sm" c="var(--e-dim)">
        {poolText(pool)}
      </Text>
    </Card>
  );
}

function Machines() {
  const runners = useRunners();
  return (
    <Box component="section" aria-label="Machines" mt={32}>
      <Title order={2} size="h4" mb="sm">
        Machines
      </Title>
      {runners.isPending ? <Loading label="Loading the runners" /> : null}
      {runners.isError ? <FailureNote error={runners.error} onRetry={() => void runners.refetch()} /> : null}
      {runners.data?.length === 0 ? (
        <Text size="sm" c="var(--e-dim)">
          No runner is connected or registered.
        </Text>
      ) : null}
      <Stack gap="sm">
        {runners.data?.map((runner) => (
          <RunnerCard key={runner.id} runner={runner} />
        ))}
      </Stack>
    </Box>
  );
}
