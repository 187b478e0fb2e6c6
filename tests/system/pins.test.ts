/** Pinned results on a real runner: what is executed, what reaches the cards, and what is refused. */
import { randomUUID } from 'node:crypto';
import { readdirSync, rmSync } from 'node:fs';
import path from 'node:path';
import { openProvider } from '@ensemble/testkit';
import { RunVersionDetail } from '@ensemble/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createProject, finished, importFolder, readStep, startRun } from '../lib/api.ts';
import { card, folder } from '../lib/folders.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let projectId: string;

beforeAll(async () => {
  product = await startProduct();
  projectId = (await createProject(product, 'Pins')).id;
});
afterAll(async () => {
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

/** `a` keeps something on the side that `c` loads, two steps on; every run of `a` makes something else. */
const GRAPH = folder(
  [
    { id: 'a', card: 'first' },
    { id: 'b', card: 'second', config: { seconds: 1 } },
    { id: 'c', card: 'third' },
    { id: 'd', card: 'second' },
  ],
  ['a.value -> b.data', 'b.value -> c.data', 'c.value -> d.data'],
  {
    'first.py': card(
      'first',
      `import uuid
mark = uuid.uuid4().hex
storage.save_json("_p", "_n", "side", {"mark": mark})
return {"value": storage.save_json("_p", "_n", "value", {"mark": mark})}`,
    ),
    'second.py': card(
      'second',
      `print("second of", inputs["data"])
return {"value": storage.save_json("_p", "_n", "value", storage.load_json(inputs["data"]))}`,
      { data: 'json' },
    ),
    'third.py': card(
      'third',
      `came = storage.load_json(inputs["data"])
side = storage.load_json(inputs["data"].replace("b/", "a/").replace("value.json", "side.json"))
assert side == came, (side, came)
return {"value": storage.save_json("_p", "_n", "value", came)}`,
      { data: 'json' },
    ),
  },
);

/** Pins as a person's page does: in the shared document. */
async function pin(pipelineId: string, nodeId: string, runId: string): Promise<void> {
  const client = await openProvider({
    url: `${product.url.replace('http', 'ws')}/collab`,
    documentName: `pipeline:${pipelineId}`,
    headers: { authorization: `Bearer ${product.token}`, origin: product.url },
  });
  (client.doc.getMap('nodes').get(nodeId) as { set(key: string, value: unknown): void }).set('pin', { runId });
  await eventually(
    async () => client.provider.unsyncedChanges,
    (changes) => changes === 0,
  );
  client.destroy();
}

async function made(): Promise<{ pipelineId: string; runId: string }> {
  const { pipelineId } = await importFolder(product, projectId, GRAPH);
  const run = await finished(product, (await startRun(product, pipelineId)).id);
  expect(run.steps.map((step) => [step.nodeId, step.state, step.error?.traceback])).toEqual(
    ['a', 'b', 'c', 'd'].map((id) => [id, 'succeeded', undefined]),
  );
  return { pipelineId, runId: run.id };
}

const refusalOf = async (pipelineId: string): Promise<unknown> => {
  const answer = await call(product, 'POST', `/api/pipelines/${pipelineId}/runs`, { overrides: [] });
  expect(answer.status).toBe(422);
  return answer.body;
};

test('RUN-16, RUN-17, RUN-12 only the rest is executed, with the very results and everything behind them', async () => {
  const { pipelineId, runId } = await made();
  await pin(pipelineId, 'b', runId);
  const run = await finished(product, (await startRun(product, pipelineId)).id);
  expect(run.steps.map((step) => [step.nodeId, step.state, step.cached, step.error?.traceback])).toEqual([
    ['b', 'succeeded', true, undefined],
    ['c', 'succeeded', false, undefined],
    ['d', 'succeeded', false, undefined],
  ]);
  const [before, after] = await Promise.all([runId, run.id].map((id) => readStep(product, id, 'b')));
  expect(after).toMatchObject({
    outputs: before!.outputs,
    preview: before!.preview,
    outputViewType: 'metrics',
    lineage: before!.lineage,
    pinnedFrom: { runId, number: 1 },
    attempt: 0,
  });
  expect((await readStep(product, run.id, 'd')).preview).toEqual(before!.preview);
  const log = await call(product, 'GET', `/api/runs/${run.id}/steps/b/log?offset=0`);
  expect(log.body).toMatchObject({ complete: true, text: expect.stringContaining('second of a/value.json') as string });
  const download = await fetch(new URL(`/api/runs/${run.id}/steps/b/artifacts/value`, product.url), {
    headers: { authorization: `Bearer ${product.token}` },
  });
  expect(await download.json()).toEqual(before!.preview);
  // The run opens as it was: with its pin, and with the card that did not run.
  const version = RunVersionDetail.parse((await call(product, 'GET', `/api/runs/${run.id}/version`)).body);
  expect(version.graph.nodes.map(({ id, pin: pinned }) => [id, pinned?.runId])).toEqual([
    ['a', undefined],
    ['b', runId],
    ['c', undefined],
    ['d', undefined],
  ]);
});

test('RUN-23 a second run executes nothing, says so beforehand, and has what the first made; nothing is left to resume', async () => {
  const { pipelineId, runId } = await made();
  const forecast = await call(product, 'POST', `/api/pipelines/${pipelineId}/forecast`, {});
  expect(forecast.body).toMatchObject({ problems: [], sentence: '4 of 4 steps from cache: nothing has changed.' });
  const again = await finished(product, (await startRun(product, pipelineId, [], {})).id);
  expect(again.steps.map((step) => [step.nodeId, step.state, step.cached, step.attempt, step.takenFrom])).toEqual(
    ['a', 'b', 'c', 'd'].map((id) => [id, 'succeeded', true, 0, { runId, number: 1 }]),
  );
  const [before, after] = await Promise.all([runId, again.id].map((id) => readStep(product, id, 'b')));
  expect(after).toMatchObject({ outputs: before!.outputs, preview: before!.preview });
  const log = await call(product, 'GET', `/api/runs/${again.id}/steps/b/log?offset=0`);
  expect(log.body).toMatchObject({ complete: true, text: expect.stringContaining('second of a/value.json') as string });
  expect((await call(product, 'POST', `/api/runs/${again.id}/resume`, {})).status).toBe(409);
});

test('RUN-18 a run that is not there, one of another project, and files that are gone refuse the run by name', async () => {
  const { pipelineId, runId } = await made();
  await pin(pipelineId, 'b', randomUUID());
  const message = expect.stringMatching(/^The pinned result of “b” is of a run that this project does not have\. Unpin it/) as string;
  expect(await refusalOf(pipelineId)).toMatchObject({
    code: 'invalid-pipeline',
    problems: [{ code: 'pin/unavailable', nodeId: 'b', message }],
  });

  const elsewhere = await importFolder(product, (await createProject(product, 'Others')).id, GRAPH);
  const foreign = await finished(product, (await startRun(product, elsewhere.pipelineId)).id);
  expect(foreign.state).toBe('succeeded');
  await pin(pipelineId, 'b', foreign.id);
  expect(await refusalOf(pipelineId)).toMatchObject({ problems: [{ nodeId: 'b', message }] });

  await pin(pipelineId, 'b', runId);
  const [output] = (await readStep(product, runId, 'b')).outputs;
  const stored = path.join(product.directory, 'artifacts');
  const file = readdirSync(stored, { recursive: true, encoding: 'utf8' }).find((name) => name.replaceAll('/', '').endsWith(output!.sha256));
  rmSync(path.join(stored, file!));
  expect(await refusalOf(pipelineId)).toMatchObject({
    problems: [{ nodeId: 'b', message: expect.stringContaining('are gone') as string }],
  });
});
