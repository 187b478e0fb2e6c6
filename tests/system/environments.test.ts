/** Cards with requirements in the whole product: wheels from a local folder, no network. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { ProjectEnvironment } from '@ensemble/protocol';
import { writeWheel } from '@ensemble/testkit';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createProject, finished, importFolder, readStep, startRun } from '../lib/api.ts';
import { card, folder } from '../lib/folders.ts';
import {
  eventually,
  newDataDirectory,
  nothingLeft,
  processesOf,
  type Product,
  removeDirectory,
  repository,
  startProduct,
} from '../lib/product.ts';

const lock = readFileSync(path.join(repository, 'runner/python/requirements.lock'), 'utf8');
const basePackages = lock.match(/^[a-z0-9._-]+==/gm)?.length ?? 0;
const directory = newDataDirectory();
const folderOfWheels = newDataDirectory();
const wheels = path.join(folderOfWheels, 'wheels');
let product: Product;
let projectId: string;

beforeAll(async () => {
  writeWheel(wheels, { name: 'tiny-shape', version: '1.0' });
  writeWheel(wheels, { name: 'tiny-shape', version: '2.0' });
  product = await startProduct({ directory, env: { UV_FIND_LINKS: wheels, UV_OFFLINE: '1' } });
  projectId = (await createProject(product, 'Environments')).id;
});
afterAll(async () => {
  const code = await product?.stop();
  expect(code).toBe(0);
  await nothingLeft(directory);
  removeDirectory(directory);
  removeDirectory(folderOfWheels);
});

const environments = async () => {
  const { body } = await call(product, 'GET', `/api/projects/${projectId}/environments`);
  return ProjectEnvironment.array().parse(body);
};
const settled = (count: number) =>
  eventually(environments, (all) => all.length === count && all.every(({ state }) => state === 'ready' || state === 'failed'), 240_000);

/** A card with one input or none, whose output is the versions of the package that it and the card before it found. */
const versionCard = (type: string, requirements: string[], inputs: Record<string, string> = {}): string => {
  const before = 'before' in inputs ? 'storage.load_json(inputs["before"])["versions"]' : '[]';
  const found = `{"versions": [*${before}, tiny_shape.VERSION]}`;
  const source = card(type, `import tiny_shape\nreturn {"value": storage.save_json("_p", "_n", "value", ${found})}`, inputs);
  return source.replace('    category = ', `    requirements = ${JSON.stringify(requirements)}\n    category = `);
};

test('two cards with conflicting requirements run in one pipeline, each with its own, made before the run', async () => {
  const { pipelineId } = await importFolder(
    product,
    projectId,
    folder(
      [
        { id: 'old', card: 'old_shape' },
        { id: 'new', card: 'new_shape' },
      ],
      ['old.value -> new.before'],
      { 'old.py': versionCard('old_shape', ['tiny-shape<2']), 'new.py': versionCard('new_shape', ['Tiny_Shape >= 2'], { before: 'json' }) },
    ),
  );
  const ready = await settled(2);
  expect(ready.map(({ state, requirements, packages }) => ({ state, requirements, packages }))).toEqual(
    expect.arrayContaining([
      { state: 'ready', requirements: ['tiny-shape<2'], packages: basePackages + 1 },
      { state: 'ready', requirements: ['tiny-shape>=2'], packages: basePackages + 1 },
    ]),
  );
  const run = await finished(product, (await startRun(product, pipelineId)).id);
  expect(run.steps.map(({ state, error }) => [state, error?.message])).toEqual([
    ['succeeded', undefined],
    ['succeeded', undefined],
  ]);
  const { outputs } = await readStep(product, run.id, 'new');
  const response = await fetch(new URL(`/api/runs/${run.id}/steps/new/artifacts/${outputs[0]?.key}`, product.url), {
    headers: { authorization: `Bearer ${product.token}` },
  });
  expect(await response.json()).toEqual({ versions: ['1.0', '2.0'] });
});

test('a card that was opened finds a sandbox that has imported what its environment has', async () => {
  const { id } = await createProject(product, 'Opened');
  await importFolder(product, id, folder([], [], { 'new.py': versionCard('new_shape', ['tiny-shape>=2']) }));
  const [hit] = (await call(product, 'GET', `/api/projects/${id}/cards/search?text=tiny_shape`)).body as { cardId: string }[];
  const address = `/api/projects/${id}/cards/${hit?.cardId}`;
  const read = (pid: number, file: string): string => {
    try {
      return readFileSync(`/proc/${pid}/${file}`, 'utf8');
    } catch {
      return '';
    }
  };
  /** A child that waits for a job leads a session of its own. */
  const waits = (pid: string): boolean => read(Number(pid), 'stat').split(') ')[1]?.split(' ')[3] === pid;
  /** Zygotes of environments beside the base, with a child that waits. */
  const waiting = () =>
    processesOf(directory)
      .filter(
        ({ pid, command }) =>
          command.startsWith('/ensemble/python/bin/python -m ensemble_harness.zygote') &&
          read(pid, 'mountinfo').includes('/environments/ready/'),
      )
      .filter(({ pid }) => read(pid, `task/${pid}/children`).split(' ').some(waits));
  // Those of the run before.
  await eventually(waiting, ({ length }) => length === 2);
  expect((await call(product, 'POST', `${address}/warm-up`)).status).toBe(204);
  await eventually(waiting, ({ length }) => length === 3);
  const trial = await call(product, 'POST', `${address}/trials`, { inputs: {} });
  const run = await finished(product, (trial.body as { id: string }).id);
  expect(run.steps).toMatchObject([{ state: 'succeeded', warm: 'card' }]);
});

test('a package that cannot be had is named with its reason, by the card and by the run, and can be tried again', async () => {
  const { pipelineId } = await importFolder(
    product,
    projectId,
    folder([{ id: 'lost', card: 'lost_shape' }], [], { 'lost.py': versionCard('lost_shape', ['tiny-shape>3']) }),
  );
  const failed = (await settled(3)).find(({ state }) => state === 'failed');
  const message = 'There is no version of tiny-shape that fits ">3" (there is <=2.0).';
  expect(failed).toMatchObject({ message, temporary: false, details: expect.stringContaining('unsatisfiable') as string });
  const run = await finished(product, (await startRun(product, pipelineId)).id);
  expect(run.steps).toMatchObject([{ state: 'failed', attempt: 1, error: { kind: 'environment', message } }]);

  writeWheel(wheels, { name: 'tiny-shape', version: '4.0' });
  const retry = `/api/projects/${projectId}/environments/${failed?.setId}/retry`;
  expect((await call(product, 'POST', retry)).status).toBe(202);
  expect((await settled(3)).every(({ state }) => state === 'ready')).toBe(true);
  expect(await call(product, 'POST', retry)).toMatchObject({ status: 409 });
  const again = await finished(product, (await startRun(product, pipelineId)).id);
  expect(again.state).toBe('succeeded');
});

test('a requirement that names a place is an error of the card, and nothing is fetched', async () => {
  await importFolder(product, projectId, folder([], [], { 'hostile.py': versionCard('hostile_shape', ['git+https://example.org/x']) }));
  expect(await environments()).toHaveLength(3);
});
