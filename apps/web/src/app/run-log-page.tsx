import { Button, Skeleton } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { ArrowLeft, Compass } from 'lucide-react';
import { Link, useParams } from 'react-router';
import { RunLog } from '../features/logs/run-log.tsx';
import { ApiFailure } from '../shared/api/api-client.ts';
import { useRun } from '../shared/api/queries.ts';
import { RunStoresContext, RunViewContext, useOpenRun } from '../shared/session/run-view.ts';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import { FailureNote } from '../shared/ui/failure-note.tsx';
import { AccountMenu, Brand, PageShell } from '../shared/ui/page-shell.tsx';
import { StateBadge } from '../shared/ui/state-badge.tsx';
import { ThemeToggle } from '../shared/ui/theme-toggle.tsx';
import classes from './run-log-page.module.css';

/** The log of a run in the whole window; the address names a step and a line of it. */
export function RunLogPage() {
  const { runId = '' } = useParams();
  const run = useRun(runId);
  const { view, stores } = useOpenRun(run.data ? runId : undefined);
  useDocumentTitle(run.data ? `Log of run ${run.data.number} · Ensemble` : 'Log · Ensemble');
  if (run.error instanceof ApiFailure && run.error.status === 404) {
    return (
      <PageShell>
        <EmptyState
          icon={Compass}
          title="This run is not here"
          action={
            <Button component={Link} to="/">
              Go to your projects
            </Button>
          }
        >
          It does not exist, or you have no access to it.
        </EmptyState>
      </PageShell>
    );
  }
  if (run.error) {
    return (
      <PageShell>
        <FailureNote title="This log cannot be shown" error={run.error} onRetry={() => void run.refetch()} />
      </PageShell>
    );
  }
  return (
    <div className={classes['page']}>
      <header className={classes['top']}>
        <Brand />
        <h1 className={classes['title']}>Log of run {run.data?.number ?? '…'}</h1>
        {run.data ? <StateBadge state={view.meta?.state ?? run.data.state} /> : null}
        <span className={classes['spacer']} />
        {run.data ? (
          <Button
            component={Link}
            to={`/projects/${run.data.projectId}`}
            size="xs"
            variant="default"
            leftSection={<ArrowLeft size={13} aria-hidden />}
          >
            Project
          </Button>
        ) : null}
        <ThemeToggle />
        <AccountMenu />
      </header>
      <main className={classes['main']}>
        {view.runId === undefined ? (
          <Skeleton height="100%" />
        ) : (
          <RunViewContext value={view}>
            <RunStoresContext value={stores}>
              <RunLog />
            </RunStoresContext>
          </RunViewContext>
        )}
      </main>
    </div>
  );
}
