import { Skeleton } from '@mantine/core';
import type { PipelineUse, ProjectCardEntry } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { Unplug } from 'lucide-react';
import { Link } from 'react-router';
import { MoveFormerNodes } from '../features/repair/move-former-nodes.tsx';
import { nodeCount, pipelineCount } from '../features/repair/move-text.ts';
import { api } from '../shared/api/api.ts';
import { EmptyState } from '../shared/ui/empty-state.tsx';
import { FailureNote } from '../shared/ui/failure-note.tsx';
import classes from './card-page.module.css';

/** The pipelines and nodes that have this card; each leads there. */
export function CardUsesList({ projectId, entry, mayEdit }: { projectId: string; entry: ProjectCardEntry; mayEdit: boolean }) {
  const uses = useQuery({
    queryKey: ['projects', projectId, 'cards', entry.cardId, 'uses', entry.manifest?.cardType ?? ''],
    queryFn: () => api.cardUses(projectId, entry.cardId),
    staleTime: 0,
  });
  if (uses.isPending) return <Skeleton height={60} m="md" />;
  if (uses.isError) return <FailureNote error={uses.error} onRetry={() => void uses.refetch()} />;
  const former = uses.data.former.flatMap(({ pipelines }) => pipelines);
  if (uses.data.pipelines.length === 0 && former.length === 0) {
    return (
      <EmptyState compact icon={Unplug} title="Not used yet">
        No pipeline of this project has a node with this card.
      </EmptyState>
    );
  }
  const { pipelines } = uses.data;
  const unnamed = entry.manifest?.displayName ?? entry.path;
  return (
    <>
      <MoveFormerNodes projectId={projectId} cardId={entry.cardId} uses={uses.data} canEdit={mayEdit} onMoved={() => void uses.refetch()} />
      <p className={classes['countOfUses']}>
        {nodeCount(pipelines.reduce((all, { count }) => all + count, 0))} in {pipelineCount(pipelines.length)}
      </p>
      <Uses pipelines={pipelines} unnamed={unnamed} note="" />
      <Uses pipelines={former} unnamed={unnamed} note=" (under a former card type)" />
    </>
  );
}

function Uses({ pipelines, unnamed, note }: { pipelines: readonly PipelineUse[]; unnamed: string; note: string }) {
  return (
    <ul className={classes['uses']}>
      {pipelines.map(({ pipelineId, name, count, nodes }) => (
        <li key={pipelineId}>
          <Link className={`${classes['use']} ${classes['usePipeline']}`} to={`/pipelines/${pipelineId}`}>
            {name}
            {note}
          </Link>
          <ul>
            {nodes.map(({ nodeId, title }) => (
              <li key={nodeId}>
                <Link
                  className={`${classes['use']} ${classes['useNode']}`}
                  to={`/pipelines/${pipelineId}?node=${encodeURIComponent(nodeId)}`}
                >
                  {title || unnamed}
                </Link>
              </li>
            ))}
          </ul>
          {count > nodes.length ? <span className={`${classes['use']} ${classes['useNode']}`}>and {count - nodes.length} more</span> : null}
        </li>
      ))}
    </ul>
  );
}
