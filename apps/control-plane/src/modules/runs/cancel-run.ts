/** A person wants a run, or one step of it, to stop. Ignores how processes are ended. */
import type { Actor } from '@ensemble/permissions';
import type { RunSummary } from '@ensemble/protocol';
import { notFound } from '../../platform/api-error.ts';
import type { ActiveRuns } from './active-runs.ts';
import { starterOf } from './begin-run.ts';
import { summaryOf } from './present-run.ts';
import { authorizedRun } from './read-runs.ts';
import type { ReadRunsPorts } from './read-runs.ts';
import { findRun, findStep } from './run-queries.ts';

export type CancelPorts = Pick<ReadRunsPorts, 'sql' | 'authorize'> & { runs: ActiveRuns };

/** Resolves once the request is recorded; running cards end a moment later. A finished run stays as it is. */
export async function cancelRun(ports: CancelPorts, actor: Actor, runId: string): Promise<RunSummary> {
  await authorizedToCancel(ports, actor, runId);
  await ports.runs.apply(runId, { kind: 'cancelRequested' });
  return summaryOf((await findRun(ports.sql, runId))!.row);
}

/** The same for one step; what depends on it is skipped. */
export async function cancelStep(ports: CancelPorts, actor: Actor, runId: string, nodeId: string): Promise<RunSummary> {
  await authorizedToCancel(ports, actor, runId);
  if (!(await findStep(ports.sql, runId, nodeId))) throw notFound('step');
  await ports.runs.apply(runId, { kind: 'stepCancelRequested', nodeId });
  return summaryOf((await findRun(ports.sql, runId))!.row);
}

/** RUN-28: whoever started it may, and whoever may cancel what others started. */
async function authorizedToCancel(ports: CancelPorts, actor: Actor, runId: string): Promise<void> {
  const { row } = await authorizedRun(ports, actor, 'run.cancel', runId);
  if (row.starter_id !== starterOf(actor).userId) await authorizedRun(ports, actor, 'run.cancelOthers', runId);
}
