import { Card, Group, Skeleton, Stack, Text, Title } from '@mantine/core';
import { useMembers } from '../../shared/api/queries.ts';
import { useSignedIn } from '../../shared/api/use-signed-in.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { PersonAvatar } from '../../shared/ui/person-avatar.tsx';

export function MemberList({ projectId }: { projectId: string }) {
  const members = useMembers(projectId);
  const me = useSignedIn();
  return (
    <section aria-label="Members">
      <Title order={2} size="h5" mb="xs">
        Members
      </Title>
      {members.isError ? <FailureNote error={members.error} onRetry={() => void members.refetch()} /> : null}
      {members.isPending ? <Skeleton height={62} radius={10} /> : null}
      {members.data ? (
        <Card withBorder radius={10} padding="md">
          <Stack gap="sm" component="ul" m={0} p={0} style={{ listStyle: 'none' }}>
            {members.data.map((member) => (
              <Group key={member.userId} component="li" gap="sm" wrap="nowrap">
                <PersonAvatar name={member.name} size={30} />
                <div style={{ flex: 1, minWidth: 0 }}>
                  <Text size="sm" fw={500} truncate>
                    {member.name}
                    {member.userId === me.id ? ' (you)' : ''}
                  </Text>
                </div>
                <Text size="xs" c="var(--e-dim)">
                  {member.role}
                </Text>
              </Group>
            ))}
          </Stack>
        </Card>
      ) : null}
    </section>
  );
}
