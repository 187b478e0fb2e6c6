/** Runs real pipelines on a real runner: on the embedded parts, and on PostgreSQL with an external nats-server and a bucket. */
import { createHash } from 'node:crypto';
import path from 'node:path';
import { openLiveClient, temporaryDatabase } from '@ensemble/testkit';
import { StepLineage } from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { call, createProject, finished, importFolder, readRun, readStep, startRun } from '../lib/api.ts';
import { card, folder, sleepCard, template } from '../lib/folders.ts';
import { eventually, newDataDirectory, nothingLeft, processesOf, type Product, removeDirectory, startProduct } from '../lib/product.ts';
import { startBucket, startNatsServer } from '../lib/services.ts';

interface Setting {
  env: Record<string, string>;
  /** Artifacts are elsewhere too: those in the data directory may get lost. */
  hasBucket: boolean;
  end(): Promise<void>;
}
const settings: [string, () => Promise<Setting>][] = [
  ['embedded parts', async () => ({ env: {}, hasBucket: false, end: async () => {} })],
  [
    'PostgreSQL, an external nats-server and a bucket',
    async () => {
      const [database, nats, bucket] = [await temporaryDatabase('whole'), await startNatsServer(), await startBucket()];
      return {
        env: { DATABASE_URL: database.url, NATS_URL: nats.url, ...bucket.env },
        hasBucket: true,
        end: async () => {
          await nats.stop();
          await bucket.stop();
          await database.drop();
        },
      };
    },
  ],
];

describe.each(settings)('on %s', (_name, arrange) => {
  let setting: Setting;
  let product: Product;
  let projectId: string;
  const directory = newDataDirectory();

  beforeAll(async () => {
    setting = await arrange();
    product = await startProduct({ directory, env: setting.env });
    projectId = (await createProject(product, 'Tests')).id;
  });
  afterAll(async () => {
    const code = await product?.stop();
    await setting?.end();
    expect(code).toBe(0);
    await nothingLeft(directory);
    removeDirectory(directory);
  });

  const runFolder = async (content: Parameters<typeof importFolder>[2], overrides: unknown[] = []) => {
    const { pipelineId } = await importFolder(product, projectId, content);
    return finished(product, (await startRun(product, pipelineId, overrides)).id);
  };

  test('a scikit-learn pipeline runs and its results can be read', async () => {
    const run = await runFolder(template('iris-classification'));
    expect(run.steps.map((step) => [step.nodeId, step.state, step.error?.message])).toEqual(
      run.steps.map((step) => [step.nodeId, 'succeeded', undefined]),
    );
    expect(run.state).toBe('succeeded');
    expect(run.isolation).toMatch(/^L[23]$/);
    const evaluation = await readStep(product, run.id, 'evaluate');
    const preview = evaluation.preview as { metrics?: Record<string, number> };
    expect(preview.metrics?.accuracy).toBeGreaterThan(0.8);
    const [output] = (await readStep(product, run.id, 'split')).outputs;
    const response = await fetch(new URL(`/api/runs/${run.id}/steps/split/artifacts/${output?.key}`, product.url), {
      headers: { authorization: `Bearer ${product.token}` },
    });
    expect(response.headers.get('content-disposition')).toContain('attachment');
    const hash = createHash('sha256').update(Buffer.from(await response.arrayBuffer()));
    expect(hash.digest('hex')).toBe(output?.sha256);
    const lineage = StepLineage.parse((await call(product, 'GET', `/api/runs/${run.id}/steps/split/lineage`)).body);
    expect(lineage.inputs.map(({ from, artifact }) => [from.nodeId, artifact?.type])).toEqual([['load', 'dataframe']]);
    expect(lineage.outputs.flatMap(({ uses }) => uses.map(({ by }) => by.nodeId))).toContain('train');
  });

  test('a failure names the line, keeps the output, and skips only what depends on it', async () => {
    const run = await runFolder(
      folder(
        [
          { id: 'bad', card: 'bad' },
          { id: 'after', card: 'after' },
          { id: 'last', card: 'after' },
          { id: 'other', card: 'sleep' },
        ],
        ['bad.value -> after.data', 'after.value -> last.data'],
        {
          'bad.py': card('bad', 'print("before the fall")\nraise ValueError("no such luck")'),
          'after.py': card('after', 'pass', { data: 'json' }),
          'sleep.py': sleepCard,
        },
      ),
    );
    expect(run.state).toBe('failed');
    expect(Object.fromEntries(run.steps.map((step) => [step.nodeId, step.state]))).toEqual({
      bad: 'failed',
      after: 'skipped',
      last: 'skipped',
      other: 'succeeded',
    });
    const bad = await readStep(product, run.id, 'bad');
    expect(bad.error).toMatchObject({ kind: 'card', type: 'ValueError', line: 18 });
    expect(bad.error?.message).toContain('no such luck');
    expect(bad.error?.traceback).toContain('cards/bad.py');
    const log = (await call(product, 'GET', `/api/runs/${run.id}/steps/bad/log?offset=0`)).body as { text: string; complete: boolean };
    expect(log.text).toContain('before the fall');
    expect(log.complete).toBe(true);
  });

  test('every problem is told before anything runs', async () => {
    const content = folder(
      [
        { id: 'train', card: 'std/train_classifier', config: { model: 'oracle' } },
        { id: 'who', card: 'not/there' },
      ],
      [],
    );
    const { pipelineId } = await importFolder(product, projectId, content);
    const answer = await call(product, 'POST', `/api/pipelines/${pipelineId}/runs`, { overrides: [] });
    expect(answer.status).toBe(422);
    const { problems } = answer.body as { problems: { nodeId?: string; field?: string; port?: string }[] };
    expect(problems.some((one) => one.nodeId === 'train' && one.field === 'model')).toBe(true);
    expect(problems.some((one) => one.nodeId === 'train' && one.port !== undefined)).toBe(true);
    expect(problems.some((one) => one.nodeId === 'who')).toBe(true);
    expect((await call(product, 'GET', `/api/pipelines/${pipelineId}/runs`)).body).toEqual([]);
  });

  test('an override changes one run and not the pipeline', async () => {
    const content = folder([{ id: 'echo', card: 'echo' }], [], { 'echo.py': card('echo', 'print("seconds is", config["seconds"])') });
    const { pipelineId } = await importFolder(product, projectId, content);
    const logOf = async (overrides: unknown[]): Promise<string> => {
      const run = await finished(product, (await startRun(product, pipelineId, overrides)).id);
      return ((await call(product, 'GET', `/api/runs/${run.id}/steps/echo/log?offset=0`)).body as { text: string }).text;
    };
    expect(await logOf([{ nodeId: 'echo', field: 'seconds', value: 0.25 }])).toContain('seconds is 0.25');
    expect(await logOf([])).toContain('seconds is 0\n');
  });

  test('cancel kills the card, and every step ends', async () => {
    const content = folder(
      [
        { id: 'first', card: 'sleep', config: { seconds: 120 } },
        { id: 'second', card: 'after' },
      ],
      ['first.value -> second.data'],
      { 'sleep.py': sleepCard, 'after.py': card('after', 'pass', { data: 'json' }) },
    );
    const { pipelineId } = await importFolder(product, projectId, content);
    const { id } = await startRun(product, pipelineId);
    await eventually(
      async () => (await call(product, 'GET', `/api/runs/${id}/steps/first/log?offset=0`)).body as { text: string },
      (log) => log.text.includes('sleeping'),
    );
    expect((await call(product, 'POST', `/api/runs/${id}/cancel`, {})).status).toBe(200);
    const run = await finished(product, id);
    expect(run.state).toBe('cancelled');
    expect(run.steps.map((step) => step.state)).toEqual(['cancelled', 'cancelled']);
    await eventually(
      () => processesOf(directory).filter((one) => one.command.includes('ensemble_harness')),
      (left) => left.length === 0,
    );
  });

  test('a log storm is watched live, its gaps are filled by ranges, a late joiner reads the tail; killed, the card keeps log and curve', async () => {
    const lines = 200_000;
    const storm = `
import os, time
for epoch in range(50): self.log_metric("loss", 1 / (epoch + 1), epoch)
print("begin", flush=True)
while not os.path.exists("/tmp/never") and config["seconds"] > 0:
    os.write(1, b"".join(b"%07d %s\\n" % (n, b"x" * 40) for n in range(${lines})))
    print("end of the storm", flush=True)
    time.sleep(600)`;
    const content = folder([{ id: 'storm', card: 'storm', config: { seconds: 1 } }], [], { 'storm.py': card('storm', storm) });
    const { pipelineId } = await importFolder(product, projectId, content);
    const { id } = await startRun(product, pipelineId);
    await eventually(
      async () => (await readStep(product, id, 'storm')).state,
      (state) => state === 'running',
    );
    const headers = { authorization: `Bearer ${product.token}` };
    const [early, late] = [await openLiveClient(product.url, headers), await openLiveClient(product.url, headers)];
    early.ask({ kind: 'watch', id: 1, runId: id, nodeId: 'storm', log: true, metrics: true });
    const { nextOffset: size } = await eventually(
      async () =>
        (await call(product, 'GET', `/api/runs/${id}/steps/storm/log?offset=${6 + lines * 49}`)).body as {
          text: string;
          nextOffset: number;
        },
      ({ text }) => text.includes('end of the storm'),
    );
    expect(size).toBe(6 + lines * 49 + 17);
    late.ask({ kind: 'watch', id: 2, runId: id, nodeId: 'storm', log: true, metrics: false });
    await eventually(
      () => late.news,
      (news) => news.some((one) => one.kind === 'watching' && one.state === 'live' && one.size === size),
    );
    // A gap of any watcher is what no piece covers; a range fills it, and positions are those of what was printed.
    const from = 6 + 100_000 * 49;
    for (const client of [early, late]) client.ask({ kind: 'range', id: client === early ? 1 : 2, from, to: from + 98 });
    for (const client of [early, late]) {
      const [piece] = await eventually(
        () => client.pieces.filter(({ isAnswer, start }) => isAnswer && start === from),
        (found) => found.length === 1,
      );
      expect(Buffer.from(piece!.bytes).toString()).toBe(`0100000 ${'x'.repeat(40)}\n0100001 ${'x'.repeat(40)}\n`);
    }
    late.ask({ kind: 'range', id: 2, from: size - 17, to: size });
    await eventually(
      () => late.pieces.map(({ bytes }) => Buffer.from(bytes).toString()),
      (texts) => texts.includes('end of the storm\n'),
    );
    const sent = early.pieces.filter(({ isAnswer }) => !isAnswer).reduce((sum, { bytes }) => sum + bytes.length, 0);
    expect(sent).toBeLessThanOrEqual(size);
    expect((await call(product, 'POST', `/api/runs/${id}/cancel`, {})).status).toBe(200);
    expect((await finished(product, id)).state).toBe('cancelled');
    for (const client of [early, late]) client.close();
    const end = (await call(product, 'GET', `/api/runs/${id}/steps/storm/log?offset=${size - 17}`)).body;
    expect(end).toMatchObject({ text: 'end of the storm\n', complete: true, truncated: false });
    expect((await call(product, 'GET', `/api/runs/${id}/steps/storm/metrics`)).body).toMatchObject({
      series: [{ name: 'loss', points: 50 }],
      notFinite: 0,
      dropped: 0,
      complete: true,
    });
  });

  test('scratch files and side artifacts of one step are there for the next', async () => {
    const writes = `
open("/tmp/note.txt", "w").write("from the first")
storage.save_json("_p", "_n", "meta", {"side": 1})`;
    const reads = `
assert open("/tmp/note.txt").read() == "from the first"
meta = storage.load_json(inputs["data"].replace("value.json", "meta.json"))
assert meta == {"side": 1}, meta`;
    const run = await runFolder(
      folder(
        [
          { id: 'a', card: 'writes' },
          { id: 'b', card: 'reads' },
        ],
        ['a.value -> b.data'],
        {
          'writes.py': card('writes', writes),
          'reads.py': card('reads', reads, { data: 'json' }),
        },
      ),
    );
    expect(run.steps.map((step) => step.error?.traceback)).toEqual([undefined, undefined]);
    expect(run.state).toBe('succeeded');
  });

  test('a run that is over answers the same after a restart', async () => {
    const before = await runFolder(template('iris-classification'));
    const evaluation = await readStep(product, before.id, 'evaluate');
    await product.kill();
    if (setting.hasBucket) removeDirectory(path.join(directory, 'artifacts'));
    product = await startProduct({ directory, env: setting.env });
    expect(await readRun(product, before.id)).toEqual(before);
    expect(await readStep(product, before.id, 'evaluate')).toEqual(evaluation);
  });
});
