/** What trials of single cards take, leave alone and are refused for, on every database; run by one test file per database. */
import { setConfigField } from '@ensemble/pipeline';
import type { StartTrialBody, StepSpec } from '@ensemble/protocol';
import { eventually } from '@ensemble/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { getTrialSetup, listTrials, startTrial, warmUp } from '../modules/runs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { sha256, World } from './test-orchestrator.ts';

export function trialsContract(open: () => Promise<Database>): void {
  let database: Database;
  let w: World;

  beforeAll(async () => {
    database = await open();
  });
  afterEach(async () => {
    await w.orchestrator.stop();
    await database.sql.query('DELETE FROM attempt');
    await database.sql.query('DELETE FROM run');
  });
  afterAll(() => database.close());

  const ada = { kind: 'user', userId: 'ada', name: 'Ada', isOwner: false } as const;
  const GRAPH = { a: [], b: ['a'], c: ['b', 'a'] };

  const tryCard = (card: string, body: Partial<StartTrialBody> = {}) =>
    startTrial(w.ports, ada, w.projectId, `card-${card}`, { inputs: {}, ...body });
  const setupOf = (card: string, place?: { pipelineId: string; nodeId: string }) =>
    getTrialSetup(w.ports, ada, w.projectId, `card-${card}`, place);

  async function outputOf(nodeId: string, run: number) {
    const content = `${nodeId} of run ${run}`;
    await w.store.put(new TextEncoder().encode(content));
    return { key: 'out', type: 'dataframe', declared: true, ref: `${nodeId}/out.parquet`, sha256: sha256(content), bytes: 3 };
  }

  /** Executes everything on the queue; which nodes, in order. */
  async function execute(run: number, failing?: string): Promise<string[]> {
    const executed: string[] = [];
    await w.orchestrator.runs.publishWaiting();
    while (w.bus.queue.size > 0) {
      for (const assignment of w.bus.queue.values()) {
        await w.claim(assignment);
        executed.push(assignment.nodeId);
        if (assignment.nodeId === failing) {
          await w.finish(assignment, { outcome: 'failed', outputs: [], error: { kind: 'card', message: 'no', line: 7 } });
        } else await w.finish(assignment, { outputs: [await outputOf(assignment.nodeId, run)] });
      }
      await w.orchestrator.runs.publishWaiting();
    }
    w.now += 1_000;
    return executed;
  }

  async function specOf(nodeId: string): Promise<StepSpec> {
    await w.orchestrator.runs.publishWaiting();
    return JSON.parse(new TextDecoder().decode(await w.store.readAll(w.assignmentOf(nodeId).specHash, 1e6))) as StepSpec;
  }

  const problemsOf = async (trial: Promise<unknown>): Promise<unknown> => {
    const error: unknown = await trial.catch((caught: unknown) => caught);
    expect(error).toMatchObject({ code: 'invalid-trial' });
    return (error as { problems: unknown }).problems;
  };

  describe('a trial of a card', () => {
    test('RUN-21 runs that card alone, on the inputs of its last successful step, with the present source; RUN-12 holds', async () => {
      w = await World.on(database, GRAPH);
      await w.start();
      expect(await execute(1)).toEqual(['a', 'b', 'c']);
      // A later run in which the card failed is not the last successful one.
      await w.start([], { force: true });
      expect(await execute(2, 'b')).toEqual(['a', 'b']);
      const source = '# c, changed';
      w.cards.set('c', { ...w.cards.get('c')!, source, sourceHash: sha256(source) });

      const trial = await tryCard('c');
      expect(trial).toMatchObject({ number: 1, state: 'queued', starter: { userId: 'ada' }, cardId: 'card-c', nodeId: 'c' });
      const spec = await specOf('c');
      expect(spec).toMatchObject({ nodeId: 'c', inputs: { in0: 'b/out.parquet', in1: 'a/out.parquet' }, config: { size: 3 } });
      expect(spec.artifacts).toEqual([
        { ref: 'a/out.parquet', sha256: sha256('a of run 1') },
        { ref: 'b/out.parquet', sha256: sha256('b of run 1') },
      ]);
      expect(spec.files.find(({ path }) => path === 'cards/c.py')).toEqual({ path: 'cards/c.py', sha256: sha256(source) });
      expect(new TextDecoder().decode(await w.store.readAll(sha256(source), 100))).toBe(source);
      expect(await execute(3)).toEqual(['c']);
      expect(await w.stateOf(trial.id)).toBe('succeeded');
      expect(await w.states(trial.id)).toEqual({ a: 'succeeded', b: 'succeeded', c: 'succeeded' });
    });

    test('RUN-22 is no run of the pipeline: its numbers, its list and its document stay as they are, and the project hears of it', async () => {
      w = await World.on(database, GRAPH);
      await w.start();
      await execute(1);
      const before = JSON.stringify(w.doc(`pipeline:${w.pipelineId}`).toJSON());
      const first = await tryCard('b');
      await execute(2);
      const second = await tryCard('b');
      await execute(3);
      expect([first.number, second.number]).toEqual([1, 2]);
      expect(await w.start()).toMatchObject({ number: 2 });
      expect(JSON.stringify(w.doc(`pipeline:${w.pipelineId}`).toJSON())).toBe(before);
      expect((await listTrials(w.ports, ada, w.projectId, 'card-b')).map(({ id }) => id)).toEqual([second.id, first.id]);
      const told = await eventually('the project hears of the second trial', () =>
        w.latest.find(({ runId, state }) => runId === second.id && state === 'succeeded'),
      );
      expect(told).toMatchObject({
        trial: {
          cardId: 'card-b',
          entry: {
            runId: second.id,
            number: 2,
            nodeId: 'b',
            starter: { userId: 'ada', name: 'Ada' },
            sourceHash: sha256('# b'),
            inputs: [{ port: 'in0', key: 'out', title: 'A', number: 1 }],
          },
        },
      });
    });

    test('starts from what the trial before it took and was set to, and from the node it is looked at from before that', async () => {
      w = await World.on(database, GRAPH);
      const one = await w.start();
      await execute(1);
      await w.start([], { force: true });
      await execute(2);
      expect(await setupOf('b')).toMatchObject({
        inputs: [{ chosen: { runNumber: 2, title: 'A' } }],
        configFrom: 'run',
        config: { size: 3 },
      });
      await tryCard('b', { nodeId: 'b', inputs: { in0: { runId: one.id, nodeId: 'a', key: 'out' } }, config: { size: 8 } });
      expect(await specOf('b')).toMatchObject({ nodeId: 'b', config: { size: 8 } });
      await execute(3);
      const after = await setupOf('b');
      expect(after).toMatchObject({ inputs: [{ chosen: { runId: one.id, runNumber: 1 } }], configFrom: 'trial', config: { size: 8 } });
      setConfigField(w.doc(`pipeline:${w.pipelineId}`), 'b', 'size', 5, 'test');
      const place = { pipelineId: w.pipelineId, nodeId: 'b' };
      expect(await setupOf('b', place)).toMatchObject({ configFrom: 'node', config: { size: 5 } });
      // A node that is not there any more says nothing.
      expect(await setupOf('b', { ...place, nodeId: 'gone' })).toMatchObject({ nodeId: 'b', configFrom: 'trial', config: { size: 8 } });
      // The same card may stand for an input of itself: what it gives is among the choices, and its own trial too.
      const choices = after.inputs[0]!.choices.map(({ nodeId, pipelineName, runNumber }) => `${nodeId} ${pipelineName} ${runNumber}`);
      expect(choices).toEqual(expect.arrayContaining(['a Pipeline 1', 'a Pipeline 2', 'b Pipeline 2', 'b null 1']));
    });

    test('a card that never ran takes what now flows into its node', async () => {
      w = await World.on(database, { a: [] });
      await w.start();
      await execute(1);
      w.draw({ d: ['a'] });
      expect(await setupOf('d')).toMatchObject({ inputs: [{ name: 'in0', chosen: { nodeId: 'a', runNumber: 1 } }], configFrom: 'node' });
      const trial = await tryCard('d');
      expect((await specOf('d')).inputs).toEqual({ in0: 'a/out.parquet' });
      expect(trial.nodeId).toBe('d');
    });

    test('outputs of one node from two runs, and of a node called like the card’s own, keep out of each other’s way', async () => {
      w = await World.on(database, GRAPH);
      const one = await w.start();
      await execute(1);
      const two = await w.start([], { force: true });
      await execute(2);
      const from = (run: { id: string }, nodeId: string) => ({ runId: run.id, nodeId, key: 'out' });
      const trial = await tryCard('c', { inputs: { in0: from(one, 'a'), in1: from(two, 'a') } });
      const spec = await specOf('c');
      const stored = new Map(spec.artifacts.map(({ ref, sha256: hash }) => [ref, hash]));
      expect(Object.values(spec.inputs).map((ref) => stored.get(ref))).toEqual([sha256('a of run 1'), sha256('a of run 2')]);
      await execute(3);
      // The next one finds them again, whatever they were called in the trial.
      const { inputs } = await setupOf('c');
      expect(inputs.map(({ chosen }) => [chosen?.nodeId, chosen?.runId])).toEqual([
        ['a', one.id],
        ['a', two.id],
      ]);
      await tryCard('c', { inputs: { in0: from(two, 'c'), in1: from(two, 'a') } });
      const own = await specOf('c');
      expect(own.inputs.in0).not.toBe('c/out.parquet');
      expect(own.artifacts.find(({ ref }) => ref === own.inputs.in0)?.sha256).toBe(sha256('c of run 2'));
      expect(trial.number).toBe(1);
    });

    test('survives a restart of the control plane, and can be cancelled', async () => {
      w = await World.on(database, GRAPH);
      await w.start();
      await execute(1);
      const trial = await tryCard('b');
      await w.orchestrator.runs.publishWaiting();
      await w.restart();
      await w.orchestrator.runs.apply(trial.id, { kind: 'cancelRequested' });
      expect(await w.states(trial.id)).toEqual({ a: 'succeeded', b: 'cancelled' });
      expect(await w.stateOf(trial.id)).toBe('cancelled');
    });
  });

  describe('a trial is refused', () => {
    test('when an input has nothing to run on, and says which', async () => {
      w = await World.on(database, GRAPH);
      expect(await problemsOf(tryCard('c'))).toEqual([
        { code: 'input/missing', port: 'in0', message: expect.stringContaining('The input “in0” has nothing to run on yet.') as string },
        { code: 'input/missing', port: 'in1', message: expect.stringContaining('Run a pipeline') as string },
      ]);
      expect(await database.sql.query('SELECT id FROM run')).toEqual([]);
      await expect(tryCard('nothing')).rejects.toMatchObject({ code: 'not-found' });
    });

    test('when the draft is invalid, its config is, or it asks for a secret or a stranger’s file, all at once', async () => {
      w = await World.on(database, { a: [] }, { a: { inputs: [{ name: 'in', type: 'model' }] } });
      const a = w.cards.get('a')!;
      const diagnostics = [{ line: 4, column: 1, severity: 'error' as const, code: 'card/syntax', message: 'This is no Python.' }];
      w.cards.set('a', { ...a, diagnostics });
      const file = { $file: sha256('stranger'), name: 'x' };
      const problems = await problemsOf(tryCard('a', { config: { size: 'many', extra: file } }));
      expect(problems).toMatchObject([
        { code: 'card/errors', message: expect.stringContaining('line 4: This is no Python.') as string },
        { code: 'config/type', field: 'size' },
        { code: 'input/missing', port: 'in' },
        { code: 'config/unknown-file', field: 'extra' },
      ]);
      const { manifest: _, ...never } = a;
      w.cards.set('a', { ...never, diagnostics });
      expect(await problemsOf(tryCard('a'))).toMatchObject([{ code: 'card/errors', message: expect.stringContaining('line 4') as string }]);
      w.cards.set('a', {
        ...a,
        manifest: { ...a.manifest!, inputs: [], configFields: [{ name: 'key', type: 'secret', label: 'Key', required: false }] },
      });
      expect(await problemsOf(tryCard('a', { config: { key: { $secret: 'API_KEY' } } }))).toMatchObject([
        { code: 'config/secret-unavailable' },
      ]);
    });

    test('when what was chosen is another project’s, of another type, no output, or gone', async () => {
      w = await World.on(database, { a: [], m: ['a'] }, { m: { outputs: [{ name: 'out', type: 'model' }] } });
      const run = await w.start();
      await w.orchestrator.runs.publishWaiting();
      const a = w.assignmentOf('a');
      await w.claim(a);
      await w.finish(a, { outputs: [await outputOf('a', 1)] });
      await w.orchestrator.runs.publishWaiting();
      const m = w.assignmentOf('m');
      await w.claim(m);
      await w.finish(m, { outputs: [{ ...(await outputOf('m', 1)), type: 'model' }] });
      const chosen = (nodeId: string, key = 'out', runId = run.id) => problemsOf(tryCard('m', { inputs: { in0: { runId, nodeId, key } } }));
      const because = (text: string) => [{ code: 'input/unavailable', port: 'in0', message: expect.stringContaining(text) as string }];
      expect(await chosen('m')).toEqual(because('gives model, and the input takes dataframe'));
      expect(await chosen('a', 'other')).toEqual(because('is no output of that step'));
      expect(await chosen('gone')).toEqual(because('did not succeed'));
      expect(await chosen('a', 'out', 'unknown')).toEqual(because('is of a run that this project does not have'));
      const elsewhere = w;
      w = await World.on(database, { a: [], m: ['a'] });
      await elsewhere.orchestrator.stop();
      expect(await chosen('a')).toEqual(because('is of a run that this project does not have'));
    });

    test('when the actor may not', async () => {
      w = await World.on(database, { a: [] });
      const ports = {
        ...w.ports,
        authorize: async (_: unknown, action: string) => {
          if (action === 'run.start') throw new Error('may not');
        },
      };
      await expect(startTrial(ports, ada, w.projectId, 'card-a', { inputs: {} })).rejects.toThrow('may not');
      expect(await getTrialSetup(ports, ada, w.projectId, 'card-a', undefined)).toMatchObject({ inputs: [], configFrom: 'node' });
    });
  });

  test('whoever starts a trial, or says that he soon will, is announced to the runners', async () => {
    w = await World.on(database, { a: [] });
    await warmUp(w.ports, ada, w.projectId, 'card-a');
    await tryCard('a');
    expect(w.bus.warmed).toEqual([1, 2].map(() => ({ v: 1, projectId: w.projectId, starter: 'ada' })));
  });
}
