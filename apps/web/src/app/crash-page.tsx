import { Button } from '@mantine/core';
import { CircleAlert, Compass } from 'lucide-react';
import { Link, isRouteErrorResponse, useRouteError } from 'react-router';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import { PageShell } from '../shared/ui/page-shell.tsx';

export function NotFoundPage() {
  return (
    <PageShell signedIn={false}>
      <EmptyState
        icon={Compass}
        title="There is nothing at this address"
        action={
          <Button component={Link} to="/">
            Go to your projects
          </Button>
        }
      >
        The link may be mistyped, or what it pointed to is gone.
      </EmptyState>
    </PageShell>
  );
}

/** The last resort when a page fails to render. */
export function CrashPage() {
  const error = useRouteError();
  if (isRouteErrorResponse(error) && error.status === 404) return <NotFoundPage />;
  return (
    <PageShell signedIn={false}>
      <EmptyState
        icon={CircleAlert}
        title="This page stopped working"
        action={<Button onClick={() => window.location.reload()}>Reload the page</Button>}
      >
        Your edits are kept: whatever was marked Saved is on the server, the rest is in this browser.
        {error instanceof Error ? <pre style={{ whiteSpace: 'pre-wrap', fontSize: 12 }}>{error.message}</pre> : null}
      </EmptyState>
    </PageShell>
  );
}
