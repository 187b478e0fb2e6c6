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
  useEffect(() => {
    if (!wanted || matcher instanceof Error) return undefined;
    const scans = new Map<LogFeed, LogScan>();
    const scanOf = (feed: LogFeed): LogScan => {
      const scan = scans.get(feed) ?? new LogScan(matcher ?? (() => true), wanted.levels);
      scans.set(feed, scan);
      return scan;
    };
    let timer: ReturnType<typeof setTimeout>;
    const go = (): void => {
      let waits = WAIT_MS;
      let busy = false;
      for (const { feed, over } of latest.current) {
        const answer = scanOf(feed).run(feed.book, over, BUDGET_MS, () => performance.now());
        if (answer === 'more') waits = 0;
        if (answer !== 'end') busy = true;
        if (typeof answer === 'object') feed.fetch(answer.missing);
      }
      const found = latest.current.map(({ feed }) => scanOf(feed).found);
      const count = found.reduce((sum, { length }) => sum + length, 0);
      setState((before) =>
        before.busy === busy && before.stamp === count && before.found.length === found.length && before.found[0] === found[0]
          ? before
          : { found, stamp: count, busy, problem: undefined },
      );
      timer = setTimeout(go, waits);
    };
    go();
    return () => clearTimeout(timer);
  }, [wanted, matcher]);
  if (!wanted) return NOTHING;
  return matcher instanceof Error ? { ...NOTHING, problem: matcher.message } : state;
}
