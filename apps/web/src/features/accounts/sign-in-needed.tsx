import { Card, Code, List, Stack, Text, Title } from '@mantine/core';
import { PageShell } from '../../shared/ui/page-shell.tsx';

/** Ensemble has no password form: people come in by links. This page says where to get one. */
export function SignInNeeded() {
  return (
    <PageShell signedIn={false}>
      <Card withBorder padding="xl" radius="lg" maw={560} mx="auto" mt={24}>
        <Stack gap="md">
          <Title order={1} size="h3">
            You need a link to sign in
          </Title>
          <Text size="md" c="var(--e-dim)">
            People come into Ensemble by a personal link, not by a password. Open yours in this browser and you stay signed in.
          </Text>
          <List spacing="md" size="md">
            <List.Item>
              <Text fw={600}>You were invited</Text>
              <Text c="var(--e-dim)" size="sm">
                Open the invitation link that a project owner sent you. If it has expired, ask for a new one.
              </Text>
            </List.Item>
            <List.Item>
              <Text fw={600}>You run this installation</Text>
              <Text c="var(--e-dim)" size="sm">
                Print a new owner link in the folder where Ensemble is installed:
              </Text>
              <Code block mt={8}>
                npm run -s ensemble -- owner-link
              </Code>
            </List.Item>
          </List>
        </Stack>
      </Card>
    </PageShell>
  );
}
