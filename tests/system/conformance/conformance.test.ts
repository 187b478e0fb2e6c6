/**
 * What existing cards rely on, point by point, with the whole product at each isolation level: small cards run in one
 * pipeline, and are judged by what the HTTP API gives to anybody. Not promised yet, and so not here: scratch files kept
 * as artifacts (6), network that was granted (10), a GPU to run on (11).
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { decodeWire, type RunDetail, type StepDetail, type WireValue } from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { readPreview } from '../../../apps/web/src/features/results/preview-shape.ts';
import { call, createProject, finished, importFolder, readRun, readStep, startRun } from '../../lib/api.ts';
import { folder } from '../../lib/folders.ts';
import { TestDocker } from '../../../runner/daemon/src/system/test-docker.ts';
import { eventually, newDataDirectory, nothingLeft, type Product, removeDirectory, startProduct } from '../../lib/product.ts';
import { previewCard, previewCases } from './preview-cards.ts';

const CARDS = path.join(import.meta.dirname, 'cards');
const files = readdirSync(CARDS, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.py'));
const cards = Object.fromEntries(files.map((name) => [name, readFileSync(path.join(CARDS, name), 'utf8')]));
for (const one of previewCases) cards[`previews/${one.name}.py`] = previewCard(one);

/** A node is named like its card where there is only one of it. */
const named = (...names: string[]): { id: string; card: string }[] => names.map((name) => ({ id: name, card: name }));

const pipeline = (serverFile: string): Parameters<typeof folder> => [
  [
    { id: 'first', card: 'ids', config: { word: 'one' } },
    { id: 'second', card: 'ids', config: { word: 'two' } },
    ...named('outputs', 'missing', 'save_pair', 'derive_reference', 'numbers', 'bulk', 'bulk_size', 'train_net', 'apply_net'),
    ...named('write_scratch', 'read_scratch', 'one_of_each', 'bound', 'leave_beside', 'hand_on', 'load_beside', 'connect'),
    ...named('inherited', 'tables'),
    { id: 'where_preview', card: 'where_preview', config: { server_file: serverFile } },
    { id: 'flat_config', card: 'flat_config', config: { set: 'yes' } },
    { id: 'schema_config', card: 'schema_config', config: { set: 'yes' } },
    ...named(...previewCases.map(({ name }) => name)),
  ],
  [
    'save_pair.trained_model -> derive_reference.trained_model',
    'bulk.bulk -> bulk_size.bulk',
    'train_net.model -> apply_net.model',
    'write_scratch.out -> read_scratch.after',
    'one_of_each.exact -> bound.named',
    'one_of_each.same -> bound',
    'one_of_each.only -> bound',
    'leave_beside.out -> hand_on.before',
    'hand_on.out -> load_beside.hint',
  ],
  cards,
];

const docker = await TestDocker.open();
afterAll(() => docker?.close());

/** Each level has tests of its own for what differs; the short run asks the whole contract of two engines. */
const LEVELS = process.env.ENSEMBLE_LONG === '1' || docker === null ? ['L2', 'L3'] : ['L2'];

describe.each([...(docker === null ? [] : ['L1']), ...LEVELS])('cards of the contract at %s', (level) => {
  const directory = newDataDirectory();
  let product: Product;
  let projectId: string;
  let run: RunDetail;

  beforeAll(async () => {
    product = await startProduct({ directory, env: { ENSEMBLE_ISOLATION: level, ...(level === 'L1' ? docker?.settings : {}) } });
    projectId = (await createProject(product, 'Conformance')).id;
    const { pipelineId } = await importFolder(product, projectId, folder(...pipeline(path.join(directory, 'local-token'))));
    run = await finished(product, (await startRun(product, pipelineId)).id);
  });
  afterAll(async () => {
    await product?.stop();
    await nothingLeft(directory);
    removeDirectory(directory);
  });

  const step = (nodeId: string): Promise<StepDetail> => readStep(product, run.id, nodeId);
  const download = async (nodeId: string, key: string): Promise<Buffer> => {
    const response = await fetch(new URL(`/api/runs/${run.id}/steps/${nodeId}/artifacts/${key}`, product.url), {
      headers: { authorization: `Bearer ${product.token}` },
    });
    expect(response.status, `${nodeId}/${key}`).toBe(200);
    return Buffer.from(await response.arrayBuffer());
  };
  const json = async (nodeId: string, key = 'out'): Promise<WireValue> =>
    decodeWire(JSON.parse((await download(nodeId, key)).toString('utf8')) as WireValue);
  const outputsOf = async (nodeId: string): Promise<unknown[]> =>
    (await step(nodeId)).outputs.map(({ ref, type, declared }) => [ref, type, declared]);

  test('all run at this level, but for those that must fail', () => {
    expect(run.isolation).toBe(level);
    const failed = run.steps
      .filter(({ state }) => state !== 'succeeded')
      .map(({ nodeId, state, error }) => [nodeId, state, error?.message]);
    expect(failed.map(([nodeId, state]) => `${nodeId} ${state}`).sort(), JSON.stringify(failed)).toEqual([
      'connect failed',
      'missing failed',
    ]);
  });

  test('1: the ids that a card passes are ignored', async () => {
    expect(await outputsOf('first')).toEqual([['first/out.json', 'json', true]]);
    expect([await json('first'), await json('second')]).toEqual(['one', 'two']);
  });

  test('2: outputs are what was returned and what was saved under their names; the rest is beside them', async () => {
    expect(await outputsOf('outputs')).toEqual([
      ['outputs/other.json', 'json', true],
      ['outputs/saved.json', 'json', true],
      ['outputs/both.json', 'json', false],
      ['outputs/notes.txt', 'bytes', false],
    ]);
    expect([await json('outputs', 'both'), await json('outputs', 'saved')]).toEqual(['returned', 'only saved']);
    expect((await download('outputs', 'notes')).toString()).toBe('beside');
    const { error } = await step('missing');
    expect(error).toMatchObject({ kind: 'contract', file: 'cards/missing.py' });
    expect(error?.message).toContain("output 'promised' was promised");
  });

  test('3: a reference can be derived from another', async () => {
    expect(await outputsOf('save_pair')).toContainEqual(['save_pair/trained_model.joblib', 'model', true]);
    expect(await json('derive_reference')).toEqual({ a: 1, b: 2 });
  });

  test('4: NaN and Infinity survive the whole way, and so does JSON of 20 MB', async () => {
    const odd = { nan: Number.NaN, up: Infinity, down: -Infinity, plain: 1.5, deep: [[Number.NaN]] };
    expect(await json('numbers')).toEqual(odd);
    expect(decodeWire((await step('numbers')).preview)).toEqual(odd);
    expect((await step('bulk')).outputs[0]?.bytes).toBeGreaterThan(20_000_000);
    expect(await json('bulk_size')).toEqual([20_000, 19_999]);
  });

  test('5: a class of one card file is unpickled in a later card', async () => {
    expect(await json('apply_net')).toEqual(['cards.models.net', 42]);
  });

  test('6: the steps of one run share /tmp, and no other run sees it', async () => {
    expect(await json('read_scratch')).toBe('left by a step');
    const alone = folder([...named('ids', 'read_scratch')], ['ids.out -> read_scratch.after'], {});
    const { pipelineId } = await importFolder(product, projectId, alone);
    const other = await finished(product, (await startRun(product, pipelineId)).id);
    expect((await readStep(product, other.id, 'read_scratch')).error).toMatchObject({ kind: 'card', type: 'FileNotFoundError' });
  });

  test('7: previews run where the card ran', async () => {
    expect((await step('where_preview')).preview).toEqual({ same_process: true, same_environment: 1, sees_the_server: false });
  });

  test('8: an input binds by port, by name, by being the only one of its type, and never by guessing', async () => {
    expect(await json('bound')).toEqual([1, 2, '3']);
    const ambiguous = folder(named('one_of_each', 'bound'), ['one_of_each.exact -> bound', 'one_of_each.only -> bound'], {});
    const { pipelineId } = await importFolder(product, projectId, ambiguous);
    const answer = await call(product, 'POST', `/api/pipelines/${pipelineId}/runs`, { overrides: [] });
    expect(answer.status).toBe(422);
    expect(JSON.stringify(answer.body)).toContain('edge/unbound');
    expect((await call(product, 'GET', `/api/pipelines/${pipelineId}/runs`)).body).toEqual([]);
  });

  test('9: every artifact of a step upstream can be loaded, also over another step', async () => {
    expect(await json('load_beside')).toBe('from two steps before');
  });

  test('10: without network a connection says so, and how to ask for it', async () => {
    const { error } = await step('connect');
    expect(error?.message).toMatch(/^network is off for this card; ask for it with resources = /);
    expect(error).toMatchObject({ file: 'cards/connect.py', line: 19 });
  });

  test('11: a card whose type asks for a GPU goes to no other runner', async () => {
    const { pipelineId } = await importFolder(product, projectId, folder(named('ids', 'llm_echo'), [], {}));
    const { id } = await startRun(product, pipelineId);
    const stateOf = ({ steps }: RunDetail, node: string): string | undefined => steps.find(({ nodeId }) => nodeId === node)?.state;
    const meanwhile = await eventually(
      () => readRun(product, id),
      (now) => stateOf(now, 'ids') === 'succeeded',
    );
    expect(stateOf(meanwhile, 'llm_echo')).not.toBe('succeeded');
    expect((await call(product, 'POST', `/api/runs/${id}/cancel`, {})).status).toBe(200);
    expect(stateOf(await finished(product, id), 'llm_echo')).toBe('cancelled');
  });

  test('both config dialects: defaults are filled in before the card runs, and the ids are there', async () => {
    expect(await json('flat_config')).toMatchObject({ text: 'a', number: 2, flag: true, set: 'yes', _node_id: 'flat_config' });
    expect(await json('schema_config')).toMatchObject({ text: 'a', count: 2, list: [1, 2], set: 'yes', _node_id: 'schema_config' });
  });

  test('annotated attributes and inherited methods count', async () => {
    expect((await step('inherited')).preview).toEqual({ shown: 'Inherits everything' });
  });

  test('data frames lose their index and keep text as object; JSON is written with str for what it lacks', async () => {
    expect(await json('tables', 'facts')).toEqual({ index: [0, 1], dtype: 'object', tuple: [1, 2], date: '2026-01-02 00:00:00' });
    expect((await download('tables', 'dataset')).subarray(0, 4).toString()).toBe('PAR1');
  });

  test.each(previewCases)('the preview $name is understood', async ({ name, view, shape }) => {
    const { preview, outputs } = await step(name);
    expect(readPreview(view, decodeWire(preview))).toMatchObject(shape);
    expect(outputs.map(({ ref }) => ref)).toEqual([`${name}/plot.png`]);
  });
});
