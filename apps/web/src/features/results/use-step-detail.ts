import type { RunDocumentStep } from '@ensemble/protocol';
import { useQuery } from '@tanstack/react-query';
import { api } from '../../shared/api/api.ts';
import { keys } from '../../shared/api/queries.ts';

/** A step with its preview and artifacts, read again whenever the live state says that it moved on. */
export function useStepDetail(runId: string | undefined, nodeId: string, step: RunDocumentStep | undefined) {
  const stamp = step ? `${step.state} ${step.attempt} ${step.finishedAt ?? ''}` : '';
  return useQuery({
    queryKey: keys.step(runId ?? '', nodeId, stamp),
    queryFn: () => api.step(runId!, nodeId),
    enabled: runId !== undefined && step !== undefined,
    staleTime: Infinity,
  });
}
