/** The newest trial of a card as everybody sees it, and starting and cancelling one. */
import type { JsonObject } from '@ensemble/cards';
import { isFinalRunState } from '@ensemble/protocol';
import type { ProjectTrialEntry, RunDocumentMeta, RunDocumentStep, TrialInput, TrialPlace } from '@ensemble/protocol';
import { useMutation } from '@tanstack/react-query';
import { useState } from 'react';
import { api } from '../../shared/api/api.ts';
import { useOpenRun } from '../../shared/session/run-view.ts';
import { useStore } from '../../shared/session/use-store.ts';

export interface ShownTrial {
  runId: string;
  number: number;
  nodeId: string;
  /** Undefined for one that I started a moment ago and the project has not heard of. */
  entry: ProjectTrialEntry | undefined;
  meta: RunDocumentMeta | undefined;
  step: RunDocumentStep | undefined;
  active: boolean;
}

interface TrialRequest {
  /** When it was asked for: what is refused is refused for as long as this holds. */
  stamp: string;
  place: TrialPlace | undefined;
  nodeId: string;
  inputs: Record<string, TrialInput>;
  config: JsonObject;
}

export function useTrial(projectId: string, cardId: string, entry: ProjectTrialEntry | undefined, saved: () => Promise<void>) {
  const [mine, setMine] = useState<{ runId: string; number: number; nodeId: string }>();
  const newest = mine && mine.number > (entry?.number ?? 0) ? mine : entry;
  const { view, stores } = useOpenRun(newest?.runId);
  const step = useStore(stores.stepOf(newest?.nodeId ?? ''));
  const start = useMutation({
    mutationFn: async ({ place, nodeId, inputs, config }: TrialRequest) => {
      // The server runs what it has: let my last keys arrive first.
      await saved();
      return api.startTrial(projectId, cardId, { ...(place ? { place } : {}), nodeId, inputs, config });
    },
    onSuccess: ({ id, number, nodeId }) => setMine({ runId: id, number, nodeId }),
  });
  const cancel = useMutation({ mutationFn: (runId: string) => api.cancelRun(runId) });
  const meta = view.runId === newest?.runId ? view.meta : undefined;
  const state = meta?.state ?? (newest === entry ? entry?.state : undefined);
  const shown: ShownTrial | undefined = newest && {
    runId: newest.runId,
    number: newest.number,
    nodeId: newest.nodeId,
    entry: newest === entry ? entry : undefined,
    meta,
    step,
    active: state === undefined || !isFinalRunState(state),
  };
  return { shown, start, cancel };
}
