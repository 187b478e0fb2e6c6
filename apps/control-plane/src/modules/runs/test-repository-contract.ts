/** What the repository of runs promises on every database; run by one test file per database. */
import { afterAll, beforeAll, beforeEach, expect, test } from 'vitest';
import type { Database } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import type { Decision, RunEvent } from './run-lifecycle.ts';
import { decide } from './run-lifecycle.ts';
import type { Run } from './run-model.ts';
import { newRun } from './run-model.ts';
import {
  insertRun,
  insertVersion,
  latestFinishedRunIds,
  loadRun,
  saveDecision,
  StaleRunError,
  unfinishedRunIds,
} from './run-repository.ts';
import { planOfVersion, versionId } from './run-version.ts';
import type { RunVersion } from './run-version.ts';
import { failure, liveOf, pinnedResult, resultFor } from './test-run.ts';

/** Executed without a look into the cache. */
const FORCED = { force: true as const };

export function runRepositoryContract(open: () => Promise<Database>): void {
  let database: Database;
  let pipelineId: string;
  let version: RunVersion;

  beforeAll(async () => {
    database = await open();
  });
  afterAll(() => database.close());

  beforeEach(async () => {
    const projectId = newId();
    pipelineId = newId();
    await database.prisma.project.create({ data: { id: projectId, name: 'P' } });
    await database.prisma.pipeline.create({ data: { id: pipelineId, projectId, name: 'P' } });
    version = versionOf(pipelineId);
    await insertVersion(database.sql, versionId(version), version);
  });

  async function add(): Promise<Run> {
    const run = newRun(newId(), 'project', planOfVersion(version, FORCED));
    const row = {
      runId: run.runId,
      projectId: 'project',
      pipelineId,
      versionId: versionId(version),
      starter: { userId: 'u', name: 'U' },
      createdAt: 5,
      options: FORCED,
      canvasHash: 'c'.repeat(64),
    };
    await database.transaction((sql) => insertRun(sql, row, [...run.plan.steps.keys()]));
    return run;
  }

  const NOW = Date.UTC(2026, 0, 1);

  const decided = (run: Run, ...events: RunEvent[]): Decision => decide(run, events, { now: NOW, newAttemptId: newId, random: () => 0 });

  async function save(before: Run, decision: Decision): Promise<Run> {
    const specs = new Map(decision.attempts.map((fact) => [fact.attemptId, 'f'.repeat(64)]));
    await database.transaction((sql) => saveDecision(sql, before, decision, specs, NOW));
    return decision.run;
  }

  const tell = (run: Run, ...events: RunEvent[]): Promise<Run> => save(run, decided(run, ...events));

  async function reload(run: Run): Promise<Run> {
    return (await loadRun(database.sql, run.runId))!.run;
  }

  const claim = (run: Run, nodeId: string): RunEvent => {
    const attemptId = liveOf(run, nodeId);
    return { kind: 'attemptClaimed', nodeId, attemptId, runnerId: 'r', ackSubject: 's', isolation: 'L3' };
  };
  const end = (run: Run, nodeId: string, changes = {}): RunEvent => {
    const attemptId = liveOf(run, nodeId);
    return { kind: 'attemptEnded', nodeId, attemptId, result: resultFor(attemptId, nodeId, changes) };
  };

  test('a run is read as it was written, in every state', async () => {
    let run = await add();
    expect(await reload(run)).toEqual(run);
    run = await tell(run, { kind: 'started' });
    expect(await reload(run)).toEqual(run);
    run = await tell(run, claim(run, 'a'), claim(run, 'x'));
    expect(await reload(run)).toEqual(run);
    run = await tell(run, end(run, 'a'), end(run, 'x', failure('infrastructure')));
    expect(await reload(run)).toEqual(run);
    run = await tell(run, claim(run, 'b'), { kind: 'stepCancelRequested', nodeId: 'b' });
    expect(await reload(run)).toEqual(run);
    run = await tell(run, { kind: 'attemptLost', nodeId: 'b', attemptId: liveOf(run, 'b'), reason: 'gone' }, { kind: 'cancelRequested' });
    expect(await reload(run)).toEqual(run);
    expect(run.state).toBe('cancelled');
  });

  test('RUN-16 a pinned step is read as it was written, cached', async () => {
    version = { ...version, pinned: { b: pinnedResult('b') } };
    await insertVersion(database.sql, versionId(version), version);
    const run = await tell(await add(), { kind: 'started' });
    expect([...run.steps.keys()]).toEqual(['b', 'x']);
    expect(run.steps.get('b')?.phase).toMatchObject({ state: 'succeeded', cached: true });
    expect(await reload(run)).toEqual(run);
  });

  test('RUN-10 a decision made from an older state changes nothing at all', async () => {
    const fresh = await add();
    const started = await tell(fresh, { kind: 'started' });
    const late = decided(started, claim(started, 'a'), { kind: 'cancelRequested' });
    const now = await tell(started, claim(started, 'x'));
    await expect(save(started, late)).rejects.toBeInstanceOf(StaleRunError);
    expect(await reload(fresh)).toEqual(now);
  });

  test('RUN-3 a finished run takes no further decision', async () => {
    const started = await tell(await add(), { kind: 'started' });
    const cancelled = await tell(started, { kind: 'cancelRequested' });
    await expect(save(started, decided(started, claim(started, 'a')))).rejects.toBeInstanceOf(StaleRunError);
    expect(await reload(started)).toEqual(cancelled);
  });

  test('RUN-5 an attempt that has ended cannot be claimed or ended again', async () => {
    const started = await tell(await add(), { kind: 'started' });
    await database.sql.query(`UPDATE attempt SET state = 'lost' WHERE id = $1`, [liveOf(started, 'a')]);
    await expect(save(started, decided(started, claim(started, 'a')))).rejects.toBeInstanceOf(StaleRunError);
    await expect(save(started, decided(started, end(started, 'a')))).rejects.toBeInstanceOf(StaleRunError);
  });

  test('runs of a pipeline that start at once get the numbers 1 … n', async () => {
    const runs = await Promise.all(Array.from({ length: 5 }, add));
    const rows = await database.sql.query<{ number: number }>(`SELECT number FROM run WHERE pipeline_id = $1 ORDER BY number`, [
      pipelineId,
    ]);
    expect(rows.map((row) => row.number)).toEqual([1, 2, 3, 4, 5]);
    const unfinished = await unfinishedRunIds(database.sql);
    for (const { runId } of runs) expect(unfinished).toContain(runId);
    await tell(runs[0]!, { kind: 'cancelRequested' });
    expect(await unfinishedRunIds(database.sql)).not.toContain(runs[0]!.runId);
    expect(await latestFinishedRunIds(database.sql, 1_000)).toContain(runs[0]!.runId);
  });

  test('a version is stored once, and its id follows from its content only', async () => {
    await insertVersion(database.sql, versionId(version), version);
    expect(versionId(versionOf(pipelineId))).toBe(versionId(version));
    expect(versionId(versionOf('other'))).not.toBe(versionId(version));
    const [row] = await database.sql.query<{ n: bigint }>(`SELECT count(*) AS n FROM pipeline_version WHERE pipeline_id = $1`, [
      pipelineId,
    ]);
    expect(row?.n).toBe(1n);
  });
}

/** a → b, and x beside them. */
function versionOf(pipelineId: string): RunVersion {
  const node = (id: string) => ({ id, card: 'card', title: id, config: {} });
  const manifest = {
    cardType: 'card',
    className: 'Card',
    displayName: 'Card',
    description: '',
    category: 'data',
    executionMode: 'local',
    outputViewType: 'table',
    configSchema: {},
    configFields: [],
    inputs: [],
    outputs: [],
    resources: { gpu: 0, timeoutSeconds: 300, network: [] },
    requirements: [],
    retries: 0,
    cache: true,
    scratch: false,
  };
  return {
    format: 1,
    pipelineId,
    graph: {
      v: 1,
      title: '',
      nodes: ['a', 'b', 'x'].map(node),
      edges: [{ source: 'a', sourcePort: 'out', target: 'b', targetPort: 'in' }],
      cards: { card: { path: 'cards/card.py', sourceHash: 'f'.repeat(64) } },
    },
    manifests: { card: manifest },
    files: [],
  };
}
