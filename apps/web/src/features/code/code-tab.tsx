import { Badge, Button } from '@mantine/core';
import { documentName } from '@ensemble/protocol';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import type { UseQueryResult } from '@tanstack/react-query';
import { FileX, SquarePen } from 'lucide-react';
import { lazy, Suspense, useMemo } from 'react';
import { Link } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { useSignedIn } from '../../shared/api/use-signed-in.ts';
import { useOpenCardPresence } from '../../shared/session/card-presence.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useLiveDocument } from '../../shared/session/use-live-document.ts';
import { cardAddress } from '../../shared/ui/card-address.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { FailureNote } from '../../shared/ui/failure-note.tsx';
import { CodeSkeleton } from './code-pane.tsx';
import classes from './code.module.css';
import { useCodeCheck } from './use-code-check.ts';

const ReadOnlyCode = lazy(async () => ({ default: (await import('./code-editor.tsx')).ReadOnlyCode }));
const SharedCode = lazy(async () => ({ default: (await import('./code-editor.tsx')).SharedCode }));

interface CodeTabProps {
  nodeId: string;
  entry: ProjectCardEntry | undefined;
  errorLine: number | undefined;
}

/** The source of a node's card. */
export function CodeTab({ nodeId, entry, errorLine }: CodeTabProps) {
  const { canEdit, past, projectId, pipelineId } = usePipelineSession();
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
        {past ? null : (
          <Button
            component={Link}
            to={cardAddress(projectId, entry.cardId, { line: errorLine, pipeline: pipelineId, node: nodeId })}
            size="compact-xs"
            variant="default"
            style={{ flex: 'none' }}
            leftSection={<SquarePen size={12} aria-hidden />}
          >
            Open editor
          </Button>
        )}
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
  const { cards } = usePipelineSession();
  const user = useSignedIn();
  const name = documentName('card', entry.cardId);
  const live = useLiveDocument(name, true, `ensemble ${user.id} ${name}`);
  const presence = useOpenCardPresence(live?.awareness);
  const source = useMemo(() => live && { text: live.doc.getText('source') }, [live]);
  const { result, manifest } = useCodeCheck(source, entry, cards);
  if (!live) return <CodeSkeleton />;
  return (
    <SharedCode
      path={entry.path}
      label={`Source of ${entry.path}`}
      live={live}
      presence={presence}
      readOnly={readOnly ? 'You are viewing. To edit, ask an owner of this project for editor rights.' : undefined}
      errorLine={errorLine}
      findings={result?.findings}
      manifest={manifest}
    />
  );
}
