/** What runs take from the cache, from each other and from earlier runs, on every database; run by one test file per database. */
import { setBypass, setCacheSetting, setConfigField, setPin } from '@ensemble/pipeline';
import type { AttemptResult, RunScope } from '@ensemble/protocol';
import { eventually } from '@ensemble/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { cancelRun, cancelStep, forecastRun, resumeRun } from '../modules/runs/index.ts';
import type { Database } from '../platform/database/database.ts';
import { sha256, World } from './test-orchestrator.ts';
import { idle, settled } from './test-world-steps.ts';

export function cacheContract(open: () => Promise<Database>): void {
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

  const GRAPH = { a: [], b: ['a'], c: ['b'], d: ['a'] };
  const ada = { kind: 'user', userId: 'ada', name: 'Ada', isOwner: false } as const;
  const document = () => w.doc(`pipeline:${w.pipelineId}`);
  const set = (nodeId: string, value: number) => setConfigField(document(), nodeId, 'size', value, 'test');

  /** Stores what a step makes of such content, a side artifact beside it. */
  async function outputsOf(nodeId: string, content: string, side = 'side') {
    const store = async (text: string) => (await w.store.put(new TextEncoder().encode(text))).sha256;
    const ref = (key: string) => `${nodeId}/${key}.parquet`;
    return [
      { key: 'out', type: 'dataframe', declared: true, ref: ref('out'), sha256: await store(content), bytes: 3 },
      { key: 'more', type: 'dataframe', declared: false, ref: ref('more'), sha256: await store(`${nodeId} ${side}`), bytes: 3 },
    ];
  }

  type Changes = Partial<AttemptResult> & { content?: string; side?: string };

  /** Executes everything on the queue; which nodes, in order. A card makes the same of the same, unless `changes` says otherwise. */
  async function execute(changes: Record<string, Changes> = {}): Promise<string> {
    const executed: string[] = [];
    await idle(w);
    await settled(w);
    while (w.bus.queue.size > 0) {
      for (const assignment of w.bus.queue.values()) {
        const { nodeId } = assignment;
        const { content = nodeId, side, ...result } = changes[nodeId] ?? {};
        await w.claim(assignment);
        executed.push(nodeId);
        const failed = result.outcome === 'failed';
        const log = { ...(await w.store.put(new TextEncoder().encode(`log of ${nodeId}`))), truncated: false };
        await w.finish(assignment, {
          outputs: failed ? [] : await outputsOf(nodeId, content, side),
          log: { sha256: log.sha256, bytes: log.size, truncated: false },
          ...result,
        });
      }
      await idle(w);
      await settled(w);
    }
    return executed.join(' ');
  }

  interface Told {
    state: string;
    cached: boolean;
    why: string | null;
    from: number | null;
  }

  async function told(runId: string): Promise<Record<string, Told>> {
    const rows = await database.sql.query<Told & { node_id: string }>(
      `SELECT node_id, state, cached, why, (taken_from->>'number')::int AS "from" FROM step WHERE run_id = $1`,
      [runId],
    );
    return Object.fromEntries(rows.map(({ node_id, ...row }) => [node_id, row]));
  }
  const why = async (runId: string, nodeId: string) => (await told(runId))[nodeId]?.why;
  const outlook = async (part: { scope?: RunScope; force?: boolean } = {}) =>
    forecastRun(w.ports, ada, w.pipelineId, { overrides: [], ...part });

  const failure: Changes = { outcome: 'failed', error: { kind: 'card', message: 'no' } };

  describe('RUN-23 a step whose key is known', () => {
    test('is not executed: it has the outputs and the log of the step that made them, and says which', async () => {
      w = await World.on(database, GRAPH);
      const first = await w.start();
      expect(await execute()).toBe('a b d c');
      expect(await why(first.id, 'a')).toBe('Runs for the first time.');
      const second = await w.start();
      await idle(w);
      expect(w.bus.queue.size).toBe(0);
      expect(await w.stateOf(second.id)).toBe('succeeded');
      const steps = await told(second.id);
      for (const nodeId of ['a', 'b', 'c', 'd'])
        expect(steps[nodeId]).toEqual({
          state: 'succeeded',
          cached: true,
          why: 'Taken from run 1: nothing that decides it has changed.',
          from: 1,
        });
      const results = await database.sql.query<{ run: string; outputs: unknown; log: unknown }>(
        `SELECT run_id = $2 AS second, outputs, log FROM step WHERE run_id IN ($1, $2) AND node_id = 'c' ORDER BY 1`,
        [first.id, second.id],
      );
      expect(results[1]).toEqual({ ...results[0], second: true });
      const shown = await eventually('the document shows the end', () => {
        const now = w.shown(second.id);
        return (now.run as { state?: string } | undefined)?.state === 'succeeded' && now;
      });
      expect(shown.steps['c']).toMatchObject({ cached: true, takenFrom: { runId: first.id, number: 1 }, attempt: 0 });
      // The third finds what the first made, not what the second took.
      const third = await w.start();
      expect((await told(third.id))['c']).toMatchObject({ from: 1 });
    });

    test('is decided by config, code, inputs, everything upstream, packages and salt, and the difference is told', async () => {
      w = await World.on(database, GRAPH);
      await w.start();
      await execute();
      const run = async (changes: Record<string, Changes> = {}) => {
        w.now += 1_000;
        const { id } = await w.start();
        return { id, executed: await execute(changes) };
      };
      set('b', 5);
      const config = await run({ b: { content: 'b' } });
      // The same bytes came of it: what comes after it has nothing to do.
      expect(config.executed).toBe('b');
      expect(await why(config.id, 'b')).toBe('Runs because `size` changed 3 → 5.');
      set('b', 6);
      const bytes = await run({ b: { content: 'other' } });
      expect(bytes.executed).toBe('b c');
      expect(await why(bytes.id, 'c')).toBe('Runs because input `in0` changed (“B” made other bytes).');
      // Back to what was before: known still.
      set('b', 3);
      expect((await run()).executed).toBe('');
      const source = '# a, mended';
      w.cards.set('a', { ...w.cards.get('a')!, source, sourceHash: sha256(source) });
      const code = await run({ a: { side: 'another side' } });
      expect(await why(code.id, 'a')).toBe('Runs because the card’s code changed.');
      // A side artifact upstream can be loaded by whoever comes after it.
      expect(code.executed).toBe('a b d c');
      expect(await why(code.id, 'c')).toBe('Runs because something further upstream that it could load changed.');
      w.environment = 'python 3.12';
      const packages = await run({ a: { side: 'another side' } });
      expect(packages.executed).toBe('a b d c');
      expect(await why(packages.id, 'd')).toBe('Runs because its Python packages changed.');
      setCacheSetting(document(), 'd', { salt: 'June' }, 'test');
      const salted = await run();
      expect(salted.executed).toBe('d');
      expect(await why(salted.id, 'd')).toBe('Runs because its salt changed.');
    });

    test('an imported file is code too, and that of a class whose objects come from upstream', async () => {
      w = await World.on(database, GRAPH);
      const change = (card: string, source: string) => w.cards.set(card, { ...w.cards.get(card)!, source, sourceHash: sha256(source) });
      change('b', 'from cards.d import helper');
      const model = {
        outputs: [{ key: 'out', type: 'dataframe', declared: true, ref: 'b/out.joblib', sha256: sha256('model'), bytes: 5 }],
      };
      await w.store.put(new TextEncoder().encode('model'));
      await w.start();
      expect(await execute({ b: model })).toBe('a b d c');
      change('d', '# another helper');
      await w.start();
      // `c` gets an object of `b`, which is made with what is in `d`.
      expect(await execute({ b: model })).toBe('b d c');
    });

    test('RUN-24 counts only while it is stored whole, within its time limit, and where neither card nor node refuses', async () => {
      w = await World.on(database, GRAPH, { d: { cache: false } });
      const first = await w.start();
      expect(await execute()).toBe('a d b c');
      expect(await why(first.id, 'd')).toBe('Runs, because its card says cache = False.');
      setCacheSetting(document(), 'a', { off: true }, 'test');
      setCacheSetting(document(), 'b', { seconds: 60 }, 'test');
      w.now += 61_000;
      const second = await w.start();
      expect(await execute()).toBe('a d b');
      const steps = await told(second.id);
      expect(steps['a']?.why).toBe('Runs, because the cache is off for this node.');
      expect(steps['b']?.why).toBe('Runs because its last result is older than its time limit.');
      expect(steps['c']).toMatchObject({ cached: true });
      const { store } = w;
      w.store = { ...store, size: async (hash) => (hash === sha256('c') ? undefined : store.size(hash)) };
      await w.restart();
      const third = await w.start();
      expect(await execute()).toBe('a d c');
      expect(await why(third.id, 'c')).toBe('Runs because files of its result of run 1 are gone.');
    });

    test('what left files in /tmp is not kept, nor what may have read them, unless the card says it does not', async () => {
      w = await World.on(database, GRAPH, { a: { scratch: false }, b: { scratch: true }, c: { scratch: true }, d: { scratch: true } });
      const litter: Record<string, Changes> = { a: { leftScratch: true }, b: { leftScratch: true } };
      await w.start();
      await execute(litter);
      const second = await w.start();
      expect(await execute(litter)).toBe('b c');
      expect(await why(second.id, 'c')).toBe(
        'Runs, because “B” left files in /tmp, which the cache does not keep and this card may read; say scratch = False in the card if it does not.',
      );
    });

    test('another project has a cache of its own', async () => {
      w = await World.on(database, GRAPH);
      await w.start();
      await execute();
      await w.orchestrator.stop();
      const { store } = w;
      w = await World.on(database, GRAPH);
      w.store = store;
      await w.start();
      await settled(w);
      expect(w.bus.queue.size).toBe(1);
    });
  });

  describe('RUN-25 a key that is being made', () => {
    test('is not made twice: the second run waits with a reason and takes the result', async () => {
      w = await World.on(database, { a: [], b: ['a'] });
      await w.start();
      await settled(w);
      const assignment = w.assignmentOf('a');
      await w.claim(assignment);
      const second = await w.start();
      expect((await w.states(second.id))['a']).toBe('queued');
      const [row] = await database.sql.query<{ reason: string }>(`SELECT reason FROM step WHERE run_id = $1 AND node_id = 'a'`, [
        second.id,
      ]);
      expect(row?.reason).toBe('Run 1 makes the same at this moment; its result is taken.');
      expect(await execute()).toBe('a b');
      expect(await told(second.id)).toMatchObject({ a: { cached: true, from: 1 }, b: { cached: true, from: 1 } });
      expect(await w.stateOf(second.id)).toBe('succeeded');
    });

    test('is made by the next one if it fails or is cancelled, also after a restart', async () => {
      w = await World.on(database, { a: [] });
      const first = await w.start();
      const second = await w.start();
      const third = await w.start();
      await w.restart();
      await settled(w);
      expect([...w.bus.queue.values()].map(({ runId }) => runId)).toEqual([first.id]);
      await cancelRun(w.ports, ada, first.id);
      for (const [id, { runId }] of w.bus.queue) if (runId === first.id) w.bus.queue.delete(id);
      await idle(w);
      await settled(w);
      expect(w.bus.queue.size).toBe(1);
      expect(await execute({ a: failure })).toBe('a a');
      expect(await Promise.all([first, second, third].map(({ id }) => w.stateOf(id)))).toEqual(['cancelled', 'failed', 'failed']);
    });

    test('a step that waits for a twin can be cancelled, and the twin goes on', async () => {
      w = await World.on(database, { a: [], b: ['a'] });
      const first = await w.start();
      const second = await w.start();
      await cancelStep(w.ports, ada, second.id, 'a');
      expect(await w.states(second.id)).toEqual({ a: 'cancelled', b: 'skipped' });
      expect(await execute()).toBe('a b');
      expect(await w.stateOf(first.id)).toBe('succeeded');
    });
  });

  describe('RUN-26 a part of a pipeline', () => {
    const part = (kind: RunScope['kind'], ...nodeIds: string[]) => ({ scope: { kind, nodeIds } });

    test('to a node, from a node, only a node, and whatever the cache holds', async () => {
      w = await World.on(database, GRAPH);
      await w.start([], part('to', 'c'));
      expect(await execute()).toBe('a b c');
      const to = await w.start([], part('to', 'c'));
      expect(await execute()).toBe('');
      expect(Object.keys(await w.states(to.id)).toSorted()).toEqual(['a', 'b', 'c']);
      const from = await w.start([], part('from', 'b'));
      expect(await execute()).toBe('b c');
      expect(await told(from.id)).toMatchObject({ b: { why: 'Runs, because it was asked for whatever the cache holds.' } });
      expect(from).toMatchObject({ scope: { kind: 'from', nodeIds: ['b'] } });
      const only = await w.start([], part('only', 'd'));
      expect(await execute()).toBe('d');
      expect(await told(only.id)).toEqual({
        a: { state: 'succeeded', cached: true, why: 'Taken from run 2: only a part was run.', from: null },
        d: { state: 'succeeded', cached: false, why: 'Runs, because it was asked for whatever the cache holds.', from: null },
      });
      // What parts have made is known to the whole, and a pin is not in the way of what was asked for by name.
      await w.start();
      expect(await execute()).toBe('');
      setPin(document(), ['b'], { runId: from.id }, 'test');
      await w.start([], part('only', 'b'));
      expect(await execute()).toBe('b');
      await w.start([], { force: true });
      expect(await execute()).toBe('c a d');
    });

    test('takes from upstream what would come out the same now, and one card alone whatever there is', async () => {
      w = await World.on(database, { a: [], b: ['a'] }, { a: { cache: false } });
      await w.start();
      await execute();
      await w.start([], part('from', 'b'));
      expect(await execute()).toBe('b');
      set('a', 9);
      await w.start([], part('only', 'b'));
      expect(await execute()).toBe('b');
      await w.start([], part('from', 'b'));
      expect(await execute()).toBe('a b');
    });

    test('is refused with a reason where it cannot be', async () => {
      w = await World.on(database, { a: [], b: ['a'], broken: ['a'] }, { broken: { inputs: [{ name: 'x', type: 'model' }] } });
      const problems = async (...args: Parameters<typeof part>) => (await outlook(part(...args))).problems.map(({ code }) => code);
      expect(await problems('only', 'b')).toEqual(['scope/no-result']);
      expect(await problems('to', 'gone')).toContain('scope/unknown-node');
      setBypass(document(), ['b'], true, 'test');
      expect(await problems('from', 'b')).toContain('scope/bypassed');
      // What is broken elsewhere is in nobody's way.
      expect(await problems('to', 'a')).toEqual([]);
    });
  });

  describe('RUN-27 a run that failed or was cancelled', () => {
    test('goes on as a new run of the same version, with what succeeded; the older one stays as it is', async () => {
      w = await World.on(database, { a: [], b: ['a'], c: ['b'], d: ['a'] });
      const first = await w.start();
      expect(await execute({ b: failure })).toBe('a b d');
      expect(await w.states(first.id)).toEqual({ a: 'succeeded', b: 'failed', c: 'skipped', d: 'succeeded' });
      // People have gone on editing; what is resumed is the version of then.
      set('a', 99);
      const second = await resumeRun(w.ports, ada, first.id);
      expect(second).toMatchObject({ number: 2, resumes: { runId: first.id, number: 1 } });
      expect(await execute()).toBe('b c');
      expect(await w.states(first.id)).toMatchObject({ b: 'failed', c: 'skipped' });
      expect((await told(second.id))['a']).toMatchObject({ cached: true, why: 'Taken from run 1, which this run resumes.' });
      await expect(resumeRun(w.ports, ada, second.id)).rejects.toMatchObject({ code: 'conflict' });
      // What it made has the same keys as if the first had gone through.
      set('a', 3);
      await w.start();
      expect(await execute()).toBe('');
    });

    test('executes again what needs files in /tmp, and what was made from it', async () => {
      w = await World.on(database, { a: [], b: ['a'], c: ['b'] }, { a: { scratch: true } });
      const first = await w.start();
      await execute({ a: { leftScratch: true }, c: failure });
      await resumeRun(w.ports, ada, first.id);
      await settled(w);
      expect([...w.bus.queue.values()].map(({ nodeId }) => nodeId)).toEqual(['a']);
    });

    test('RUN-28 is cancelled by whoever started it, or may cancel what others started', async () => {
      w = await World.on(database, { a: [] });
      const run = await w.start();
      const asked: string[] = [];
      const authorize: World['ports']['authorize'] = async (_actor, action) => void asked.push(action);
      const grace = { kind: 'user', userId: 'grace', name: 'Grace', isOwner: false } as const;
      await cancelStep({ ...w.ports, authorize }, ada, run.id, 'a');
      expect(asked).toEqual(['run.cancel']);
      await cancelRun({ ...w.ports, authorize }, grace, run.id);
      expect(asked).toEqual(['run.cancel', 'run.cancel', 'run.cancelOthers']);
    });
  });

  describe('a forecast', () => {
    test('says what would be executed and why, what only shows later, how long it took, and starts nothing', async () => {
      w = await World.on(database, GRAPH);
      expect((await outlook()).sentence).toBe('0 of 4 steps from cache; A runs for the first time, and 3 more may run.');
      await w.start();
      await settled(w);
      await w.claim(w.assignmentOf('a'));
      w.now += 41_000;
      await execute();
      expect((await outlook()).sentence).toBe('4 of 4 steps from cache: nothing has changed.');
      set('b', 7);
      const { steps, sentence } = await outlook();
      expect(sentence).toBe('2 of 4 steps from cache; B runs because `size` changed 3 → 7, and 1 more may run; last time 0 ms.');
      expect(steps.map(({ nodeId, outcome, why: reason }) => [nodeId, outcome, reason])).toEqual([
        ['a', 'taken', 'Taken from run 1: nothing that decides it has changed.'],
        ['b', 'runs', 'Runs because `size` changed 3 → 7.'],
        ['d', 'taken', 'Taken from run 1: nothing that decides it has changed.'],
        ['c', 'open', 'Known when “B” has run.'],
      ]);
      expect((await outlook({ force: true })).sentence).toMatch(/^0 of 4 .* last time 41 s\.$/);
      expect(await database.sql.query(`SELECT id FROM run WHERE pipeline_id = $1`, [w.pipelineId])).toHaveLength(1);
      // It claims nothing: the next run executes the step itself.
      await w.start();
      expect(await execute()).toBe('b');
    });
  });
}
