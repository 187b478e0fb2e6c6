import { isFinalStepState } from '@ensemble/protocol';
import type { MetricView, RunDocumentStep } from '@ensemble/protocol';
import { useQueries, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useRef } from 'react';
import { api } from '../../shared/api/api.ts';
import { watchLive } from '../../shared/session/live-socket.ts';
import { withNewPoints } from './curve-data.ts';

export interface Zoom {
  from: number;
  to: number;
}

const REREAD_MS = 1_000;
const keyOf = (runId: string, nodeId: string, stamp: string) => ['runs', runId, 'steps', nodeId, 'metrics', stamp] as const;

/** The curves of a step, live while it runs. */
export function useMetrics(runId: string | undefined, nodeId: string, step: RunDocumentStep | undefined) {
  const client = useQueryClient();
  const over = step !== undefined && isFinalStepState(step.state);
  const begun = step !== undefined && step.state !== 'pending' && step.state !== 'skipped';
  const stamp = `${step?.attempt ?? 0} ${over}`;
  const query = useQuery({
    queryKey: keyOf(runId ?? '', nodeId, stamp),
    queryFn: () => api.metrics(runId!, nodeId, {}),
    enabled: runId !== undefined && begun,
    staleTime: Infinity,
    placeholderData: (before: MetricView | undefined, last) =>
      last?.queryKey[1] === runId && last?.queryKey[3] === nodeId ? before : undefined,
  });
  const rereading = useRef<ReturnType<typeof setTimeout>>(undefined);
  const running = step?.state === 'running';
  useEffect(() => {
    if (runId === undefined || !running) return undefined;
    const key = keyOf(runId, nodeId, stamp);
    const reread = (): void => {
      rereading.current ??= setTimeout(() => {
        rereading.current = undefined;
        void client.invalidateQueries({ queryKey: key });
      }, REREAD_MS);
    };
    const watch = watchLive(
      { runId, nodeId, log: false, metrics: true },
      {
        onWatching: reread,
        onRefused: () => undefined,
        onMetrics: (news) => {
          const view = client.getQueryData<MetricView>(key);
          const next = view && withNewPoints(view, news);
          if (next) client.setQueryData(key, next);
          else reread();
        },
      },
    );
    return () => {
      clearTimeout(rereading.current);
      rereading.current = undefined;
      watch.stop();
    };
  }, [client, runId, nodeId, stamp, running]);
  return query;
}

/** The same node in other runs, each once, in the order that was asked for; also only between two steps. */
export function useCompared(runIds: readonly string[], nodeId: string, zoom: Zoom | undefined): (MetricView | undefined)[] {
  return useQueries({
    queries: runIds.map((runId) => ({
      queryKey: keyOf(runId, nodeId, `compared ${zoom?.from} ${zoom?.to}`),
      queryFn: () => api.metrics(runId, nodeId, zoom ?? {}),
      staleTime: 30_000,
    })),
    combine: (answers) => answers.map(({ data }) => data),
  });
}
