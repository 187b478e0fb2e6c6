import { Outlet } from 'react-router';
import { SignInNeeded } from '../features/accounts/sign-in-needed.tsx';
import { useSession } from '../shared/api/queries.ts';
import { SignedInContext } from '../shared/api/use-signed-in.ts';
import { FailureNote } from '../shared/ui/failure-note.tsx';
import { PageShell } from '../shared/ui/page-shell.tsx';
import { PageSkeleton } from './page-skeleton.tsx';

/** Shows its children to people with a session and the way in to everybody else. */
export function RequireSession() {
  const session = useSession();
  if (session.isPending) return <PageSkeleton />;
  if (session.isError) {
    return (
      <PageShell signedIn={false}>
        <FailureNote title="Ensemble cannot be reached" error={session.error} onRetry={() => void session.refetch()} />
      </PageShell>
    );
  }
  if (!session.data.user) return <SignInNeeded />;
  return (
    <SignedInContext value={session.data.user}>
      <Outlet />
    </SignedInContext>
  );
}
