/** A person wants a run, or one step of it, to stop. Ignores how processes are ended. */
import type { Actor } from '@ensemble/permissions';
import type { RunSummary } from '@ensemble/protocol';
import type { ActiveRuns } from './active-runs.ts';
import { summaryOf } from './present-run.ts';
import { authorizedRun, authorizedStep } from './read-runs.ts';
import type { ReadRunsPorts } from './read-runs.ts';

export type CancelPorts = Pick<ReadRunsPorts, 'sql' | 'authorize'> & { runs: ActiveRuns };

/** Resolves once the request is recorded; running cards end a moment later. A finished run stays as it is. */
export async function cancelRun(ports: CancelPorts, actor: Actor, runId: string): Promise<RunSummary> {
  await authorizedRun(ports, actor, 'run.cancel', runId);
  await ports.runs.apply(runId, { kind: 'cancelRequested' });
  return summaryOf((await authorizedRun(ports, actor, 'run.cancel', runId)).row);
}

/** The same for one step; what depends on it is skipped. */
export async function cancelStep(ports: CancelPorts, actor: Actor, runId: string, nodeId: string): Promise<RunSummary> {
  await authorizedStep(ports, actor, 'run.cancel', runId, nodeId);
  await ports.runs.apply(runId, { kind: 'stepCancelRequested', nodeId });
  return summaryOf((await authorizedRun(ports, actor, 'run.cancel', runId)).row);
}
