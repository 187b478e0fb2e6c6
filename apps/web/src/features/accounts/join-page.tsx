import { Button, Card, Skeleton, Stack, Text, TextInput, Title } from '@mantine/core';
import type { JoinInfo } from '@ensemble/protocol';
import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { PageShell } from '../../shared/ui/page-shell.tsx';

const ROLE_TEXT = {
  owner: 'You will own it: edit, run and invite others.',
  editor: 'You will be able to edit pipelines and cards, and start runs.',
  viewer: 'You will be able to watch pipelines and runs. Editing needs an editor link.',
};

function headingOf(info: JoinInfo): string {
  if (info.kind === 'owner') return 'Sign in as the owner of this installation';
  return info.projectName ? `Join the project “${info.projectName}”` : 'Join Ensemble';
}

function explanationOf(info: JoinInfo): string {
  if (info.kind === 'owner') return 'This one-time link signs you in with every right on this installation. Keep it to yourself.';
  return info.role ? ROLE_TEXT[info.role] : 'This invitation signs you in.';
}

/** Where owner links and invitations lead: says what the link is for, asks a name when needed, then redeems it. */
export function JoinPage() {
  const { token = '' } = useParams();
  const navigate = useNavigate();
  const client = useQueryClient();
  const [name, setName] = useState('');
  const info = useQuery({ queryKey: ['join', token], queryFn: () => api.joinInfo(token), staleTime: Infinity });
  const join = useMutation({
    mutationFn: () => api.join(token, info.data?.needsName ? name.trim() : undefined),
    onSuccess: async (result) => {
      await client.invalidateQueries({ queryKey: ['session'] });
      await navigate(result.projectId ? `/projects/${result.projectId}` : '/', { replace: true });
    },
  });
  const nameMissing = (info.data?.needsName ?? false) && name.trim() === '';

  return (
    <PageShell signedIn={false}>
      <Card withBorder padding="xl" radius="lg" maw={480} mx="auto" mt={24}>
        {info.isPending ? (
          <Stack role="status" aria-label="Reading the link">
            <Skeleton height={26} width="70%" />
            <Skeleton height={16} />
            <Skeleton height={36} mt="md" />
          </Stack>
        ) : null}
        {info.isError ? (
          <Stack>
            <FailureNote title="This link cannot be used" error={info.error} />
            <Text size="sm" c="var(--e-dim)">
              Ask whoever sent it for a new one. If you joined before in this browser, you are still signed in.
            </Text>
            <Button component={Link} to="/" variant="default" style={{ alignSelf: 'flex-start' }}>
              Go to your projects
            </Button>
          </Stack>
        ) : null}
        {info.data ? (
          <form
            onSubmit={(event) => {
              event.preventDefault();
              if (!nameMissing) join.mutate();
            }}
          >
            <Stack gap="md">
              <Title order={1} size="h3">
                {headingOf(info.data)}
              </Title>
              <Text c="var(--e-dim)">{explanationOf(info.data)}</Text>
              {info.data.needsName ? (
                <TextInput
                  label="Your name"
                  description="Others see it beside your cursor and your runs."
                  value={name}
                  onChange={(event) => setName(event.currentTarget.value)}
                  maxLength={80}
                  autoComplete="name"
                  data-autofocus
                  required
                />
              ) : null}
              {join.isError ? <FailureNote error={join.error} /> : null}
              <Button type="submit" size="md" loading={join.isPending} disabled={nameMissing}>
                {info.data.kind === 'owner' ? 'Sign in' : 'Join'}
              </Button>
            </Stack>
          </form>
        ) : null}
      </Card>
    </PageShell>
  );
}
