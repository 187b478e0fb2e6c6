/** Small runs for tests: plans by a shorthand, results, and a context whose ids and jitter are known. */
import type { AttemptResult, StepError } from '@ensemble/protocol';
import type { DecideContext } from './run-lifecycle.ts';
import type { PinnedResult, Run, RunPlan, Step } from './run-model.ts';
import { liveAttemptOf, newRun, planOf } from './run-model.ts';

/** What an older run made of a node. */
export const pinnedResult = (nodeId: string): PinnedResult => ({
  runId: 'older',
  runNumber: 3,
  outputs: [{ key: 'out', type: 'dataframe', declared: true, ref: `${nodeId}/out.parquet`, sha256: 'a'.repeat(64), bytes: 3 }],
  preview: null,
  previewError: null,
  log: null,
  outputViewType: 'table',
  upstream: [],
  lineage: nodeId,
});

/** `{ b: ['a'] }`: b takes inputs from a. */
function planFor(
  graph: Record<string, string[]>,
  cardRetries: Record<string, number>,
  pinned: ReadonlySet<string>,
  lookUp: boolean,
): RunPlan {
  return planOf(
    Object.entries(graph).map(([nodeId, upstream]) => ({
      nodeId,
      title: nodeId.toUpperCase(),
      upstream,
      need: { pool: 'cpu', gpus: 0 },
      outputs: [],
      cardRetries: cardRetries[nodeId] ?? 0,
      ...(pinned.has(nodeId) && { pinned: pinnedResult(nodeId) }),
      ...(lookUp && { lookUp }),
    })),
  );
}

export const runFor = (
  graph: Record<string, string[]>,
  cardRetries: Record<string, number> = {},
  pinned: ReadonlySet<string> = new Set(),
  lookUp = false,
): Run => newRun('run', 'project', planFor(graph, cardRetries, pinned, lookUp));

export function countingContext(now = 1_000): DecideContext & { now: number } {
  let attempts = 0;
  return { now, newAttemptId: () => `attempt-${++attempts}`, random: () => 0.5 };
}

export function resultFor(attemptId: string, nodeId: string, changes: Partial<AttemptResult> = {}): AttemptResult {
  const ids = { v: 1, attemptId, runId: 'run', nodeId, runnerId: 'runner' } as const;
  return { ...ids, outcome: 'succeeded', outputs: [], isolation: 'L2', warm: 'card', durationMs: 5, ...changes };
}

export const failure = (kind: StepError['kind'], message = 'It did not work.'): Partial<AttemptResult> => ({
  outcome: 'failed',
  error: { kind, message },
});

export const statesOf = (run: Run): Record<string, string> =>
  Object.fromEntries([...run.steps.values()].map((step) => [step.nodeId, step.phase.state]));

export function stepOf(run: Run, nodeId: string): Step {
  const step = run.steps.get(nodeId);
  if (!step) throw new Error(`no step ${nodeId}`);
  return step;
}

export function liveOf(run: Run, nodeId: string): string {
  const attemptId = liveAttemptOf(stepOf(run, nodeId));
  if (attemptId === undefined) throw new Error(`no live attempt of ${nodeId}`);
  return attemptId;
}
