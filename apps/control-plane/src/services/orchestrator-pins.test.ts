/** Runs with pinned results, on a real database: what is executed, what is handed on, and what is refused. */
import { moveNodes, setBypass, setConfigField, setPin } from '@ensemble/pipeline';
import type { Pin } from '@ensemble/pipeline';
import type { StepSpec } from '@ensemble/protocol';
import { eventually } from '@ensemble/testkit';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { newId } from '../platform/ids.ts';
import type { Database } from '../platform/database/database.ts';
import { openDatabase } from '../platform/database/open-database.ts';
import { sha256, World } from './test-orchestrator.ts';

let database: Database;
let w: World;

beforeAll(async () => {
  database = await openDatabase({ directory: 'memory://' });
});
afterEach(async () => {
  await w.orchestrator.stop();
  await database.sql.query('DELETE FROM attempt');
  await database.sql.query('DELETE FROM run');
});
afterAll(() => database.close());

const GRAPH = { a: [], b: ['a'], c: ['b'], d: ['c', 'a'] };

const document = () => w.doc(`pipeline:${w.pipelineId}`);
const pin = (ids: string[], to: Pin | undefined) => setPin(document(), ids, to, 'test');

/** The bytes of an output say which run made it. */
async function outputOf(nodeId: string, run: number) {
  const content = `${nodeId} of run ${run}`;
  await w.store.put(new TextEncoder().encode(content));
  return { key: 'out', type: 'dataframe', declared: true, ref: `${nodeId}/out.parquet`, sha256: sha256(content), bytes: 3 };
}

/** Executes a run to its end; which nodes were executed, in order. */
async function execute(run: number): Promise<string[]> {
  const executed: string[] = [];
  await w.orchestrator.runs.publishWaiting();
  while (w.bus.queue.size > 0) {
    for (const assignment of w.bus.queue.values()) {
      await w.claim(assignment);
      executed.push(assignment.nodeId);
      await w.finish(assignment, { outputs: [await outputOf(assignment.nodeId, run)] });
    }
    await w.orchestrator.runs.publishWaiting();
  }
  return executed;
}

async function specOf(nodeId: string): Promise<StepSpec> {
  await w.orchestrator.runs.publishWaiting();
  return JSON.parse(new TextDecoder().decode(await w.store.readAll(w.assignmentOf(nodeId).specHash, 1e6))) as StepSpec;
}

const problemsOf = async (): Promise<unknown> => {
  const error: unknown = await w.start().catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'invalid-pipeline' });
  return (error as { problems: unknown }).problems;
};

describe('a run with pinned results', () => {
  test('RUN-16, RUN-17 executes only the rest, and RUN-12 holds through the pin', async () => {
    w = await World.on(database, GRAPH);
    const first = await w.start();
    expect(await execute(1)).toEqual(['a', 'b', 'c', 'd']);
    pin(['c'], { runId: first.id });
    // What only feeds the pinned step may be as broken as it likes.
    setConfigField(document(), 'b', 'size', 'none', 'test');
    const second = await w.start([], { force: true });
    await w.orchestrator.runs.publishWaiting();
    expect(await w.states(second.id)).toEqual({ a: 'queued', c: 'succeeded', d: 'pending' });
    const a = w.assignmentOf('a');
    await w.claim(a);
    await w.finish(a, { outputs: [await outputOf('a', 2)] });
    const { inputs, artifacts } = await specOf('d');
    expect(inputs).toEqual({ in0: 'c/out.parquet', in1: 'a/out.parquet' });
    // `a` ran again and counts as it is now; `b` was not executed and comes with the pinned result.
    expect(artifacts).toEqual([
      { ref: 'a/out.parquet', sha256: sha256('a of run 2') },
      { ref: 'b/out.parquet', sha256: sha256('b of run 1') },
      { ref: 'c/out.parquet', sha256: sha256('c of run 1') },
    ]);
    expect(await execute(2)).toEqual(['d']);
    expect(await w.stateOf(second.id)).toBe('succeeded');
    const shown = await eventually('the document shows the end', () => {
      const now = w.shown(second.id);
      return (now.run as { state?: string } | undefined)?.state === 'succeeded' && now;
    });
    expect(shown.run).toMatchObject({ leftOut: ['B'] });
    expect(shown.steps.c).toMatchObject({ state: 'succeeded', cached: true, attempt: 0, pinnedFrom: { runId: first.id, number: 1 } });
    expect(shown.steps.d).toMatchObject({ cached: false });
  });

  test('a pin to a run that was pinned itself leads to where the result was made, and its lineage with it', async () => {
    w = await World.on(database, GRAPH);
    const first = await w.start();
    await execute(1);
    pin(['c'], { runId: first.id });
    setConfigField(document(), 'c', 'size', 9, 'test');
    const second = await w.start();
    await execute(2);
    pin(['c'], { runId: second.id });
    const third = await w.start();
    await execute(3);
    const [row] = await database.sql.query<{ pinned: Record<string, { runId: string; lineage: string; upstream: unknown[] }> }>(
      `SELECT content->'pinned' AS pinned FROM run JOIN pipeline_version v ON v.id = version_id WHERE run.id = $1`,
      [third.id],
    );
    expect(row?.pinned.c).toMatchObject({ runId: first.id, upstream: [{ ref: 'a/out.parquet' }, { ref: 'b/out.parquet' }] });
    const [before] = await database.sql.query<{ pinned: Record<string, { lineage: string }> }>(
      `SELECT content->'pinned' AS pinned FROM run JOIN pipeline_version v ON v.id = version_id WHERE run.id = $1`,
      [second.id],
    );
    expect(row?.pinned.c?.lineage).toBe(before?.pinned.c?.lineage);
  });

  test('survives a restart between its steps', async () => {
    w = await World.on(database, GRAPH);
    const first = await w.start();
    await execute(1);
    pin(['c'], { runId: first.id });
    const second = await w.start([], { force: true });
    await w.restart();
    expect(await execute(2)).toEqual(['a', 'd']);
    expect(await w.states(second.id)).toEqual({ a: 'succeeded', c: 'succeeded', d: 'succeeded' });
  });

  test('a bypassed node stands for nothing, pinned or not', async () => {
    w = await World.on(database, { a: [], b: ['a'], c: ['b'] });
    const first = await w.start();
    await execute(1);
    pin(['b'], { runId: first.id });
    setBypass(document(), ['b'], true, 'test');
    const second = await w.start([], { force: true });
    expect(await execute(2)).toEqual(['a', 'c']);
    expect(Object.keys(await w.states(second.id)).toSorted()).toEqual(['a', 'c']);
  });
});

describe('RUN-18 a pin that cannot be honoured refuses the run and says how to mend it', () => {
  test('a run that is not there, and one of another project', async () => {
    w = await World.on(database, { a: [] });
    const foreign = await w.start();
    await execute(1);
    await database.sql.query(`UPDATE run SET project_id = 'other' WHERE id = $1`, [foreign.id]);
    for (const runId of [newId(), foreign.id]) {
      pin(['a'], { runId });
      expect(await problemsOf()).toEqual([
        {
          code: 'pin/unavailable',
          nodeId: 'a',
          message:
            'The pinned result of “A” is of a run that this project does not have. Unpin it, or run it again and pin the new result.',
        },
      ]);
    }
    pin(['a'], undefined);
    await w.start();
  });

  test('a step that did not succeed, or was not part of that run', async () => {
    w = await World.on(database, { a: [], b: [] });
    const run = await w.start();
    await w.orchestrator.runs.publishWaiting();
    const a = w.assignmentOf('a');
    await w.claim(a);
    await w.finish(a, { outcome: 'failed', error: { kind: 'card', message: 'no' } });
    pin(['a', 'b'], { runId: run.id });
    expect(await problemsOf()).toMatchObject([
      { nodeId: 'a', message: expect.stringContaining('is of run 1, in which it did not succeed.') as string },
      { nodeId: 'b' },
    ]);
    w.draw({ late: [] });
    pin(['a', 'b'], undefined);
    pin(['late'], { runId: run.id });
    expect(await problemsOf()).toMatchObject([{ nodeId: 'late' }]);
  });

  test('an output that the card promises now and that result lacks', async () => {
    w = await World.on(database, { a: [] });
    const run = await w.start();
    await execute(1);
    pin(['a'], { runId: run.id });
    const card = w.cards.get('a')!;
    w.cards.set('a', { ...card, manifest: { ...card.manifest!, outputs: [{ name: 'out', type: 'model' }] } });
    expect(await problemsOf()).toMatchObject([{ message: expect.stringContaining('has no output “out” of type model') as string }]);
  });

  test('files that are gone, its own or those of a step before it that somebody takes', async () => {
    w = await World.on(database, { a: [], b: ['a'], c: ['b'] });
    const run = await w.start();
    await execute(1);
    pin(['b'], { runId: run.id });
    const { store } = w;
    const without = (text: string) =>
      (w.store = { ...store, size: async (hash: string) => (hash === sha256(text) ? undefined : store.size(hash)) });
    for (const text of ['a of run 1', 'b of run 1']) {
      without(text);
      expect(await problemsOf(), text).toMatchObject([{ message: expect.stringContaining('files of run 1 are gone') as string }]);
    }
    // Nobody who is executed takes it: then what was before it is not needed.
    pin(['c'], { runId: run.id });
    without('a of run 1');
    await w.start();
  });
});

test('moving a node makes no new version, a pin does; the canvas of each run is kept as it was', async () => {
  w = await World.on(database, { a: [] });
  const versions = async () =>
    database.sql.query<{ version_id: string; canvas_sha256: string }>(`SELECT version_id, canvas_sha256 FROM run ORDER BY number`);
  const first = await w.start();
  await execute(1);
  moveNodes(document(), [{ id: 'a', position: { x: 70, y: 80 } }], 'test');
  await w.start();
  pin(['a'], { runId: first.id });
  await w.start();
  const [one, two, three] = await versions();
  expect(two?.version_id).toBe(one?.version_id);
  expect(three?.version_id).not.toBe(one?.version_id);
  const canvases = await Promise.all(
    [one, two].map(async (row) => JSON.parse(new TextDecoder().decode(await w.store.readAll(row!.canvas_sha256, 1e6))) as unknown),
  );
  expect(canvases).toMatchObject([
    { graph: { nodes: [{ id: 'a', position: { x: 0, y: 0 } }] } },
    { graph: { nodes: [{ id: 'a', position: { x: 70, y: 80 } }] } },
  ]);
});
