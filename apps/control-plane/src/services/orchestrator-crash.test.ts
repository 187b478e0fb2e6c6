/** The control plane dies at every point of handling a run, one after the other; what comes of the run must not show it. */
import type { Assignment } from '@ensemble/protocol';
import { setPin } from '@ensemble/pipeline';
import { eventually } from '@ensemble/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from '../platform/database/database.ts';
import { openDatabase } from '../platform/database/open-database.ts';
import { CrashPoint } from './test-crash-point.ts';
import { World } from './test-orchestrator.ts';

let database: Database;
beforeAll(async () => {
  database = await openDatabase({ directory: 'memory://' });
});
afterAll(() => database.close());

/** `kept` is pinned, so that `idle` is left out. */
const GRAPH = { idle: [], kept: ['idle'], load: [], good: ['load', 'kept'], bad: ['load'], after: ['bad'] };
const EXPECTED = { kept: 'succeeded', load: 'succeeded', good: 'succeeded', bad: 'failed', after: 'skipped' };
const FAILED = { outcome: 'failed', error: { kind: 'card', message: 'bad' } } as const;

/** A runner that delivers at least once: it asks and reports again until it is answered, across restarts. */
class PatientRunner {
  readonly #world: World;
  deaths = 0;
  /** How often each attempt was executed: not more than once, whatever dies. */
  readonly executed = new Map<string, number>();

  constructor(world: World) {
    this.#world = world;
  }

  async execute(assignment: Assignment): Promise<void> {
    const reply = await this.insist(() => this.#world.claim(assignment));
    if (reply.go) {
      this.executed.set(assignment.attemptId, (this.executed.get(assignment.attemptId) ?? 0) + 1);
      await this.insist(() => this.#world.finish(assignment, assignment.nodeId === 'bad' ? FAILED : {}));
    }
    this.#world.bus.queue.delete(assignment.attemptId);
  }

  async insist<T>(ask: () => Promise<T>): Promise<T> {
    for (;;) {
      const death = this.#world.crash?.death ?? new Promise<never>(() => undefined);
      const answer = await Promise.race([ask().then((value) => ({ value })), death]);
      if (answer !== 'died') return answer.value;
      this.deaths++;
      await this.#world.restart();
    }
  }
}

async function onlyRun(world: World): Promise<string | undefined> {
  const rows = await database.sql.query<{ id: string }>(`SELECT id FROM run WHERE pipeline_id = $1 AND number > 1`, [world.pipelineId]);
  expect(rows.length).toBeLessThanOrEqual(1);
  return rows[0]?.id;
}

/** The older run, whose result of `kept` is taken. */
async function keepResult(world: World): Promise<void> {
  const { id: runId } = await world.start();
  for (const nodeId of ['idle', 'kept']) {
    await world.orchestrator.runs.publishWaiting();
    await world.store.put(new TextEncoder().encode(nodeId));
    await world.claim(world.assignmentOf(nodeId));
    await world.finish(world.assignmentOf(nodeId));
  }
  await world.orchestrator.runs.apply(runId, { kind: 'cancelRequested' });
  world.bus.queue.clear();
  setPin(world.doc(`pipeline:${world.pipelineId}`), ['kept'], { runId }, 'test');
}

/** Returns whether the process got as far as its death. */
async function runWithDeathAt(n: number): Promise<boolean> {
  const world = await World.on(database, GRAPH);
  await keepResult(world);
  const runner = new PatientRunner(world);
  const crash = new CrashPoint(n);
  await Promise.race([world.restart(crash), crash.death]);
  if (crash.dead) {
    runner.deaths++;
    await world.restart();
  }
  // A person who gets no answer looks whether there is a run before pressing Run again.
  const runId = await runner.insist(async () => (await onlyRun(world)) ?? (await world.start()).id);
  await eventually(
    `the run ends after a death at point ${n}`,
    async () => {
      for (const assignment of world.bus.queue.values()) await runner.execute(assignment);
      if (world.crash?.dead) await runner.insist(async () => undefined);
      await runner.insist(() => world.orchestrator.runs.publishWaiting());
      return (await world.stateOf(runId)) === 'failed';
    },
    60_000,
  );
  await runner.insist(() => world.orchestrator.stop());
  await world.orchestrator.stop();
  expect(await world.states(runId), `death at point ${n}`).toEqual(EXPECTED);
  const attempts = await database.sql.query<{ node_id: string; state: string }>(
    `SELECT node_id, state FROM attempt WHERE run_id = $1 ORDER BY node_id`,
    [runId],
  );
  expect(attempts, `one attempt a step, death at point ${n}`).toEqual([
    { node_id: 'bad', state: 'failed' },
    { node_id: 'good', state: 'succeeded' },
    { node_id: 'load', state: 'succeeded' },
  ]);
  expect([...runner.executed.values()], `executions, death at point ${n}`).toEqual([1, 1, 1]);
  expect(Object.fromEntries(Object.entries(world.shown(runId).steps).map(([nodeId, step]) => [nodeId, step.state]))).toEqual(EXPECTED);
  await database.sql.query('DELETE FROM attempt');
  await database.sql.query('DELETE FROM run');
  return runner.deaths > 0;
}

test('whichever await is its last: exactly one final state per step, one execution per attempt, and people see it', async () => {
  let n = 1;
  while (await runWithDeathAt(n)) n++;
  // Fewer points would mean that the process was not cut open where it matters.
  expect(n).toBeGreaterThan(40);
  console.info(`the control plane died at ${n - 1} points`);
});
