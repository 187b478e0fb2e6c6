/** What the orchestrator promises on every database; run by one test file per database. */
import { eventually } from '@ensemble/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from '../platform/database/database.ts';
import { faultContract, type MakeWorld } from './test-orchestrator-faults.ts';
import { sha256, World } from './test-orchestrator.ts';
import { runToTheEnd, settled } from './test-world-steps.ts';

export function orchestratorContract(open: () => Promise<Database>): void {
  let database: Database;
  let world: World | undefined;

  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    await world?.orchestrator.stop();
    world = undefined;
    // Unfinished runs would be recovered by the next world.
    await database.sql.query('DELETE FROM attempt');
    await database.sql.query('DELETE FROM run');
  });
  afterAll(() => database.close());

  const make: MakeWorld = async (graph, cards = {}) => (world = await World.on(database, graph, cards));

  describe('a run, from start to end', () => {
    test('start → claim → result → next step → finished, and people see it', async () => {
      const w = await make({ load: [], split: ['load'], train: ['split'] });
      const run = await w.start();
      expect(run).toMatchObject({ number: 1, state: 'queued', starter: { userId: 'ada', name: 'Ada' }, isolation: null });
      await settled(w);
      await runToTheEnd(w);
      expect(await w.stateOf(run.id)).toBe('succeeded');
      const shown = await eventually('the document shows the end', () => {
        const now = w.shown(run.id);
        return (now.run as { state?: string } | undefined)?.state === 'succeeded' && now;
      });
      expect(shown.run).toMatchObject({ state: 'succeeded', isolation: 'L2', number: 1 });
      expect(Object.values(shown.steps).map((step) => step.state)).toEqual(['succeeded', 'succeeded', 'succeeded']);
      expect(Object.keys(w.doc(`run:${run.id}`).getMap('pinned').toJSON()).sort()).toEqual(['load', 'split', 'train']);
      await eventually('the project hears of it', () => w.latest.at(-1)?.state === 'succeeded');
    });

    test('RUN-12 a step gets its inputs, its config with overrides, all card files, and all artifacts upstream', async () => {
      const w = await make({ a: [], b: ['a'], c: ['b'] });
      const run = await w.start([{ nodeId: 'c', field: 'size', value: 7 }]);
      for (const nodeId of ['a', 'b']) {
        const assignment = w.assignmentOf(nodeId);
        await w.claim(assignment);
        await w.finish(assignment);
        await settled(w);
      }
      const { specHash } = w.assignmentOf('c');
      const spec: unknown = JSON.parse(new TextDecoder().decode(await w.store.readAll(specHash, 1e6)));
      expect(spec).toMatchObject({
        nodeId: 'c',
        pipelineId: w.pipelineId,
        config: { size: 7 },
        inputs: { in0: 'b/out.parquet' },
        artifacts: [
          { ref: 'a/out.parquet', sha256: sha256('a') },
          { ref: 'b/out.parquet', sha256: sha256('b') },
        ],
        files: ['a', 'b', 'c'].map((card) => ({ path: `cards/${card}.py`, sha256: sha256(`# ${card}`) })),
        timeoutSeconds: 300,
        memoryBytes: 4 * 1024 ** 3,
      });
      expect(new TextDecoder().decode(await w.store.readAll(sha256('# a'), 100))).toBe('# a');
      expect(await w.states(run.id)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'queued' });
    });

    test('RUN-11 a pipeline with problems does not run and every problem is told', async () => {
      const w = await make(
        { a: [], b: ['a'] },
        {
          b: {
            inputs: [
              { name: 'in0', type: 'model' },
              { name: 'more', type: 'dataframe' },
            ],
          },
        },
      );
      const error: unknown = await w.start([{ nodeId: 'a', field: 'sice', value: 1 }]).catch((caught: unknown) => caught);
      expect(error).toMatchObject({ code: 'invalid-pipeline' });
      const codes = (error as { problems: { code: string }[] }).problems.map((problem) => problem.code);
      expect(codes).toEqual(expect.arrayContaining(['override/unknown-field', 'edge/type-mismatch', 'input/missing']));
      expect(await database.sql.query(`SELECT id FROM run WHERE pipeline_id = $1`, [w.pipelineId])).toEqual([]);
    });

    test('RUN-11 an empty pipeline says what to do', async () => {
      const w = await make({});
      await expect(w.start()).rejects.toThrow('Drag a card onto the canvas first.');
    });

    test('editing goes on while a run keeps what it pinned, and runs count up', async () => {
      const w = await make({ a: [] });
      const first = await w.start();
      w.cards.set('a', { ...w.cards.get('a')!, source: '# changed', sourceHash: sha256('# changed') });
      const second = await w.start();
      expect([first.number, second.number]).toEqual([1, 2]);
      const versions = await database.sql.query<{ version_id: string }>(
        `SELECT version_id FROM run WHERE pipeline_id = $1 ORDER BY number`,
        [w.pipelineId],
      );
      expect(new Set(versions.map((row) => row.version_id)).size).toBe(2);
      const third = await w.start();
      const again = await database.sql.query<{ version_id: string }>(`SELECT version_id FROM run WHERE id = $1`, [third.id]);
      expect(again[0]?.version_id).toBe(versions[1]?.version_id);
    });

    test('text that a database refuses is kept as far as it can be', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      const assignment = w.assignmentOf('a');
      await w.claim(assignment);
      const error = { kind: 'card', message: 'a\0b\ud800c \\u0000', traceback: '\0' } as const;
      await w.finish(assignment, { outcome: 'failed', error });
      const [row] = await database.sql.query<{ error: { message: string } }>(`SELECT error FROM step WHERE run_id = $1`, [run.id]);
      expect(row?.error.message).toBe('a\ufffdb\ufffdc \\u0000');
    });
  });

  describe('claims and results', () => {
    test('RUN-6 one runner gets the attempt, however often it asks; others do not', async () => {
      const w = await make({ a: [] });
      await w.start();
      await settled(w);
      const assignment = w.assignmentOf('a');
      const [first, second] = await Promise.all([w.claim(assignment, 'one'), w.claim(assignment, 'two')]);
      expect([first.go, second.go]).toEqual([true, false]);
      expect(await w.claim(assignment, 'one')).toEqual({ go: true });
      expect(await w.claim({ ...assignment, attemptId: 'unknown' })).toMatchObject({ go: false });
      await w.finish(assignment);
      expect(await w.claim(assignment, 'one')).toMatchObject({ go: false });
    });

    test('RUN-5 the same result ten times is one result', async () => {
      const w = await make({ a: [], b: ['a'] });
      const run = await w.start();
      await settled(w);
      const assignment = w.assignmentOf('a');
      await w.claim(assignment);
      await Promise.all(Array.from({ length: 10 }, () => w.finish(assignment)));
      await w.finish(assignment, { outcome: 'failed', error: { kind: 'card', message: 'late' } });
      expect(await w.states(run.id)).toEqual({ a: 'succeeded', b: 'queued' });
      expect(await database.sql.query(`SELECT number FROM attempt WHERE run_id = $1 AND node_id = 'b'`, [run.id])).toEqual([{ number: 1 }]);
    });

    test('results of runs nobody knows are taken and forgotten', async () => {
      const w = await make({ a: [] });
      const need = { pool: 'cpu', gpus: 0 };
      const assignment = {
        v: 1,
        attemptId: 'x',
        runId: 'gone',
        projectId: 'p',
        nodeId: 'a',
        attempt: 1,
        need,
        specHash: sha256(''),
      } as const;
      await expect(w.finish(assignment)).resolves.toBeUndefined();
    });

    test('RUN-10 a result that cannot be committed is refused, and taken when it comes again', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      const assignment = w.assignmentOf('a');
      await w.claim(assignment);
      const { transaction } = database;
      database.transaction = () => Promise.reject(new Error('The disk is full.'));
      await expect(w.finish(assignment)).rejects.toThrow('The disk is full.');
      database.transaction = transaction;
      expect(await w.states(run.id)).toEqual({ a: 'running' });
      await w.finish(assignment);
      expect(await w.stateOf(run.id)).toBe('succeeded');
    });
  });

  describe('cancelling', () => {
    test('RUN-4 queued steps end at once, the runner is told to end the rest', async () => {
      const w = await make({ a: [], b: [], c: ['a'] });
      const run = await w.start();
      await settled(w);
      const [a, b] = [w.assignmentOf('a'), w.assignmentOf('b')];
      await w.claim(a);
      await w.orchestrator.runs.apply(run.id, { kind: 'cancelRequested' });
      expect(w.bus.cancelled).toEqual([a.attemptId]);
      expect(await w.states(run.id)).toEqual({ a: 'running', b: 'cancelled', c: 'cancelled' });
      expect(await w.claim(b)).toMatchObject({ go: false });
      await w.finish(a, { outcome: 'cancelled' });
      expect(await w.stateOf(run.id)).toBe('cancelled');
    });

    test('a runner that asks to begin what was cancelled hears no, and the step ends', async () => {
      const w = await make({ a: [] });
      const run = await w.start();
      await settled(w);
      const a = w.assignmentOf('a');
      await w.claim(a);
      await w.orchestrator.runs.apply(run.id, { kind: 'cancelRequested' });
      expect(await w.claim(a)).toMatchObject({ go: false });
      expect(await w.stateOf(run.id)).toBe('cancelled');
    });
  });

  faultContract(make, () => database);
}
