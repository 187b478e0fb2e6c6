import { Select } from '@mantine/core';
import { isFinalStepState } from '@ensemble/protocol';
import type { RunDocumentStep } from '@ensemble/protocol';
import { ScrollText } from 'lucide-react';
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { useSearchParams } from 'react-router';
import { api } from '../../shared/api/api.ts';
import { useRunView, useSteps } from '../../shared/session/run-view.ts';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { logAddress } from './log-address.ts';
import { openLogFeed, type LogFeed } from './log-feed.ts';
import type { LogPlace } from './log-list.tsx';
import { LogView, type ShownLog } from './log-view.tsx';
import { hasLog } from './use-log-feed.ts';

/** More feeds than a socket may have are not opened: one step can be chosen then. */
const MOST_STEPS = 50;

/** The logs of all steps of a run, one under the other as they began, or of one of them. */
export function RunLog() {
  const { runId } = useRunView();
  const steps = useSteps();
  const [params, setParams] = useSearchParams();
  const chosen = params.get('step') ?? '';
  const at = Number(params.get('at') ?? NaN);
  const started = useMemo(
    () => [...steps].filter(([, step]) => hasLog(step)).sort(([, a], [, b]) => (a.startedAt ?? Infinity) - (b.startedAt ?? Infinity)),
    [steps],
  );
  const wanted = useMemo(() => started.filter(([nodeId]) => chosen === '' || nodeId === chosen).slice(0, MOST_STEPS), [started, chosen]);
  const logs = useFeedsOf(runId, wanted);
  const linkOf = useCallback(
    ({ section, position }: LogPlace) => `${window.location.origin}${logAddress(runId ?? '', logs[section]?.key, position)}`,
    [runId, logs],
  );
  if (runId === undefined || (steps.size > 0 && started.length === 0)) {
    return (
      <EmptyState icon={ScrollText} title="No log yet">
        What the cards of this run print is shown here as soon as they run.
      </EmptyState>
    );
  }
  return (
    <LogView
      key={chosen}
      logs={logs}
      label={chosen === '' ? 'Log of this run' : 'Log of this step'}
      start={chosen !== '' && Number.isSafeInteger(at) && at >= 0 ? { section: 0, position: at } : undefined}
      linkOf={linkOf}
      aside={
        <Select
          size="xs"
          w={210}
          aria-label="Step"
          allowDeselect={false}
          searchable
          value={chosen}
          onChange={(value) => setParams(value ? { step: value } : {})}
          data={[
            { value: '', label: `All steps (${started.length})` },
            ...started.map(([nodeId, step]) => ({ value: nodeId, label: step.title })),
          ]}
        />
      }
    />
  );
}

/** A feed for each step, opened when it begins and kept while the page is there. */
function useFeedsOf(runId: string | undefined, steps: readonly (readonly [string, RunDocumentStep])[]): readonly ShownLog[] {
  const open = useRef(new Map<string, { feed: LogFeed; stamp: string }>());
  const [logs, setLogs] = useState<readonly ShownLog[]>([]);
  useEffect(() => {
    if (runId === undefined) return;
    const kept = new Map<string, { feed: LogFeed; stamp: string }>();
    const shown = steps.map(([nodeId, step]): ShownLog => {
      const key = `${nodeId} ${step.attempt}`;
      const before = open.current.get(key);
      const feed = before?.feed ?? openLogFeed(runId, nodeId, step.attempt > 0 ? step.attempt : undefined);
      if (before && before.stamp !== step.state) feed.renew();
      kept.set(key, { feed, stamp: step.state });
      return {
        key: nodeId,
        title: step.title,
        feed,
        over: isFinalStepState(step.state),
        downloadUrl: api.logUrl(runId, nodeId, step.attempt),
      };
    });
    for (const [key, { feed }] of open.current) if (!kept.has(key)) feed.stop();
    open.current = kept;
    // oxlint-disable-next-line react/set-state-in-effect -- opening a feed has effects, so it cannot happen while rendering
    setLogs((before) =>
      before.length === shown.length && before.every((one, index) => one.feed === shown[index]?.feed && one.over === shown[index].over)
        ? before
        : shown,
    );
  }, [runId, steps]);
  useEffect(
    () => () => {
      for (const { feed } of open.current.values()) feed.stop();
      open.current = new Map();
    },
    [],
  );
  return logs;
}
