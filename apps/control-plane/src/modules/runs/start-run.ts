/** Starts a run of a pipeline as it is now, or says everything that keeps it from running. Ignores how steps are executed. */
import type { Actor } from '@ensemble/permissions';
import type { RunScope, RunSummary } from '@ensemble/protocol';
import type { Problem } from '../../platform/api-error.ts';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Sql } from '../../platform/database/database.ts';
import { beginRun } from './begin-run.ts';
import type { BeginRunPorts } from './begin-run.ts';
import { unknownFiles } from './check-files.ts';
import { PartialRun } from './partial-run.ts';
import type { Artifacts, Authorize, ConfigOverride } from './ports.ts';
import { summaryOf } from './present-run.ts';
import { readForRun } from './read-pipeline.ts';
import type { PipelineReading, PipelineSources } from './read-pipeline.ts';
import { resolvePins } from './resolve-pins.ts';
import type { RunOptions } from './run-options.ts';
import { tellOfEnvironments, tellRunners } from './warm-up.ts';
import type { WarmUpPorts } from './warm-up.ts';

export interface StartRunPorts extends BeginRunPorts {
  sources: PipelineSources;
  bus: WarmUpPorts['bus'];
  sql: Sql;
  artifacts: Pick<Artifacts, 'put' | 'size'>;
  authorize: Authorize;
  /** Undefined when there is no such pipeline. */
  projectOf(pipelineId: string): Promise<string | undefined>;
}

export interface WantedRun {
  overrides: readonly ConfigOverride[];
  scope?: RunScope | undefined;
  force?: boolean;
}

/** Rejects with ApiError: not-found, forbidden, or invalid-pipeline with every problem. */
export async function startRun(ports: StartRunPorts, actor: Actor, pipelineId: string, wanted: WantedRun): Promise<RunSummary> {
  const projectId = await authorizedProject(ports, actor, 'run.start', pipelineId);
  tellRunners(ports.bus, actor, projectId);
  const reading = await readAndCheck(ports, pipelineId, projectId, wanted);
  const { problems } = reading;
  if (problems.length > 0) throw new ApiError('invalid-pipeline', sentenceFor(problems), problems);
  tellOfEnvironments(ports.bus, actor, projectId, Object.values(reading.version.manifests));
  const loaded = await beginRun(ports, actor, projectId, reading);
  return summaryOf(loaded.row);
}

/** What would keep the pipeline from running at this moment; for whoever may read it. */
export async function checkPipeline(
  ports: Pick<StartRunPorts, 'sources' | 'sql' | 'artifacts' | 'authorize' | 'projectOf'>,
  actor: Actor,
  pipelineId: string,
  wanted: WantedRun,
): Promise<Problem[]> {
  const projectId = await authorizedProject(ports, actor, 'pipeline.read', pipelineId);
  return (await readAndCheck(ports, pipelineId, projectId, wanted)).problems;
}

export type CheckedPipeline = PipelineReading & { options: RunOptions };

export async function readAndCheck(
  { sources, sql, artifacts }: Pick<StartRunPorts, 'sources' | 'sql' | 'artifacts'>,
  pipelineId: string,
  projectId: string,
  { overrides, scope, force }: WantedRun,
): Promise<CheckedPipeline> {
  const part = scope && new PartialRun(sql, pipelineId, scope);
  const reading = await readForRun(sources, pipelineId, projectId, overrides, async (content, read) =>
    part ? part.narrow(content, read) : { part: content, problems: [] },
  );
  const { version, pins, idle } = reading;
  const { pinned, problems } = await resolvePins({ sql, artifacts }, projectId, version, pins, part?.kept);
  const forced = force ? true : part?.forced;
  return {
    ...reading,
    options: { ...(scope && { scope }), ...(forced && { force: forced }) },
    version: pins.size > 0 ? { ...version, pinned } : version,
    problems: [...reading.problems, ...problems, ...(await unknownFiles(sql, projectId, version, idle))],
  };
}

export async function authorizedProject(
  ports: Pick<StartRunPorts, 'authorize' | 'projectOf'>,
  actor: Actor,
  action: 'run.start' | 'run.read' | 'pipeline.read' | 'artifact.read',
  pipelineId: string,
): Promise<string> {
  const projectId = await ports.projectOf(pipelineId);
  if (projectId === undefined) throw notFound('pipeline');
  await ports.authorize(actor, action, projectId);
  return projectId;
}

function sentenceFor(problems: readonly Problem[]): string {
  const [first] = problems;
  if (problems.length === 1) return first!.message;
  return `This pipeline cannot run: ${problems.length} problems. The first: ${first!.message}`;
}
