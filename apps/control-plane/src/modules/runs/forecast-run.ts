/** What a run would do if it were started now: the same reading, checks, keys and cache as a run, and nothing is written. */
import type { Actor } from '@ensemble/permissions';
import { topologyOf } from '@ensemble/pipeline';
import type { RunForecast } from '@ensemble/protocol';
import type { Sql } from '../../platform/database/database.ts';
import type { Run } from './run-model.ts';
import { newRun } from './run-model.ts';
import { planOfVersion } from './run-version.ts';
import { authorizedProject, readAndCheck } from './start-run.ts';
import type { StartRunPorts, WantedRun } from './start-run.ts';

type ForecastPorts = Pick<StartRunPorts, 'sources' | 'sql' | 'artifacts' | 'authorize' | 'projectOf' | 'runs'>;
type ForecastStep = RunForecast['steps'][number];

/** A node that ran in none of so many runs has changed a lot since. */
const RUNS_LOOKED_AT = 20;

export async function forecastRun(ports: ForecastPorts, actor: Actor, pipelineId: string, wanted: WantedRun): Promise<RunForecast> {
  const projectId = await authorizedProject(ports, actor, 'pipeline.read', pipelineId);
  const { version, options, problems } = await readAndCheck(ports, pipelineId, projectId, wanted);
  if (problems.length > 0) return { problems, sentence: '', steps: [] };
  const plan = planOfVersion(version, options);
  const [run, durations] = await Promise.all([
    ports.runs.foresee({ run: newRun('forecast', projectId, plan), version, specHashes: new Map() }),
    lastDurations(ports.sql, pipelineId),
  ]);
  const { order } = topologyOf(plan.steps.keys(), version.graph.edges);
  const steps = order.map((nodeId): ForecastStep => ({
    nodeId,
    title: plan.steps.get(nodeId)!.title,
    ...outcomeOf(run, nodeId),
    lastDurationMs: durations.get(nodeId) ?? null,
  }));
  return { problems: [], sentence: sentenceFor(steps), steps };
}

function outcomeOf(run: Run, nodeId: string): Pick<ForecastStep, 'outcome' | 'why'> {
  const { phase, why } = run.steps.get(nodeId)!;
  if (phase.state === 'succeeded') return { outcome: 'taken', why: why ?? '' };
  if (phase.state === 'queued' && phase.waitsFor === 'twin') return { outcome: 'taken', why: phase.reason };
  const { lookUp, upstream, why: fixed } = run.plan.steps.get(nodeId)!;
  // It has no result that could be looked up, whatever comes before it.
  if (phase.state === 'queued' || !lookUp) return { outcome: 'runs', why: why ?? fixed ?? 'Runs.' };
  const waitsFor = upstream.find((source) => run.steps.get(source)!.phase.state !== 'succeeded')!;
  return { outcome: 'open', why: `Known when “${run.plan.steps.get(waitsFor)!.title}” has run.` };
}

/** “5 of 9 steps from cache; Train runs because `max_depth` changed 5 → 7; last time 41 s.” */
function sentenceFor(steps: readonly ForecastStep[]): string {
  const taken = steps.filter(({ outcome }) => outcome === 'taken').length;
  const running = steps.filter(({ outcome }) => outcome === 'runs');
  const count = `${taken} of ${steps.length} ${steps.length === 1 ? 'step' : 'steps'} from cache`;
  if (taken === steps.length) return `${count}: nothing has changed.`;
  const [first] = running;
  if (!first) return `${count}.`;
  const why = first.why.replace(/^R/, 'r').replace(/\.$/, '');
  const others = running.length + steps.filter(({ outcome }) => outcome === 'open').length - 1;
  const more = others === 0 ? '' : `, and ${others} more may run`;
  const known = steps.flatMap(({ outcome, lastDurationMs }) => (outcome === 'taken' || lastDurationMs === null ? [] : [lastDurationMs]));
  const time = known.length === 0 ? '' : `; last time ${durationText(known.reduce((sum, ms) => sum + ms, 0))}`;
  return `${count}; ${first.title} ${why}${more}${time}.`;
}

function durationText(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const seconds = Math.round(ms / 1_000);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}

/** Of the newest executed steps of the pipeline, in milliseconds, by node. */
async function lastDurations(sql: Sql, pipelineId: string): Promise<Map<string, number>> {
  const rows = await sql.query<{ nodeId: string; ms: number }>(
    `WITH latest AS (SELECT id, number FROM run WHERE pipeline_id = $1 ORDER BY number DESC LIMIT $2::int)
     SELECT DISTINCT ON (step.node_id) step.node_id AS "nodeId",
       (extract(epoch FROM step.finished_at - step.started_at) * 1000)::float8 AS ms
     FROM step JOIN latest ON latest.id = step.run_id
     WHERE step.state = 'succeeded' AND NOT step.cached ORDER BY step.node_id, latest.number DESC`,
    [pipelineId, RUNS_LOOKED_AT],
  );
  return new Map(rows.map(({ nodeId, ms }) => [nodeId, ms]));
}
