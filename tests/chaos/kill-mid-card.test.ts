/**
 * Kills the parts that carry a run while its cards execute. Every step must end in exactly one state, the
 * run must finish, and no card process may be left. Each round proves that its fault hit something.
 */
import { existsSync, readFileSync } from 'node:fs';
import { isFinalRunState, type RunDetail } from '@ensemble/protocol';
import { seededRandom } from '@ensemble/testkit';
import { afterEach, describe, expect, test } from 'vitest';
import { call, createProject, finished, importFolder, readRun, startRun } from '../lib/api.ts';
import { card, folder, sleepCard } from '../lib/folders.ts';
import { eventually, newDataDirectory, nothingLeft, processesOf, type Product, removeDirectory, startProduct } from '../lib/product.ts';

const long = process.env.ENSEMBLE_LONG === '1';
const ROUNDS = long ? 20 : 1;
const random = seededRandom();

/** Two chains of three cards that sleep, and a card that joins them. */
const chains = (seconds: number) =>
  folder(
    [
      ...['a1', 'a2', 'a3', 'b1', 'b2', 'b3'].map((id) => ({ id, card: id.endsWith('1') ? 'sleep' : 'next', config: { seconds } })),
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
  await nothingLeft(directory);
  removeDirectory(directory);
});

type Processes = () => ReturnType<typeof processesOf>;
const harnesses: Processes = () => processesOf(directory).filter((one) => one.command.includes('ensemble_harness'));
const runners: Processes = () =>
  processesOf(directory).filter((one) => !one.command.startsWith('setpriv') && one.command.includes('runner/daemon/src/main.ts'));
const readProcess = (pid: number, file: string): string => {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
};
const childrenOf = (pid: number): number[] => readProcess(pid, `task/${pid}/children`).split(' ').filter(Boolean).map(Number);
/** A zygote; its children have another number in there. */
const isFirstOfItsSandbox = (pid: number): boolean => /^NSpid:.*\t1$/m.test(readProcess(pid, 'status'));
/** Zygotes with a card in their sandbox, and the children that run it. */
const warmOnes = (): number[] =>
  harnesses().flatMap(({ pid, command }) => (command.startsWith('/ensemble/python/bin/python -m ensemble_harness.zygote') ? [pid] : []));
const noHarness = () => eventually(harnesses, (left) => left.length === 0);

/** Starts the chains and waits until a card of them executes and `wait` ms passed. */
async function startChains(on: Product, wait: number, seconds = 1): Promise<string> {
  const project = await createProject(on, 'Chaos');
  const { pipelineId } = await importFolder(on, project.id, chains(seconds));
  const { id } = await startRun(on, pipelineId);
  await eventually(harnesses, (found) => found.length > 0);
  await new Promise((resolve) => setTimeout(resolve, wait));
  return id;
}

/**
 * Tries until the kill hit something: on a busy machine a run may be over before it, or have no card executing just then.
 * `once` tells whether it did.
 */
async function untilItBites(once: () => Promise<boolean>): Promise<void> {
  for (let tries = 0; tries < 10; tries += 1) if (await once()) return;
  throw new Error('Ten kills in a row hit nothing.');
}

function expectOneEnd(run: RunDetail): void {
  expect(run.steps.map((step) => [step.nodeId, step.state, step.error?.message])).toEqual(
    run.steps.map((step) => [step.nodeId, 'succeeded', undefined]),
  );
  expect(run.steps).toHaveLength(7);
  expect(run.state).toBe('succeeded');
}

describe(`seed ${random.seed}`, () => {
  test.each(Array.from({ length: ROUNDS }, (_, round) => round))('control plane killed mid-card, round %i', async () => {
    product = await startProduct({ directory });
    await untilItBites(async () => {
      const runId = await startChains(product!, random.next() * 2_500);
      // The database may learn of the claim after the process is there; a kill in between is one more case.
      const before = await readRun(product!, runId);
      await product!.kill();
      product = await startProduct({ directory });
      expectOneEnd(await finished(product, runId));
      await noHarness();
      return !isFinalRunState(before.state);
    });
  });

  test.each(Array.from({ length: ROUNDS }, (_, round) => round))('zygote, then warm child, killed mid-card, round %i', async () => {
    product = await startProduct({ directory });
    const launchers = new Set<number>();
    const killMidCard = async (victim: 'zygote' | 'child'): Promise<{ run: RunDetail; hit: boolean }> => {
      const runId = await startChains(product!, 0);
      await eventually(
        async () => warmOnes().length > 0 || isFinalRunState((await readRun(product!, runId)).state),
        (warmOrOver) => warmOrOver,
      );
      await new Promise((resolve) => setTimeout(resolve, random.next() * 500));
      const [runner] = runners();
      const warm = warmOnes();
      for (const pid of childrenOf(runner?.pid ?? 0)) launchers.add(pid);
      const hit = warm.filter((pid) => isFirstOfItsSandbox(pid) === (victim === 'zygote'));
      for (const pid of hit) process.kill(pid, 'SIGKILL');
      return { run: await finished(product!, runId), hit: hit.length > 0 };
    };
    await untilItBites(async () => {
      const { run, hit } = await killMidCard('zygote');
      expectOneEnd(run);
      return hit && run.steps.some((step) => step.attempt > 1);
    });
    // Nobody can tell the kill from a card that ends itself: it is the card's failure, and what depends on it is skipped.
    await untilItBites(async () => {
      const { run, hit } = await killMidCard('child');
      const failed = run.steps.filter(({ state }) => state === 'failed');
      expect(run.steps.map(({ state }) => state)).toEqual(
        run.steps.map(() => expect.stringMatching(/^(succeeded|failed|skipped)$/) as string),
      );
      expect(failed.map(({ error, attempt }) => [error?.message, attempt])).toEqual(
        failed.map(() => [expect.stringContaining('signal 9') as string, 1]),
      );
      expect(run.state).toBe(failed.length > 0 ? 'failed' : 'succeeded');
      return hit && failed.length > 0;
    });
    await noHarness();
    expect(await product.stop()).toBe(0);
    product = undefined;
    expect(launchers.size).toBeGreaterThan(0);
    await eventually(
      () => [...launchers].filter((pid) => existsSync(`/proc/${pid}`)),
      (left) => left.length === 0,
    );
  });

  test('a cancelled run stays cancelled over a kill of the control plane', async () => {
    product = await startProduct({ directory });
    // Cards that sleep long: the run cannot be over before it is cancelled.
    const runId = await startChains(product, 100, 60);
    expect((await call(product, 'POST', `/api/runs/${runId}/cancel`, {})).status).toBe(200);
    await product.kill();
    product = await startProduct({ directory });
    const run = await finished(product, runId);
    expect(run.state).toBe('cancelled');
    expect(run.steps.map((step) => step.state)).toEqual(run.steps.map(() => 'cancelled'));
    await noHarness();
  });
});
