/**
 * Kills the parts that carry a run while its cards execute. Every step must end in exactly one state, the
 * run must finish, and no card process may be left. Each round proves that its fault hit something.
 */
import { isFinalStepState, type RunDetail } from '@ensemble/protocol';
import { seededRandom } from '@ensemble/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { call, createProject, finished, importFolder, readRun, startRun } from '../lib/api.ts';
import { card, folder, sleepCard } from '../lib/folders.ts';
import { eventually, newDataDirectory, processesOf, type Product, removeDirectory, startProduct } from '../lib/product.ts';
import { startNatsServer } from '../lib/services.ts';

const long = process.env.ENSEMBLE_LONG === '1';
const ROUNDS = long ? 20 : 2;
const random = seededRandom(process.env.ENSEMBLE_SEED === undefined ? undefined : Number(process.env.ENSEMBLE_SEED));

/** Two chains of three cards that sleep, and a card that joins them. */
const chains = folder(
  [
    ...['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map((id) => ({ id, card: id.endsWith('1') ? 'sleep' : 'next', config: { seconds: 1 } })),
    { id: 'end', card: 'join' },
  ],
  [
    'a1.value -> a2.data',
    'a2.value -> a3.data',
    'b1.value -> b2.data',
    'b2.value -> b3.data',
    'a3.value -> end.left',
    'b3.value -> end.right',
  ],
  {
    'sleep.py': sleepCard,
    'next.py': card('next', 'import time\ntime.sleep(config["seconds"])', { data: 'json' }),
    'join.py': card('join', 'pass', { left: 'json', right: 'json' }),
  },
);

const directory = newDataDirectory();
let product: Product | undefined;
afterEach(async () => {
  await product?.stop();
  product = undefined;
  expect(processesOf(directory)).toEqual([]);
  removeDirectory(directory);
});

const harnesses = () => processesOf(directory).filter((one) => one.command.includes('ensemble_harness'));
const runnerPids = () =>
  processesOf(directory).filter((one) => !one.command.startsWith('setpriv') && one.command.includes('runner/daemon/src/main.ts'));

/** Starts the chains and waits until a card of them executes and `wait` ms passed. */
async function startChains(on: Product, wait: number): Promise<string> {
  const project = await createProject(on, 'Chaos');
  const { pipelineId } = await importFolder(on, project.id, chains);
  const { id } = await startRun(on, pipelineId);
  await eventually(harnesses, (found) => found.length > 0);
  await new Promise((resolve) => setTimeout(resolve, wait));
  return id;
}

function expectOneEnd(run: RunDetail): void {
  expect(run.steps.map((step) => [step.nodeId, step.state, step.error?.message])).toEqual(
    run.steps.map((step) => [step.nodeId, 'succeeded', undefined]),
  );
  expect(run.steps).toHaveLength(7);
  expect(run.steps.every((step) => isFinalStepState(step.state))).toBe(true);
  expect(run.state).toBe('succeeded');
}

describe(`seed ${random.seed}`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, round) => round))(
    'control plane killed mid-card, round %i',
    { timeout: 120_000 },
    async () => {
      product = await startProduct({ directory });
      const runId = await startChains(product, random.next() * 2_500);
      const before = await readRun(product, runId);
      expect(before.state).toBe('running');
      await product.kill();
      product = await startProduct({ directory });
      expectOneEnd(await finished(product, runId));
      expect(harnesses()).toEqual([]);
    },
  );

  test.each(Array.from({ length: ROUNDS }, (_, round) => round))('runner killed mid-card, round %i', { timeout: 120_000 }, async () => {
    product = await startProduct({ directory });
    const runId = await startChains(product, random.next() * 2_500);
    const [runner] = runnerPids();
    if (!runner) throw new Error('there is no runner to kill');
    const executing = harnesses().map((one) => one.pid);
    process.kill(runner.pid, 'SIGKILL');
    await eventually(harnesses, (left) => left.every((one) => !executing.includes(one.pid)), 5_000);
    const run = await finished(product, runId);
    expectOneEnd(run);
    expect(executing.length).toBeGreaterThan(0);
    expect(run.steps.some((step) => step.attempt > 1)).toBe(true);
  });

  test('nats-server killed, its directory wiped, mid-run: the run finishes from the database', { timeout: 120_000 }, async () => {
    const nats = await startNatsServer();
    try {
      product = await startProduct({ directory, env: { NATS_URL: nats.url } });
      const runId = await startChains(product, random.next() * 1_500);
      await nats.kill({ wipe: true });
      await nats.start();
      expectOneEnd(await finished(product, runId));
      await product.stop();
      product = undefined;
    } finally {
      await nats.stop();
    }
  });

  test('a cancelled run stays cancelled over a kill of the control plane', { timeout: 120_000 }, async () => {
    product = await startProduct({ directory });
    const runId = await startChains(product, 100);
    const cancelling = call(product, 'POST', `/api/runs/${runId}/cancel`, {});
    await cancelling;
    await product.kill();
    product = await startProduct({ directory });
    const run = await finished(product, runId);
    expect(run.state).toBe('cancelled');
    expect(run.steps.every((step) => step.state === 'cancelled' || step.state === 'succeeded')).toBe(true);
    expect(harnesses()).toEqual([]);
  });
});
