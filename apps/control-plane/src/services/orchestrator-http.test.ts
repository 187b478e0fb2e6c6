/** The doors to runs, from outside: what they answer, whom they refuse, and what a browser is told of a card's bytes. */
import { addNote, removeNodes, setBypass, setConfigField } from '@ensemble/pipeline';
import { canInProject } from '@ensemble/permissions';
import type { Actor, ProjectAction, Role } from '@ensemble/permissions';
import { ArtifactLineage, LogRange, RunDetail, RunSummary, RunVersionDetail, StepDetail, StepLineage } from '@ensemble/protocol';
import type { Assignment, AttemptResult } from '@ensemble/protocol';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { registerLogRoutes } from '../modules/logs/index.ts';
import { registerRunRoutes } from '../modules/runs/index.ts';
import { ApiError, notFound } from '../platform/api-error.ts';
import type { Database } from '../platform/database/database.ts';
import { openDatabase } from '../platform/database/open-database.ts';
import type { App } from '../platform/http/app.ts';
import { silentLogger } from '../platform/logger.ts';
import { openApp } from './http/open-app.ts';
import { sha256, World } from './test-orchestrator.ts';

let database: Database;
let world: World;
let app: App;

beforeAll(async () => {
  database = await openDatabase({ directory: 'memory://' });
});
afterEach(async () => {
  await app.close();
  await world.orchestrator.stop();
  await database.sql.query('DELETE FROM attempt');
  await database.sql.query('DELETE FROM run');
});
afterAll(() => database.close());

const ROLES: Record<string, Role> = { ada: 'editor', vic: 'viewer' };

async function authorize(actor: Actor, action: ProjectAction): Promise<void> {
  const role = actor.kind === 'user' ? ROLES[actor.userId] : undefined;
  if (role === undefined) throw notFound('project');
  if (!canInProject(actor, action, role)) throw new ApiError('forbidden', 'Not with this role.');
}

async function open(...args: [graph: Record<string, string[]>, cards?: Parameters<World['draw']>[1]]): Promise<void> {
  world = await World.on(database, ...args);
  app = await openApp({
    rules: { host: '127.0.0.1', publicUrl: undefined },
    actorOf: async ({ 'x-user': user }) =>
      typeof user === 'string' ? { kind: 'user', userId: user, name: user, isOwner: false } : { kind: 'anonymous' },
    logger: silentLogger(),
  });
  registerRunRoutes(app, { ...world.ports, authorize });
  registerLogRoutes(app, { sql: database.sql, artifacts: world.store, bus: world.bus, authorize });
}

const call = (method: 'GET' | 'POST', url: string, payload?: object, user: string | undefined = 'ada') =>
  app.inject({
    method,
    url,
    headers: { host: '127.0.0.1', origin: 'http://127.0.0.1', ...(user && { 'x-user': user }) },
    ...(payload && { payload }),
  });

async function startAndClaim(): Promise<{ run: RunSummary; a: Assignment }> {
  const answer = await call('POST', `/api/pipelines/${world.pipelineId}/runs`, { overrides: [] });
  expect(answer.statusCode, answer.body).toBe(201);
  await world.orchestrator.runs.publishWaiting();
  const a = world.assignmentOf('a');
  await world.claim(a);
  return { run: RunSummary.parse(answer.json()), a };
}

async function stored(text: string): Promise<{ sha256: string; bytes: number }> {
  const { sha256: hash, size } = await world.store.put(new TextEncoder().encode(text));
  return { sha256: hash, bytes: size };
}

async function output(key: string, ext: string, text: string, declared = false): Promise<AttemptResult['outputs'][number]> {
  return { key, type: 'bytes', declared, ref: `a/${key}.${ext}`, ...(await stored(text)) };
}

test('a run is started, listed, looked into and cancelled', async () => {
  await open({ a: [], b: ['a'] });
  const { run } = await startAndClaim();
  const list = RunSummary.array().parse((await call('GET', `/api/pipelines/${world.pipelineId}/runs`)).json());
  expect(list).toMatchObject([{ id: run.id, state: 'running', isolation: 'L2' }]);
  const cancelled = RunSummary.parse((await call('POST', `/api/runs/${run.id}/cancel`)).json());
  expect(cancelled.state).toBe('running');
  const detail = RunDetail.parse((await call('GET', `/api/runs/${run.id}`)).json());
  expect(detail.steps.map((step) => [step.nodeId, step.title, step.state])).toEqual([
    ['a', 'A', 'running'],
    ['b', 'B', 'cancelled'],
  ]);
});

test('RUN-11 problems come with node and field, before anything runs, and can be asked for alone', async () => {
  await open({ a: [] });
  const body = { overrides: [{ nodeId: 'a', field: 'size', value: 'many' }] };
  const refused = await call('POST', `/api/pipelines/${world.pipelineId}/runs`, body);
  expect(refused.statusCode).toBe(422);
  expect(refused.json()).toMatchObject({ code: 'invalid-pipeline', problems: [{ nodeId: 'a', field: 'size' }] });
  const checked = await call('POST', `/api/pipelines/${world.pipelineId}/check`, body, 'vic');
  expect(checked.json()).toMatchObject({ problems: [{ nodeId: 'a', field: 'size' }] });
});

test('RUN-15 a file of another project cannot be named by its hash', async () => {
  await open({ a: [] }, { a: { configFields: [{ name: 'data', type: 'file', label: 'Data', required: false }] } });
  const file = { $file: sha256('secret'), name: 'secret.csv' };
  const body = { overrides: [{ nodeId: 'a', field: 'data', value: file }] };
  const refused = await call('POST', `/api/pipelines/${world.pipelineId}/runs`, body);
  expect(refused.json()).toMatchObject({ problems: [{ code: 'config/unknown-file', nodeId: 'a', field: 'data' }] });
  await database.prisma.projectFile.create({ data: { projectId: world.projectId, sha256: file.$file, name: file.name, bytes: 6n } });
  expect((await call('POST', `/api/pipelines/${world.pipelineId}/runs`, body)).statusCode).toBe(201);
});

test('viewers look, strangers see nothing, and nobody comes in without a name', async () => {
  await open({ a: [] });
  const { run } = await startAndClaim();
  const status = async (user: string | undefined, method: 'GET' | 'POST', url: string) =>
    (await call(method, url, method === 'POST' ? {} : undefined, user)).statusCode;
  const doors = [
    ['POST', `/api/pipelines/${world.pipelineId}/runs`, 403],
    ['GET', `/api/pipelines/${world.pipelineId}/runs`, 200],
    ['GET', `/api/runs/${run.id}`, 200],
    ['POST', `/api/runs/${run.id}/cancel`, 403],
    ['POST', `/api/runs/${run.id}/steps/a/cancel`, 403],
    ['GET', `/api/runs/${run.id}/version`, 200],
    ['GET', `/api/runs/${run.id}/cards/a/source`, 200],
    ['GET', `/api/runs/${run.id}/cards/none/source`, 404],
    ['GET', `/api/runs/${run.id}/steps/a`, 200],
    ['GET', `/api/runs/${run.id}/steps/a/log`, 200],
    ['GET', `/api/runs/${run.id}/steps/a/artifacts/none`, 404],
  ] as const;
  for (const [method, url, viewer] of doors) {
    expect([url, await status('vic', method, url)]).toEqual([url, viewer]);
    expect([url, await status('eve', method, url)]).toEqual([url, 404]);
    expect([url, await status('', method, url)]).toEqual([url, 401]);
  }
});

test('RUN-19 an old run opens as it was: places, settings, bypassed nodes, notes, and the source of its cards', async () => {
  await open({ 'std/a': [], 'b c': ['std/a'] });
  const doc = world.doc(`pipeline:${world.pipelineId}`);
  addNote(doc, { id: 'note', position: { x: 5, y: 6 }, text: 'why' }, 'test');
  setConfigField(doc, 'std/a', 'size', 8, 'test');
  setBypass(doc, ['b c'], true, 'test');
  const answer = await call('POST', `/api/pipelines/${world.pipelineId}/runs`, {});
  const run = RunSummary.parse(answer.json());
  // Everything changes afterwards.
  removeNodes(doc, ['std/a', 'note'], 'test');
  world.cards.delete('std/a');
  const at = RunVersionDetail.parse((await call('GET', `/api/runs/${run.id}/version`)).json());
  expect(at).toMatchObject({
    run: { id: run.id, number: 1 },
    graph: {
      nodes: [
        { id: 'b c', card: 'b c', title: 'B C', position: { x: 1, y: 0 }, config: {}, bypassed: true },
        { id: 'std/a', config: { size: 8 } },
      ],
      edges: [{ source: 'std/a', sourcePort: 'out', target: 'b c', targetPort: 'in0' }],
      notes: [{ id: 'note', position: { x: 5, y: 6 }, text: 'why' }],
      frames: [],
    },
    cards: { 'std/a': { path: 'cards/std/a.py', manifest: { cardType: 'std/a' } }, 'b c': { path: 'cards/b c.py' } },
  });
  const source = await call('GET', `/api/runs/${run.id}/cards/${encodeURIComponent('std/a')}/source`);
  expect(source.json()).toEqual({ path: 'cards/std/a.py', source: '# std/a' });
  // A run of the time before canvases were kept shows what ran.
  await database.sql.query(`UPDATE run SET canvas_sha256 = NULL`);
  const before = RunVersionDetail.parse((await call('GET', `/api/runs/${run.id}/version`)).json());
  expect(before.graph).toMatchObject({
    nodes: [{ id: 'std/a', title: 'STD/A', config: { size: 8 }, position: { x: 0, y: 0 } }],
    edges: [],
  });
});

test("a step's preview arrives as it was stored, with numbers that JSON has no word for", async () => {
  await open({ a: [] });
  const { run, a } = await startAndClaim();
  const preview = { loss: { $number: 'NaN' }, name: 'x' };
  await world.finish(a, { preview: await stored(JSON.stringify(preview)) });
  const step = StepDetail.parse((await call('GET', `/api/runs/${run.id}/steps/a`)).json());
  expect(step).toMatchObject({ state: 'succeeded', preview, previewError: null, outputViewType: 'table', cardType: 'a' });
});

test('a preview that is no JSON is an error of the preview, not of the page', async () => {
  await open({ a: [] });
  const { run, a } = await startAndClaim();
  await world.finish(a, { preview: await stored('{oops') });
  const step = StepDetail.parse((await call('GET', `/api/runs/${run.id}/steps/a`)).json());
  expect(step).toMatchObject({ state: 'succeeded', preview: null });
  expect(step.previewError).toContain('no JSON');
});

test('a log is read from the runner while the card runs, afterwards in ranges that never cut a character', async () => {
  await open({ a: [] });
  const { run, a } = await startAndClaim();
  const url = `/api/runs/${run.id}/steps/a/log`;
  expect(LogRange.parse((await call('GET', url)).json())).toEqual({
    text: 'live log\n',
    nextOffset: 9,
    size: 9,
    truncated: false,
    complete: false,
  });
  const text = 'ä€😀\n'.repeat(80_000);
  await world.finish(a, { log: { ...(await stored(text)), truncated: true } });
  let read = '';
  let ranges = 0;
  for (let offset = 0, complete = false; !complete; ranges++) {
    const range = LogRange.parse((await call('GET', `${url}?offset=${offset}`)).json());
    read += range.text;
    expect(range.truncated).toBe(true);
    ({ nextOffset: offset, complete } = range);
  }
  expect(ranges).toBeGreaterThan(2);
  expect(read === text).toBe(true);
  expect((await call('GET', `${url}?offset=99999999`)).json()).toMatchObject({ text: '', complete: true });
});

test('a result names what it was made from and what used it, over all runs of its project and none of another’s', async () => {
  await open({ a: [], b: ['a'] }, { a: { cache: false }, b: { cache: false } });
  const { run, a } = await startAndClaim();
  await world.finish(a);
  await world.orchestrator.runs.publishWaiting();
  const b = world.assignmentOf('b');
  await world.claim(b);
  await world.finish(b);
  const second = RunSummary.parse((await call('POST', `/api/pipelines/${world.pipelineId}/runs`, { overrides: [] })).json());
  await world.orchestrator.runs.publishWaiting();
  const again = world.assignmentOf('a');
  await world.claim(again);
  await world.finish(again);
  const lineageOf = async (runId: string, nodeId: string, user = 'ada') =>
    call('GET', `/api/runs/${runId}/steps/${nodeId}/lineage`, undefined, user);
  const made = StepLineage.parse((await lineageOf(run.id, 'b')).json());
  expect(made.inputs).toMatchObject([{ port: 'in0', from: { runId: run.id, nodeId: 'a' }, artifact: { sha256: sha256('a') } }]);
  expect(made.card).toMatchObject({ sourceHash: sha256(`# ${made.step.cardType}`) });
  expect(made.config).toEqual({ size: 3 });
  // The second run made the same bytes; only the step of the first has used them so far.
  const used = StepLineage.parse((await lineageOf(second.id, 'a')).json());
  expect(used.outputs[0]?.uses.map(({ by }) => [by.runId, by.nodeId])).toEqual([[run.id, 'b']]);
  const holders = `/api/projects/${world.projectId}/artifacts/${sha256('a')}/lineage`;
  expect(ArtifactLineage.parse((await call('GET', holders)).json()).made.map(({ runId }) => runId)).toEqual([second.id, run.id]);
  expect((await call('GET', `/api/projects/elsewhere/artifacts/${sha256('a')}/lineage`)).statusCode).toBe(404);
  await database.sql.query('UPDATE run SET project_id = $1 WHERE id = $2', ['elsewhere', run.id]);
  const without = StepLineage.parse((await lineageOf(second.id, 'a')).json());
  expect(without.outputs[0]?.uses).toEqual([]);
  expect(ArtifactLineage.parse((await call('GET', holders)).json()).made.map(({ runId }) => runId)).toEqual([second.id]);
  expect((await lineageOf(second.id, 'a', 'stan')).statusCode).toBe(404);
});

test('what a card made is a file to the browser and nothing else', async () => {
  await open({ a: [] });
  const { run, a } = await startAndClaim();
  const page = '<script>alert(1)</script>';
  const outputs = [await output('out', 'parquet', 'table', true), await output('page', 'html', page), await output('plot', 'png', 'png')];
  await world.finish(a, { outputs });
  const download = await call('GET', `/api/runs/${run.id}/steps/a/artifacts/page`);
  expect(download.body).toBe(page);
  expect(download.headers).toMatchObject({
    'content-type': 'application/octet-stream',
    'content-disposition': `attachment; filename="page.html"; filename*=UTF-8''page.html`,
    'content-length': String(page.length),
    'content-security-policy': "default-src 'none'; sandbox",
    'x-content-type-options': 'nosniff',
  });
  const image = await call('GET', `/api/runs/${run.id}/steps/a/artifacts/plot`);
  expect(image.headers).toMatchObject({ 'content-type': 'image/png', 'x-content-type-options': 'nosniff' });
});
