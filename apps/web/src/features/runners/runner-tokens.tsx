import { Box, Button, Card, Group, Stack, Text, Title } from '@mantine/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { api } from '../../shared/api/api.ts';
import { keys, useRunnerTokens } from '../../shared/api/queries.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { formatMoment } from '../../shared/ui/times.ts';

/** Tokens that still let machines in; absent when there is none. */
export function RunnerTokens() {
  const tokens = useRunnerTokens();
  const client = useQueryClient();
  const revoke = useMutation({
    mutationFn: (id: string) => api.revokeRunnerToken(id),
    onSettled: () => client.invalidateQueries({ queryKey: keys.runnerTokens }),
  });
  if (tokens.isError) return <FailureNote error={tokens.error} onRetry={() => void tokens.refetch()} />;
  if (!tokens.data || tokens.data.length === 0) return null;
  return (
    <Box component="section" aria-label="Registration tokens" mt={32}>
      <Title order={2} size="h4" mb="sm">
        Registration tokens
      </Title>
      <Stack gap="xs">
        {tokens.data.map(({ id, name, pools, expiresAt, uses }) => (
          <Card key={id} withBorder radius="lg" padding="sm">
            <Group justify="space-between" wrap="nowrap">
              <div style={{ minWidth: 0 }}>
                <Text truncate>{name}</Text>
                <Text size="xs" c="var(--e-dim)">
                  For {pools.join(', ')} · {uses === 0 ? 'not used yet' : `used ${uses === 1 ? 'once' : `${uses} times`}`} · works until{' '}
                  {formatMoment(expiresAt)}
                </Text>
              </div>
              <Button
                size="xs"
                variant="default"
                loading={revoke.isPending && revoke.variables === id}
                onClick={() => revoke.mutate(id)}
                aria-label={`Revoke ${name}`}
              >
                Revoke
              </Button>
            </Group>
          </Card>
        ))}
        {revoke.isError ? <FailureNote error={revoke.error} /> : null}
      </Stack>
    </Box>
  );
}
