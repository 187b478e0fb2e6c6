/**
 * Walks from a step to what it was made from and to what used it, within one project. Everything comes from what runs wrote down
 * anyway: versions, outputs, hashes. The same bytes in another project are none of the asker's business.
 */
import type { JsonValue } from '@ensemble/cards';
import type { Actor } from '@ensemble/permissions';
import type { ArtifactLineage, LineageStep, OutputArtifact, StepLineage } from '@ensemble/protocol';
import { notFound } from '../../../platform/api-error.ts';
import type { Sql } from '../../../platform/database/database.ts';
import { authorizedStep } from '../read-runs.ts';
import type { ReadRunsPorts } from '../read-runs.ts';
import { findRun, listSteps } from '../run-queries.ts';
import type { FoundRun } from '../run-queries.ts';
import type { StepRow } from '../run-rows.ts';
import { pinnedIn } from '../run-version.ts';

export type LineagePorts = Pick<ReadRunsPorts, 'sql' | 'authorize'>;

/** Newest first; more are told of, not listed. */
const MOST_HOLDERS = 40;
const MOST_USES = 60;

interface RunFacts extends FoundRun {
  steps: ReadonlyMap<string, StepRow>;
}

/** Throws not-found for what is not there and for what is not the actor's. */
export async function stepLineage(ports: LineagePorts, actor: Actor, runId: string, nodeId: string): Promise<StepLineage> {
  const { row } = await authorizedStep(ports, actor, 'artifact.read', runId, nodeId);
  const project = new ProjectRuns(ports.sql, row.project_id);
  const here = (await project.run(runId))!;
  const step = here.steps.get(nodeId)!;
  const made = step.cached ? await project.makerOf(here, step) : undefined;
  const origin = made ?? { run: here, nodeId };
  const { graph } = origin.run.version;
  const node = graph.nodes.find(({ id }) => id === origin.nodeId);
  const config = node?.config ?? {};
  const card = node && Object.hasOwn(graph.cards, node.card) ? graph.cards[node.card] : undefined;
  const inputs = graph.edges
    .filter(({ target }) => target === origin.nodeId)
    .map(({ source, sourcePort, targetPort }) => {
      const artifact = origin.run.steps.get(source)?.outputs.find(({ key, declared }) => declared && key === sourcePort);
      return { port: targetPort, from: placeOf(origin.run, source), artifact: artifact ? bytesOf(artifact) : null };
    });
  const outputs = await Promise.all(step.outputs.map(async (output) => ({ ...bytesOf(output), ...(await project.usesOf(output.sha256)) })));
  return {
    step: placeOf(here, nodeId),
    madeIn: made ? placeOf(made.run, made.nodeId) : null,
    card: card ? { path: card.path, sourceHash: card.sourceHash } : null,
    config,
    files: Object.entries(config).flatMap(([field, value]) => filesIn(value).map((file) => ({ field, ...file }))),
    inputs,
    outputs,
  };
}

/** Throws not-found when the project has no such artifact, whoever else may have it. */
export async function artifactLineage(ports: LineagePorts, actor: Actor, projectId: string, sha256: string): Promise<ArtifactLineage> {
  await ports.authorize(actor, 'artifact.read', projectId);
  const project = new ProjectRuns(ports.sql, projectId);
  const holders = await project.holdersOf(sha256, MOST_HOLDERS + 1);
  if (holders.length === 0) throw notFound('artifact');
  const shown = await Promise.all(
    holders.slice(0, MOST_HOLDERS).map(async ({ runId, nodeId }) => placeOf((await project.run(runId))!, nodeId)),
  );
  return { made: shown.filter(({ cached }) => !cached), reused: shown.filter(({ cached }) => cached), more: holders.length > MOST_HOLDERS };
}

/** The runs of one project, each read once. */
class ProjectRuns {
  readonly #sql: Sql;
  readonly #projectId: string;
  readonly #runs = new Map<string, Promise<RunFacts | undefined>>();

  constructor(sql: Sql, projectId: string) {
    this.#sql = sql;
    this.#projectId = projectId;
  }

  /** Undefined for a run that is none of this project's. */
  run(runId: string): Promise<RunFacts | undefined> {
    let found = this.#runs.get(runId);
    if (!found) this.#runs.set(runId, (found = this.#read(runId)));
    return found;
  }

  /** Steps that have these bytes among their outputs, newest first. */
  holdersOf(sha256: string, limit: number): Promise<{ runId: string; nodeId: string }[]> {
    return this.#sql.query(
      `SELECT step.run_id AS "runId", step.node_id AS "nodeId" FROM step JOIN run ON run.id = step.run_id
       WHERE run.project_id = $1 AND step.outputs @> $2::jsonb ORDER BY run.created_at DESC, run.number DESC, step.node_id LIMIT $3::int`,
      [this.#projectId, JSON.stringify([{ sha256 }]), limit],
    );
  }

  /** Where the result of a step that was not executed was made; undefined when that cannot be told any more. */
  async makerOf(run: RunFacts, step: StepRow): Promise<{ run: RunFacts; nodeId: string } | undefined> {
    const pinned = pinnedIn(run.version, step.node_id);
    const nodeId = pinned?.nodeId ?? step.node_id;
    const pinnedRun = pinned && (await this.run(pinned.runId));
    const there = pinnedRun?.steps.get(nodeId);
    if (pinnedRun && there) return there.cached ? await this.makerOf(pinnedRun, there) : { run: pinnedRun, nodeId };
    const [output] = step.outputs;
    if (!output) return undefined;
    const [first] = await this.#sql.query<{ runId: string; nodeId: string }>(
      `SELECT step.run_id AS "runId", step.node_id AS "nodeId" FROM step JOIN run ON run.id = step.run_id
       WHERE run.project_id = $1 AND step.outputs @> $2::jsonb AND NOT step.cached AND step.state = 'succeeded'
       ORDER BY step.finished_at DESC LIMIT 1`,
      [this.#projectId, JSON.stringify([{ sha256: output.sha256, key: output.key }])],
    );
    const maker = first && (await this.run(first.runId));
    return first && maker ? { run: maker, nodeId: first.nodeId } : undefined;
  }

  /** Steps that were executed with these bytes as an input. */
  async usesOf(sha256: string): Promise<{ uses: { port: string; by: LineageStep }[]; moreUses: boolean }> {
    const holders = await this.holdersOf(sha256, MOST_HOLDERS + 1);
    const uses: { port: string; by: LineageStep }[] = [];
    for (const { runId, nodeId } of holders.slice(0, MOST_HOLDERS)) {
      const run = (await this.run(runId))!;
      const keys = new Set(
        run.steps
          .get(nodeId)
          ?.outputs.filter((one) => one.declared && one.sha256 === sha256)
          .map(({ key }) => key),
      );
      for (const { source, sourcePort, target, targetPort } of run.version.graph.edges) {
        const step = source === nodeId && keys.has(sourcePort) ? run.steps.get(target) : undefined;
        if (step && step.started_at !== null && !step.cached) uses.push({ port: targetPort, by: placeOf(run, target) });
      }
    }
    return { uses: uses.slice(0, MOST_USES), moreUses: uses.length > MOST_USES || holders.length > MOST_HOLDERS };
  }

  async #read(runId: string): Promise<RunFacts | undefined> {
    const found = await findRun(this.#sql, runId);
    if (!found || found.row.project_id !== this.#projectId) return undefined;
    const steps = await listSteps(this.#sql, runId);
    return { ...found, steps: new Map(steps.map((step) => [step.node_id, step])) };
  }
}

function placeOf({ row, version, steps }: RunFacts, nodeId: string): LineageStep {
  const node = version.graph.nodes.find(({ id }) => id === nodeId);
  const step = steps.get(nodeId);
  return {
    runId: row.id,
    runNumber: row.number,
    pipelineId: row.pipeline_id,
    nodeId,
    title: node?.title ?? nodeId,
    cardType: node?.card ?? '',
    state: step?.state ?? 'skipped',
    cached: step?.cached ?? false,
    starter: row.starter_name,
    finishedAt: step?.finished_at?.getTime() ?? null,
  };
}

const bytesOf = ({ key, type, sha256, bytes }: OutputArtifact) => ({ key, type, sha256, bytes });

function filesIn(value: JsonValue): { name: string; sha256: string }[] {
  if (Array.isArray(value)) return value.flatMap(filesIn);
  if (value === null || typeof value !== 'object') return [];
  const { $file: sha256, name } = value as { $file?: JsonValue; name?: JsonValue };
  return typeof sha256 === 'string'
    ? [{ sha256, name: typeof name === 'string' ? name : sha256.slice(0, 12) }]
    : Object.values(value).flatMap(filesIn);
}
