/** A second runner, as on another machine: registered with a token, no file shared with the server, all over the server's address. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { NewRunnerToken, type PoolInfo, type RunnerInfo } from '@ensemble/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createProject, finished, importFolder, readStep, startRun } from '../lib/api.ts';
import { card, folder } from '../lib/folders.ts';
import { eventually, newDataDirectory, nothingLeft, type Product, removeDirectory, repository, startProduct } from '../lib/product.ts';

let product: Product;
let pipelineId: string;
const machine = newDataDirectory();
const daemons: ChildProcess[] = [];
const cache = process.env.ENSEMBLE_CACHE_DIR ?? path.join(repository, '.cache');

beforeAll(async () => {
  product = await startProduct({ env: { ENSEMBLE_RUNNER_SLOTS: '1' } });
  const { id } = await createProject(product, 'Far away');
  const onGpu = card(
    'train',
    'import os, time\nprint("gpu", os.environ["CUDA_VISIBLE_DEVICES"], flush=True)\ntime.sleep(config["seconds"])',
    {
      data: 'json',
    },
  ).replace('config_schema', 'resources = {"gpu": 1}\n    config_schema');
  const nodes = [
    { id: 'a', card: 'load' },
    { id: 'b', card: 'train' },
    { id: 'c', card: 'after' },
  ];
  const cards = {
    'load.py': card('load', 'pass'),
    'train.py': onGpu,
    'after.py': card('after', 'storage.load_json(inputs["data"])', { data: 'json' }),
  };
  ({ pipelineId } = await importFolder(product, id, folder(nodes, ['a.value -> b.data', 'b.value -> c.data'], cards)));
});
afterAll(async () => {
  for (const daemon of daemons) daemon.kill('SIGKILL');
  await nothingLeft(machine);
  await product?.stop();
  for (const directory of [machine, ...(product ? [product.directory] : [])]) removeDirectory(directory);
});

function startDaemon(token?: string): ChildProcess {
  const env = {
    PATH: process.env.PATH,
    ENSEMBLE_SERVER_URL: product.url,
    ...(token === undefined ? {} : { ENSEMBLE_RUNNER_TOKEN: token }),
    ENSEMBLE_RUNNER_NAME: 'far',
    ENSEMBLE_RUNNER_SLOTS: '1',
    ENSEMBLE_WARM_LEVEL: 'container',
    ENSEMBLE_RUNNER_DIR: path.join(machine, 'runner'),
    ENSEMBLE_ARTIFACTS_DIR: path.join(machine, 'artifacts'),
    ENSEMBLE_CARD_PYTHON: path.join(cache, 'python/bin/python'),
    ENSEMBLE_UV: path.join(cache, 'tools/bin/uv'),
  };
  const daemon = spawn('node', [path.join(repository, 'runner/daemon/src/main.ts')], { env, stdio: 'inherit' });
  daemons.push(daemon);
  return daemon;
}

const runners = async (): Promise<RunnerInfo[]> => (await call(product, 'GET', '/api/runners')).body as RunnerInfo[];
const far = async (): Promise<RunnerInfo | undefined> => (await runners()).find(({ name }) => name === 'far');
const reasonOf = async (runId: string, nodeId: string): Promise<string | null | undefined> =>
  (await readStep(product, runId, nodeId)).reason;

test('a registered runner gets what only it can execute, its outputs go on, and it can be drained and removed', async () => {
  const first = await startRun(product, pipelineId);
  await eventually(
    () => reasonOf(first.id, 'b'),
    (reason) => reason === 'no GPU runner is connected',
  );

  const made = await call(product, 'POST', '/api/runner-tokens', { name: 'gpu machines', pools: ['gpu'], hours: 1 });
  const { token, id: tokenId } = NewRunnerToken.parse(made.body);
  const daemon = startDaemon(token);
  // What it makes is read by the card after it, which runs here.
  expect(await finished(product, first.id)).toMatchObject({ state: 'succeeded' });
  const here = (await far())!;
  expect(here).toMatchObject({ state: 'online', registered: true, pools: ['gpu'], gpus: 1, slots: 1, cordoned: false });
  // Killed in the middle of a card, and started again with what it keeps: no token is needed.
  const long = [{ nodeId: 'b', field: 'seconds', value: 600 }];
  const second = await startRun(product, pipelineId, long);
  await eventually(far, (runner) => runner?.tasks.some(({ runId }) => runId === second.id) === true);
  expect((await call(product, 'DELETE', `/api/runner-tokens/${tokenId}`)).status).toBe(204);
  daemon.kill('SIGKILL');
  startDaemon();
  const taken = await eventually(
    () => readStep(product, second.id, 'b'),
    (step) => step.state === 'running' && step.attempt === 2,
  );
  expect(taken.attempt).toBe(2);

  // Emptied at once: nothing new is given to it, and what it did waits for another.
  expect((await call(product, 'POST', `/api/runners/${here.id}/drain`, { minutes: 0 })).status).toBe(200);
  await eventually(far, (runner) => runner?.tasks.length === 0);
  await eventually(
    () => reasonOf(second.id, 'b'),
    (reason) => reason === 'all runners of pool gpu are cordoned or shutting down',
  );
  expect(((await call(product, 'GET', '/api/pools')).body as PoolInfo[]).map(({ pool }) => pool)).toEqual(['cpu']);

  // Uncordoned it takes the third and last attempt; removed it is not let in again, with nothing that it has.
  expect((await call(product, 'POST', `/api/runners/${here.id}/uncordon`)).status).toBe(200);
  await eventually(far, (runner) => runner?.tasks.some(({ runId }) => runId === second.id) === true);
  expect((await call(product, 'DELETE', `/api/runners/${here.id}`)).status).toBe(204);
  expect(await finished(product, second.id)).toMatchObject({ state: 'failed' });
  expect((await readStep(product, second.id, 'b')).error?.message).toContain('The runner that executed it was removed.');
  expect(await far()).toBeUndefined();
  const refused = await fetch(new URL('/api/runner-registrations', product.url), {
    method: 'POST',
    headers: { 'content-type': 'application/json', origin: product.url },
    body: JSON.stringify({ token, name: 'far', publicKey: `U${'A'.repeat(55)}` }),
  });
  expect(refused.status).toBe(410);
});
