import { Anchor, Button, Text, Tooltip } from '@mantine/core';
import type { Pin as PinnedTo, ProjectedNode } from '@ensemble/pipeline';
import { Pin, PinOff } from 'lucide-react';
import { Link } from 'react-router';
import { usePinnedResult } from '../../shared/session/pinned-result.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { useRunView, useStepOf } from '../../shared/session/run-view.ts';
import { formatAgo } from '../../shared/ui/times.ts';
import { useNow } from '../../shared/ui/use-now.ts';
import classes from './runs.module.css';
import { pinOf, usePins } from './use-pins.ts';

/** Pins the result of a card, or says which result it is pinned to. Nothing while there is no result to pin. */
export function PinNote({ node }: { node: ProjectedNode }) {
  const { canEdit } = usePipelineSession();
  const { runId } = useRunView();
  const step = useStepOf(node.id);
  const { pin } = usePins();
  // It passes its input on: neither its result nor its pin counts.
  if (node.bypassed) return null;
  if (node.pin) return <PinnedNote nodeId={node.id} pin={node.pin} />;
  if (!canEdit || !pinOf(runId, step)) return null;
  return (
    <div className={classes['pinOffer']}>
      <Tooltip label="The next runs take this result and do not execute the card (P)" multiline maw={240}>
        <Button size="compact-xs" variant="default" leftSection={<Pin size={12} aria-hidden />} onClick={() => pin([node.id])}>
          Pin this result
        </Button>
      </Tooltip>
    </div>
  );
}

function PinnedNote({ nodeId, pin }: { nodeId: string; pin: PinnedTo }) {
  const { canEdit, pipelineId } = usePipelineSession();
  const { run, gone, changed } = usePinnedResult(nodeId, pin);
  const { unpin } = usePins();
  const now = useNow(true, 30_000);
  return (
    <section className={classes['pinned']} data-tone={gone ? 'bad' : changed ? 'warn' : undefined} aria-label="Pinned result">
      <Pin size={14} aria-hidden />
      <div className={classes['pinnedText']}>
        {gone ? (
          <Text size="xs">The result that this card is pinned to is not there any more. Unpin it to run the card again.</Text>
        ) : (
          <Text size="xs">
            Pinned to{' '}
            {run ? (
              <>
                <Anchor component={Link} size="xs" to={`/pipelines/${pipelineId}/runs/${run.id}`}>
                  run {run.number}
                </Anchor>{' '}
                ({run.starter.name}, {formatAgo(run.createdAt, now)})
              </>
            ) : (
              'an earlier run'
            )}
            : runs take this result and do not execute the card.
          </Text>
        )}
        {changed && !gone ? (
          <Text size="xs" fw={550}>
            Changed since: its settings, its code or what feeds it are not what they were.
          </Text>
        ) : null}
      </div>
      {canEdit ? (
        <Button size="compact-xs" variant="default" leftSection={<PinOff size={12} aria-hidden />} onClick={() => unpin([nodeId])}>
          Unpin
        </Button>
      ) : null}
    </section>
  );
}
