import { Badge, Skeleton } from '@mantine/core';
import { documentName } from '@ensemble/protocol';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { FileX } from 'lucide-react';
import { lazy, Suspense } from 'react';
import { api } from '../../shared/api/api.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useLiveDocument } from '../../shared/session/use-live-document.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import classes from './code.module.css';

const ReadOnlyCode = lazy(async () => ({ default: (await import('./code-editor.tsx')).ReadOnlyCode }));
const SharedCode = lazy(async () => ({ default: (await import('./code-editor.tsx')).SharedCode }));

/** The source of a node's card. */
export function CodeTab({ entry, errorLine }: { entry: ProjectCardEntry | undefined; errorLine: number | undefined }) {
  const { canEdit, past } = usePipelineSession();
  if (!entry) {
    return (
      <EmptyState compact icon={FileX} title="Unknown card">
        This project has no card of this type, so there is no code to show.
      </EmptyState>
    );
  }
  const note = past ? 'as it was in this run' : entry.builtIn ? 'built in, read-only' : canEdit ? 'shared, edited live' : 'read-only';
  return (
    <div className={classes['tab']}>
      <div className={classes['bar']}>
        <span className={classes['path']} title={entry.path}>
          {entry.path}
        </span>
        <Badge variant="default" tt="none" fw={500} size="sm" style={{ flex: 'none' }}>
          {note}
        </Badge>
      </div>
      <div className={classes['body']}>
        <Suspense fallback={<CodeSkeleton />}>
          {past ? (
            <PastCode runId={past.runId} entry={entry} errorLine={errorLine} />
          ) : entry.builtIn ? (
            <BuiltInCode entry={entry} errorLine={errorLine} />
          ) : (
            <ProjectCode entry={entry} errorLine={errorLine} readOnly={!canEdit} />
          )}
        </Suspense>
      </div>
    </div>
  );
}

function BuiltInCode({ entry, errorLine }: { entry: ProjectCardEntry; errorLine: number | undefined }) {
  const source = useQuery({
    queryKey: ['cards', entry.cardId, 'source', entry.sourceHash],
    queryFn: () => api.cardSource(entry.cardId),
    staleTime: Infinity,
  });
  return <StoredCode path={entry.path} source={source} errorLine={errorLine} />;
}

function PastCode({ runId, entry, errorLine }: { runId: string; entry: ProjectCardEntry; errorLine: number | undefined }) {
  const source = useQuery({
    queryKey: ['runs', runId, 'cards', entry.cardId, 'source'],
    queryFn: () => api.cardSourceAtRun(runId, entry.cardId),
    staleTime: Infinity,
  });
  // Monaco keeps one text per name: this one must not be taken for the present one.
  return <StoredCode path={`${runId}/${entry.path}`} source={source} errorLine={errorLine} />;
}

function StoredCode({
  path,
  source,
  errorLine,
}: {
  path: string;
  source: UseQueryResult<{ path: string; source: string }>;
  errorLine: number | undefined;
}) {
  if (source.isPending) return <CodeSkeleton />;
  if (source.isError) return <FailureNote error={source.error} onRetry={() => void source.refetch()} />;
  return <ReadOnlyCode path={path} label={`Source of ${source.data.path}`} source={source.data.source} errorLine={errorLine} />;
}

function ProjectCode({ entry, errorLine, readOnly }: { entry: ProjectCardEntry; errorLine: number | undefined; readOnly: boolean }) {
  const live = useLiveDocument(documentName('card', entry.cardId), true);
  if (!live) return <CodeSkeleton />;
  return <SharedCode path={entry.path} label={`Source of ${entry.path}`} live={live} readOnly={readOnly} errorLine={errorLine} />;
}

function CodeSkeleton() {
  return (
    <div style={{ padding: 14 }} role="status" aria-label="Loading the code">
      {[70, 45, 80, 60, 30, 66].map((width) => (
        <Skeleton key={width} height={10} mt={10} width={`${width}%`} />
      ))}
    </div>
  );
}
