/** Puts a run that was read and checked into the database, with everything it needs stored before. Checks nothing itself. */
import type { Actor } from '@ensemble/permissions';
import type { ActiveRuns } from './active-runs.ts';
import type { Artifacts, Clock } from './ports.ts';
import type { PipelineReading } from './read-pipeline.ts';
import type { RunDocuments } from './run-documents.ts';
import { newRun } from './run-model.ts';
import { insertRun, insertVersion } from './run-repository.ts';
import type { LoadedRun } from './run-repository.ts';
import type { RunOptions } from './run-options.ts';
import { planOfVersion, versionId } from './run-version.ts';
import type { RunVersion } from './run-version.ts';

export interface BeginRunPorts {
  runs: ActiveRuns;
  runDocuments: Pick<RunDocuments, 'showAll'>;
  artifacts: Pick<Artifacts, 'put'>;
  clock: Clock;
  newId(): string;
}

export async function beginRun(
  ports: BeginRunPorts,
  actor: Actor,
  projectId: string,
  { version, sources, canvas, options = {} }: Pick<PipelineReading, 'version' | 'sources' | 'canvas'> & { options?: RunOptions },
): Promise<LoadedRun> {
  const [{ sha256: canvasHash }] = await Promise.all([
    ports.artifacts.put(new TextEncoder().encode(JSON.stringify(canvas))),
    storeSources(ports, sources),
  ]);
  return insertAndBegin(ports, actor, projectId, { version, canvasHash, options });
}

/** For a run whose sources and canvas are stored already. */
export async function insertAndBegin(
  ports: BeginRunPorts,
  actor: Actor,
  projectId: string,
  { version, canvasHash, options }: { version: RunVersion; canvasHash: string | null; options: RunOptions },
): Promise<LoadedRun> {
  const id = versionId(version);
  const runId = ports.newId();
  const createdAt = ports.clock.now();
  const run = newRun(runId, projectId, planOfVersion(version, options));
  const { pipelineId } = version;
  const row = { runId, projectId, pipelineId, versionId: id, starter: starterOf(actor), createdAt, canvasHash, options };
  const loaded = await ports.runs.begin({ run, version, specHashes: new Map() }, async (sql) => {
    await insertVersion(sql, id, version);
    return insertRun(sql, row, [...run.plan.steps.keys()]);
  });
  ports.runDocuments.showAll(loaded);
  return loaded;
}

async function storeSources({ artifacts }: BeginRunPorts, sources: PipelineReading['sources']): Promise<void> {
  await Promise.all(
    [...sources].map(async ([sourceHash, source]) => {
      const { sha256 } = await artifacts.put(new TextEncoder().encode(source));
      if (sha256 !== sourceHash) throw new Error(`A card source was stored as ${sha256}, but its project calls it ${sourceHash}.`);
    }),
  );
}

export function starterOf(actor: Actor): { userId: string; name: string } {
  if (actor.kind === 'user') return { userId: actor.userId, name: actor.name };
  return { userId: actor.kind, name: actor.kind === 'operator' ? 'Command line' : 'Somebody' };
}
