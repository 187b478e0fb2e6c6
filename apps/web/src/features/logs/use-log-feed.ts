import { isFinalStepState } from '@ensemble/protocol';
import type { RunDocumentStep } from '@ensemble/protocol';
import { useEffect, useMemo, useRef } from 'react';
import { useOpened } from '../../shared/session/use-opened.ts';
import { openLogFeed, type LogFeed } from './log-feed.ts';

const open = (key: string): LogFeed => {
  const [runId, nodeId, attempt] = JSON.parse(key) as [string, string, number];
  return openLogFeed(runId, nodeId, attempt > 0 ? attempt : undefined);
};
const close = (feed: LogFeed) => feed.stop();

/** The feed of one attempt, without `attempt` of the latest. It is asked for anew when the step begins or ends. */
export function useLogFeed(
  runId: string | undefined,
  nodeId: string,
  step: RunDocumentStep | undefined,
  attempt?: number,
): LogFeed | undefined {
  const number = attempt ?? step?.attempt ?? 0;
  const key = useMemo(
    () => (runId === undefined || !hasLog(step) ? undefined : JSON.stringify([runId, nodeId, number])),
    // eslint-disable-next-line react-hooks/exhaustive-deps -- of the step only whether it has a log counts
    [runId, nodeId, number, hasLog(step)],
  );
  const feed = useOpened(key, open, close);
  const stamp = step === undefined ? '' : step.state;
  const opened = useRef<{ feed: LogFeed; stamp: string }>(undefined);
  useEffect(() => {
    if (!feed) return;
    if (opened.current?.feed === feed && opened.current.stamp !== stamp) feed.renew();
    opened.current = { feed, stamp };
  }, [feed, stamp]);
  return feed;
}

/** Steps that have not begun, and those that never will, have printed nothing. */
export const hasLog = (step: RunDocumentStep | undefined): boolean =>
  step !== undefined && (step.attempt > 0 || isFinalStepState(step.state)) && step.state !== 'pending' && step.state !== 'skipped';
