/**
 * One run of 1,000 steps while everything that carries it is killed, again and again, at seeded moments. It completes, every
 * step has exactly one attempt that counts, and no process, mount or temporary folder of a card is left.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { seededRandom, temporaryDatabase } from '@ensemble/testkit';
import type { TemporaryDatabase } from '@ensemble/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createProject, importFolder, readRun, startRun } from '../lib/api.ts';
import { card, folder } from '../lib/folders.ts';
import { eventually, newDataDirectory, nothingLeft, processesOf, type Product, removeDirectory, startProduct } from '../lib/product.ts';
import { type NatsServer, startNatsServer } from '../lib/services.ts';

const LAYERS = 50;
const WIDTH = 20;
/** Each moment and each victim is drawn anew: one seed per kill. */
const KILLS = process.env.ENSEMBLE_LONG === '1' ? 200 : 20;
/** So many kills fit into one run; the long form takes several. */
const KILLS_PER_RUN = 40;

const random = seededRandom();
const directory = newDataDirectory();
let database: TemporaryDatabase;
let nats: NatsServer;
let product: Product;

beforeAll(async () => {
  database = await temporaryDatabase('thousand');
  nats = await startNatsServer();
  product = await start();
});
afterAll(async () => {
  await product?.stop();
  await nothingLeft(directory);
  await nats?.stop();
  await database?.drop();
  removeDirectory(directory);
});

const start = (port?: number): Promise<Product> =>
  startProduct({ directory, env: { DATABASE_URL: database.url, NATS_URL: nats.url }, ...(port === undefined ? {} : { port }) });

/** Layers of cards, each fed by the one before it in its column; every tenth layer also by its neighbour. */
function layers(): ReturnType<typeof folder> {
  const id = (layer: number, column: number) => `n${layer}x${(column + WIDTH) % WIDTH}`;
  const all = Array.from({ length: LAYERS }, (_, layer) => Array.from({ length: WIDTH }, (_each, column) => ({ layer, column }))).flat();
  const joins = ({ layer }: { layer: number }) => layer % 10 === 9;
  return folder(
    all.map((at) => ({
      id: id(at.layer, at.column),
      card: at.layer === 0 ? 'first' : joins(at) ? 'join' : 'next',
      config: { seconds: 0 },
    })),
    all.flatMap((at) => {
      const { layer, column } = at;
      if (layer === 0) return [];
      if (!joins(at)) return [`${id(layer - 1, column)}.value -> ${id(layer, column)}.data`];
      return [
        `${id(layer - 1, column)}.value -> ${id(layer, column)}.left`,
        `${id(layer - 1, column + 1)}.value -> ${id(layer, column)}.right`,
      ];
    }),
    {
      'first.py': card('first', 'pass'),
      'next.py': card('next', 'pass', { data: 'json' }),
      'join.py': card('join', 'pass', { left: 'json', right: 'json' }),
    },
  );
}

const pidOf = (part: string): number | undefined =>
  processesOf(directory).find(({ command }) => command.includes(part) && !command.startsWith('setpriv'))?.pid;

function killProcess(pid: number | undefined): boolean {
  if (pid === undefined) return false;
  try {
    return process.kill(pid, 'SIGKILL');
  } catch {
    // It ended by itself in the meantime.
    return false;
  }
}

/** Each tells whether there was something to kill. */
const VICTIMS: Record<string, () => Promise<boolean> | boolean> = {
  runner: () => killProcess(pidOf('runner/daemon/src/main.ts')),
  'warm sandbox': () => killProcess(pidOf('ensemble_harness.zygote')),
  card: () => {
    const zygote = pidOf('ensemble_harness.zygote');
    const children = zygote === undefined ? [] : childrenOf(zygote);
    return killProcess(children.at(-1));
  },
  launcher: () => killProcess(pidOf('launcher/')),
  bus: async () => {
    await nats.kill();
    await nats.start();
    return true;
  },
  'bus, wiped': async () => {
    await nats.kill({ wipe: true });
    await nats.start();
    return true;
  },
  'control plane': async () => {
    const { port } = new URL(product.url);
    await product.kill();
    product = await start(Number(port));
    return true;
  },
};

const childrenOf = (pid: number): number[] =>
  readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(' ').filter(Boolean).map(Number);

test(`seed ${random.seed}: a run of ${LAYERS * WIDTH} steps completes through ${KILLS} kills, each step counted once`, async () => {
  const { id: projectId } = await createProject(product, 'Chaos');
  const { pipelineId } = await importFolder(product, projectId, layers());
  const bitten = new Map<string, number>();
  for (let left = KILLS; left > 0; left -= KILLS_PER_RUN) {
    const { id: runId } = await startRun(product, pipelineId);
    const done = async (): Promise<number> => {
      const rows = await database.query<{ done: number }>(
        `SELECT count(*)::int AS done FROM step WHERE run_id = $1 AND state = 'succeeded'`,
        [runId],
      );
      return rows[0]!.done;
    };
    const kills = Math.min(left, KILLS_PER_RUN);
    for (let kill = 1; kill <= kills; kill += 1) {
      const from = Math.floor((kill * LAYERS * WIDTH) / (kills + 2));
      await eventually(done, (count) => count >= from, 300_000);
      await pause(random.next() * 300);
      const names = Object.keys(VICTIMS);
      // On a busy machine the one that was drawn may not be there just now: then another dies.
      for (let tried = random.integer(names.length), end = tried + names.length; tried < end; tried += 1) {
        const name = names[tried % names.length]!;
        if (!(await VICTIMS[name]!())) continue;
        bitten.set(name, (bitten.get(name) ?? 0) + 1);
        break;
      }
    }
    await eventually(done, (count) => count === LAYERS * WIDTH, 600_000);
    const run = await eventually(
      () => readRun(product, runId),
      ({ state }) => state === 'succeeded',
    );
    expect(new Set(run.steps.map(({ state }) => state))).toEqual(new Set(['succeeded']));
    const rows = await database.query<{ counted: number; steps: number }>(
      `SELECT counted, count(*)::int AS steps FROM (
         SELECT count(*) FILTER (WHERE state = 'succeeded')::int AS counted FROM attempt WHERE run_id = $1 GROUP BY node_id) AS each
       GROUP BY counted`,
      [runId],
    );
    expect(rows).toEqual([{ counted: 1, steps: LAYERS * WIDTH }]);
    const open = await database.query(`SELECT id FROM attempt WHERE run_id = $1 AND state IN ('assigned', 'running')`, [runId]);
    expect(open).toEqual([]);
  }
  console.log(`killed: ${[...bitten].map(([name, count]) => `${name} ${count}`).join(', ')}`);
  expect([...bitten.values()].reduce((sum, count) => sum + count, 0)).toBe(KILLS);
  // Jobs of killed attempts are swept at a start; nothing is mounted outside of sandboxes.
  await eventually(
    () => readdirSync(path.join(directory, 'runner/jobs')),
    (jobs) => jobs.every((name) => name.startsWith('zygote-')),
  );
  expect(readFileSync('/proc/self/mountinfo', 'utf8')).not.toContain(path.basename(directory));
});
