import { Tooltip } from '@mantine/core';
import type { Pin as PinnedTo } from '@ensemble/pipeline';
import { History, Pin } from 'lucide-react';
import { usePinnedResult } from '../../shared/session/pinned-result.ts';
import classes from './card-node.module.css';

/** Says on a card that runs take its result from an earlier run, and whether it is still what the card would make. */
export function PinMark({ nodeId, pin }: { nodeId: string; pin: PinnedTo }) {
  const { run, gone, changed } = usePinnedResult(nodeId, pin);
  const name = run ? `run ${run.number}` : 'an earlier run';
  const text = gone
    ? 'Pinned to a result that is not there any more: unpin it.'
    : `Pinned: runs take the result of ${name} and do not execute this card.${changed ? ' Its settings, code or inputs have changed since.' : ''}`;
  return (
    <Tooltip label={text} multiline maw={260}>
      <span className={classes['pin']} data-tone={gone ? 'bad' : changed ? 'warn' : undefined} role="img" aria-label={text}>
        <Pin size={13} aria-hidden />
        {gone ? 'gone' : run && `run ${run.number}`}
        {!gone && changed ? <History size={12} aria-hidden /> : null}
      </span>
    </Tooltip>
  );
}
