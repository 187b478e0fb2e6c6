import { useEffect, useMemo, useRef, useState } from 'react';
import type { LogFeed } from './log-feed.ts';
import { LogScan, matcherOf, type Wanted } from './scan-log.ts';

/** Of a frame, so that the page stays fluent. */
const BUDGET_MS = 8;
const WAIT_MS = 60;

export interface ScanState {
  /** Positions by feed, in their order; they grow in place, `stamp` tells that they did. */
  found: readonly (readonly number[])[];
  stamp: number;
  busy: boolean;
  problem: string | undefined;
}

const NOTHING: ScanState = { found: [], stamp: 0, busy: false, problem: undefined };

/** Goes through whole logs, fetching what is missing, for as long as something is wanted. Undefined: nothing is. */
export function useScan(feeds: readonly { feed: LogFeed; over: boolean }[], wanted: Wanted | undefined): ScanState {
  const matcher = useMemo(() => (wanted ? matcherOf(wanted) : undefined), [wanted]);
  const [state, setState] = useState(NOTHING);
  const latest = useRef(feeds);
  useEffect(() => void (latest.current = feeds), [feeds]);
  const identity = feeds.length;
  useEffect(() => {
    if (!wanted || matcher instanceof Error) return undefined;
    const scans = latest.current.map(() => new LogScan(matcher ?? (() => true), wanted.levels));
    let timer: ReturnType<typeof setTimeout>;
    let stamp = 0;
    const go = (): void => {
      let waits = WAIT_MS;
      let busy = false;
      latest.current.forEach(({ feed, over }, at) => {
        const answer = scans[at]?.run(feed.book, over, BUDGET_MS, () => performance.now());
        if (answer === 'more') waits = 0;
        if (answer !== 'end' && answer !== undefined) busy = true;
        if (typeof answer === 'object') feed.fetch(answer.missing);
      });
      const count = scans.reduce((sum, { found }) => sum + found.length, 0);
      setState((before) =>
        before.busy === busy && count === stamp && before.found[0] === scans[0]?.found
          ? before
          : { found: scans.map(({ found }) => found), stamp: (stamp = count), busy, problem: undefined },
      );
      timer = setTimeout(go, waits);
    };
    go();
    return () => clearTimeout(timer);
  }, [wanted, matcher, identity]);
  if (!wanted) return NOTHING;
  return matcher instanceof Error ? { ...NOTHING, problem: matcher.message } : state;
}
