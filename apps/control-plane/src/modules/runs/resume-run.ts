/**
 * Goes on with a run that failed or was cancelled, as a new run of the same version: what succeeded is taken as it is, and the
 * rest is executed. The older run stays what it came to.
 */
import type { Actor } from '@ensemble/permissions';
import { descendants, topologyOf } from '@ensemble/pipeline';
import { isFinalRunState } from '@ensemble/protocol';
import type { RunSummary } from '@ensemble/protocol';
import { ApiError } from '../../platform/api-error.ts';
import { insertAndBegin } from './begin-run.ts';
import { UpstreamHashes } from './cache/upstream-hashes.ts';
import { summaryOf } from './present-run.ts';
import { authorizedRun } from './read-runs.ts';
import { EarlierResults } from './resolve-pins.ts';
import type { PinnedResult } from './run-model.ts';
import type { LoadedRun } from './run-repository.ts';
import { manifestOf } from './run-version.ts';
import type { StartRunPorts } from './start-run.ts';
import { tellRunners } from './warm-up.ts';

/** Rejects with ApiError: not-found, forbidden, or conflict for a run that goes on, that succeeded, or that was a trial. */
export async function resumeRun(ports: StartRunPorts, actor: Actor, runId: string): Promise<RunSummary> {
  const { row, version } = await authorizedRun(ports, actor, 'run.start', runId);
  if (!isFinalRunState(row.state)) throw new ApiError('conflict', 'This run is still going on. Wait for its end, or cancel it first.');
  if (row.state === 'succeeded') throw new ApiError('conflict', 'Every step of this run succeeded: there is nothing left to run.');
  if (version.trial) throw new ApiError('conflict', 'A card that was run by itself is started again in its editor.');
  tellRunners(ports.bus, actor, row.project_id);
  const earlier = new EarlierResults(ports, row.project_id);
  const { loaded } = (await earlier.load(runId))!;
  const pinned = { ...version.pinned, ...(await resultsOf(earlier, loaded)) };
  const options = { ...row.options, resumes: { runId, number: row.number } };
  const again = { version: { ...version, pinned }, canvasHash: row.canvas_sha256, options };
  return summaryOf((await insertAndBegin(ports, actor, row.project_id, again)).row);
}

/**
 * What the run's executed steps left, by node. A result whose files are gone, or that needs files in the scratch folder, is none;
 * nor is what was made from it, which would no longer belong to what is made now.
 */
async function resultsOf(earlier: EarlierResults, { run, version }: LoadedRun): Promise<Record<string, PinnedResult>> {
  const upstream = new UpstreamHashes(version);
  const results = new Map<string, PinnedResult>();
  const lost: string[] = [];
  for (const { nodeId, phase } of run.steps.values()) {
    if (phase.state !== 'succeeded' || run.plan.steps.get(nodeId)!.pinned) continue;
    const { card } = version.graph.nodes.find(({ id }) => id === nodeId)!;
    const result = await earlier.resultOf(nodeId, run.runId, manifestOf(version, card).outputs, true);
    if (typeof result === 'string' || upstream.left(run, nodeId)) lost.push(nodeId);
    else results.set(nodeId, { ...result, kept: true });
  }
  const topology = topologyOf(
    version.graph.nodes.map(({ id }) => id),
    version.graph.edges,
  );
  for (const nodeId of descendants(topology, lost)) results.delete(nodeId);
  return Object.fromEntries(results);
}
