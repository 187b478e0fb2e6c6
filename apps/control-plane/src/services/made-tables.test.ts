/** Which tables a pipeline's runs left, and what they were made from; and that no run starts for a secret that cannot be had. */
import { liveFingerprints, liveLineages, projectGraph, removeConfigField, setConfigField } from '@ensemble/pipeline';
import type { OutputArtifact } from '@ensemble/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { madeTables } from '../modules/runs/index.ts';
import { notFound } from '../platform/api-error.ts';
import type { Database } from '../platform/database/database.ts';
import { openDatabase } from '../platform/database/open-database.ts';
import { sha256, World } from './test-orchestrator.ts';

let database: Database;
let world: World;

beforeAll(async () => {
  database = await openDatabase({ directory: 'memory://' });
});
afterEach(async () => {
  await world.orchestrator.stop();
  await database.sql.query('DELETE FROM attempt');
  await database.sql.query('DELETE FROM run');
});
afterAll(() => database.close());

const ada = { kind: 'user', userId: 'ada', name: 'Ada', isOwner: false } as const;
const made = (authorize = async () => 'editor' as const) => madeTables({ ...world.ports, authorize }, ada, world.pipelineId);
const doc = () => world.doc(`pipeline:${world.pipelineId}`);

const table = (text: string): OutputArtifact => ({
  key: 'out',
  type: 'dataframe',
  declared: true,
  ref: 'a/out.parquet',
  sha256: sha256(text),
  bytes: 1,
});

/** Runs nodes one after the other, each leaving the table called like it and the run. */
async function run(name: string, nodes: string[], failing?: string): Promise<void> {
  await world.start();
  for (const node of nodes) {
    await world.orchestrator.runs.publishWaiting();
    const assignment = world.assignmentOf(node);
    await world.claim(assignment);
    const error = { kind: 'card', message: 'no' } as const;
    await world.finish(assignment, node === failing ? { outcome: 'failed', error } : { outputs: [table(`${node} of ${name}`)] });
  }
}

const live = (): Map<string, string> => {
  const graph = projectGraph(doc(), world.cards);
  return liveLineages(graph, liveFingerprints(graph, world.cards));
};

test('each node has its newest table, and its lineage tells whether it still holds', async () => {
  world = await World.on(database, { a: [], b: ['a'] });
  expect(await made()).toEqual([]);
  await run('first', ['a', 'b']);
  expect(await made()).toEqual([
    { nodeId: 'a', lineage: live().get('a'), output: table('a of first') },
    { nodeId: 'b', lineage: live().get('b'), output: table('b of first') },
  ]);
  const before = live();
  setConfigField(doc(), 'a', 'size', 4, 'test');
  await run('second', ['a', 'b'], 'b');
  expect(await made()).toEqual([
    { nodeId: 'a', lineage: live().get('a'), output: table('a of second') },
    { nodeId: 'b', lineage: before.get('b'), output: table('b of first') },
  ]);
  expect(live().get('b')).not.toBe(before.get('b'));
  removeConfigField(doc(), 'a', 'size', 'test');
  expect(live()).toEqual(before);
});

test('tables of a pipeline are not for strangers', async () => {
  world = await World.on(database, { a: [] });
  await run('first', ['a']);
  const refuse = async () => {
    throw notFound('project');
  };
  await expect(made(refuse)).rejects.toMatchObject({ code: 'not-found' });
});

test('RUN-20 a config that asks for a secret is refused by name before anything runs', async () => {
  world = await World.on(
    database,
    { a: [] },
    { a: { configFields: [{ name: 'key', type: 'secret', label: 'API key', required: false }] } },
  );
  const asking = [{ nodeId: 'a', field: 'key', value: { $secret: 'OPENAI_API_KEY' } }];
  await expect(world.start(asking)).rejects.toMatchObject({
    code: 'invalid-pipeline',
    problems: [{ code: 'config/secret-unavailable', nodeId: 'a', field: 'key', message: expect.stringContaining('OPENAI_API_KEY') }],
  });
  await expect(world.start([{ nodeId: 'a', field: 'key', value: 'sk-1234' }])).rejects.toMatchObject({
    problems: [{ code: 'config/type', message: expect.not.stringContaining('sk-1234') }],
  });
  await world.start();
});
