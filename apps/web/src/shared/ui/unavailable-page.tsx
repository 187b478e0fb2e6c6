import { Button } from '@mantine/core';
import { Compass } from 'lucide-react';
import { Link } from 'react-router';
import { ApiFailure } from '../api/api-client.ts';
import { EmptyState } from './empty-state.tsx';
import { FailureNote } from './failure-note.tsx';
import { PageShell } from './page-shell.tsx';

/** In place of a page about something that could not be read: the way back where it is not there, else another try. */
export function UnavailablePage({ what, error, onRetry }: { what: string; error: unknown; onRetry: () => void }) {
  const isMissing = error instanceof ApiFailure && error.status === 404;
  return (
    <PageShell>
      {isMissing ? (
        <EmptyState
          icon={Compass}
          title={`This ${what} is not here`}
          action={
            <Button component={Link} to="/">
              Go to your projects
            </Button>
          }
        >
          It does not exist, or you have no access to it. Whoever sent you here can invite you into the project.
        </EmptyState>
      ) : (
        <FailureNote title={`This ${what} cannot be shown`} error={error} onRetry={onRetry} />
      )}
    </PageShell>
  );
}
