/** Projects that come and go: as a zip, as one Python script, and as a folder that is kept the same both ways. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { FolderState, ProjectImport } from '@ensemble/protocol';
import { unzipSync } from 'fflate';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, finished, readStep, startRun } from '../lib/api.ts';
import { eventually, type Product, removeDirectory, repository, startProduct } from '../lib/product.ts';

const python = path.join(repository, '.cache/python/bin/python3');
const scratch = mkdtempSync(path.join(tmpdir(), 'ensemble-transfer-'));
const within = (...parts: string[]): string => path.join(scratch, ...parts);
const read = (...parts: string[]): string => readFileSync(within(...parts), 'utf8');

let product: Product;
const running = new Set<ChildProcess>();
beforeAll(async () => {
  product = await startProduct();
});
afterAll(async () => {
  for (const child of running) child.kill('SIGKILL');
  await product?.stop();
  if (product) removeDirectory(product.directory);
  removeDirectory(scratch);
});

interface Command {
  child: ChildProcess;
  output(): string;
  ended: Promise<number | null>;
}

function command(program: string, args: string[], env: Record<string, string> = {}): Command {
  const child = spawn(program, args, { cwd: scratch, env: { ...process.env, ...env } });
  running.add(child);
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | null>((resolve) =>
    child.on('close', (code) => {
      running.delete(child);
      resolve(code);
    }),
  );
  return { child, output: () => output, ended };
}
const ensemble = (...args: string[]): Command =>
  command('node', [path.join(repository, 'apps/cli/src/main.ts'), ...args], { ENSEMBLE_URL: product.url, ENSEMBLE_TOKEN: product.token });

async function succeeds({ ended, output }: Command): Promise<string> {
  const code = await ended;
  expect([code, output()]).toEqual([0, output()]);
  return output();
}
const sha256 = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');
const imported = async (...args: string[]): Promise<ProjectImport> =>
  ProjectImport.parse(JSON.parse(await succeeds(ensemble('import', ...args, '--json'))));
const folderOf = async (projectId: string): Promise<Map<string, string>> => {
  const { files } = FolderState.parse((await call(product, 'GET', `/api/projects/${projectId}/folder`)).body);
  return new Map(files.map((file) => [file.path, file.text]));
};
/** As a colleague who edits in the browser: straight into the project. */
const edit = async (projectId: string, file: string, change: (text: string) => string | null): Promise<void> => {
  const before = (await folderOf(projectId)).get(file) ?? null;
  const { body } = await call(product, 'POST', `/api/projects/${projectId}/folder/changes`, {
    changes: [{ path: file, before, after: change(before ?? '') }],
  });
  expect(body).toMatchObject({ outcomes: [{ outcome: expect.stringMatching(/^(applied|merged)$/) as string }] });
};

const CARD = `from cards.base import BaseCard


class Add(BaseCard):
    card_type = "add"
    display_name = "Add"
    description = "Adds a column."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {}
    input_schema = {}
    output_schema = {"table": "dataframe"}

    def execute(self, config, inputs, storage):
        import pandas

        frame = pandas.DataFrame({"x": [1, 2, 3]})
        return {"table": storage.save_dataframe("_p", "_n", "table", frame)}

    def get_output_preview(self, outputs, storage):
        return {}
`;

test.each(['customer-churn', 'iris-classification'])(
  '%s: an export imports as an equal project, and its script makes what a run made',
  async (name) => {
    const { projectId, pipelines, counts } = await imported(path.join(repository, 'templates', name));
    expect(counts.mapped).toBeGreaterThan(0);
    await succeeds(ensemble('export', projectId, `${name}.zip`, '--data'));
    expect(Object.keys(unzipSync(readFileSync(within(`${name}.zip`))))).toContain('ensemble.json');
    const copy = await imported(`${name}.zip`);
    await succeeds(ensemble('export', copy.projectId, `${name}-again.zip`, '--data'));
    expect(sha256(readFileSync(within(`${name}-again.zip`)))).toBe(sha256(readFileSync(within(`${name}.zip`))));

    const run = await finished(product, (await startRun(product, pipelines[0]!.pipelineId)).id);
    expect(run.state).toBe('succeeded');
    await succeeds(ensemble('export', projectId, `${name}.py`, '--script', pipelines[0]!.name));
    const files = path.join(repository, 'templates', name, 'files');
    const given = existsSync(files) ? readdirSync(files).flatMap((file) => ['--file', `${fileField(name)}=${path.join(files, file)}`]) : [];
    const said = await succeeds(command(python, [`${name}.py`, '--out', `${name}-out`, ...given]));
    expect(said).toContain(`${run.steps.length} of ${run.steps.length} steps succeeded`);
    let compared = 0;
    for (const { nodeId } of run.steps) {
      const { outputs, preview } = await readStep(product, run.id, nodeId);
      for (const output of outputs) {
        const bytes = readFileSync(within(`${name}-out`, output.ref));
        // Bytes of a pickled model may differ between two processes; those of frames and JSON do not.
        if (output.ref.endsWith('.joblib')) continue;
        expect([output.ref, sha256(bytes)]).toEqual([output.ref, output.sha256]);
        compared++;
      }
      const folder = path.dirname(outputs[0]!.ref);
      expect(JSON.parse(read(`${name}-out`, folder, '.preview.json'))).toEqual(preview);
    }
    expect(compared).toBeGreaterThan(1);
  },
);

/** Node and field that read the file of a template. */
function fileField(template: string): string {
  const { nodes } = JSON.parse(readFileSync(path.join(repository, 'templates', template, '_pipeline.json'), 'utf8')) as {
    nodes: { id: string; data: { config?: Record<string, unknown> } }[];
  };
  for (const { id, data } of nodes)
    for (const [field, value] of Object.entries(data.config ?? {}))
      if (typeof value === 'object' && value !== null && '$file' in value) return `${id}.${field}`;
  throw new Error(`${template} reads no file`);
}

test('a folder and a project stay the same while both are edited, and nothing is lost where both changed one line', async () => {
  const { projectId } = await imported(path.join(repository, 'templates/iris-classification'));
  const syncing = ensemble('sync', 'work', projectId);
  await eventually(syncing.output, (output) => output.includes('Watching'));
  const [pipeline] = readdirSync(within('work/pipelines')).filter((file) => !file.includes('.layout.'));
  const logic = `pipelines/${pipeline!}`;

  // From the folder: a new card, then an edit of it, then another name.
  writeFileSync(within('work/cards-note.txt'), 'not synchronised');
  await edit(projectId, 'cards/theirs.py', () => CARD.replace('"add"', '"theirs"'));
  await eventually(
    () => existsSync(within('work/cards/theirs.py')),
    (is) => is,
  );
  writeFileSync(within('work/cards/add.py'), CARD);
  await eventually(
    () => folderOf(projectId),
    (files) => files.get('cards/add.py') === CARD,
  );
  // Both edit one file in different places.
  writeFileSync(within('work/cards/add.py'), CARD.replace('Adds a column.', 'Adds one column.'));
  await edit(projectId, 'cards/add.py', (text) => text.replace('[1, 2, 3]', '[1, 2, 3, 4]'));
  const both = CARD.replace('Adds a column.', 'Adds one column.').replace('[1, 2, 3]', '[1, 2, 3, 4]');
  await eventually(
    async () => [(await folderOf(projectId)).get('cards/add.py'), read('work/cards/add.py')],
    (texts) => texts.every((text) => text === both),
  );
  renameSync(within('work/cards/add.py'), within('work/cards/plus.py'));
  await eventually(
    () => folderOf(projectId),
    (files) => files.get('cards/plus.py') === both && !files.has('cards/add.py'),
  );
  await eventually(syncing.output, (output) => output.includes('cards/plus.py (was cards/add.py)'));

  // A pipeline, both ways: a title by its file, a position by a colleague.
  writeFileSync(
    within('work', logic),
    read('work', logic).replace(/"card": "std\/split"(, "title": "[^"]*")?/, '"card": "std/split", "title": "In two"'),
  );
  await eventually(
    () => folderOf(projectId),
    (files) => files.get(logic)?.includes('"title": "In two"') === true,
  );
  const layout = logic.replace('.json', '.layout.json');
  await edit(projectId, layout, (text) => text.replace(/\["split",-?[\d.]+,/, '["split",1234.5,'));
  await eventually(
    () => read('work', layout),
    (text) => text.includes('["split",1234.5,'),
  );
  rmSync(within('work/cards/theirs.py'));
  await eventually(
    () => folderOf(projectId),
    (files) => !files.has('cards/theirs.py'),
  );
  syncing.child.kill('SIGINT');
  expect([await syncing.ended, syncing.output()]).toEqual([0, expect.stringContaining('Ended')]);

  // Offline both change the same line.
  writeFileSync(within('work/cards/plus.py'), both.replace('"x"', '"mine"'));
  await edit(projectId, 'cards/plus.py', (text) => text.replace('"x"', '"theirs"'));
  const once = ensemble('sync', 'work', projectId, '--once');
  expect([await once.ended, once.output()]).toEqual([1, expect.stringContaining('yours is kept as')]);
  expect(read('work/cards/plus.py')).toBe(both.replace('"x"', '"theirs"'));
  const [kept] = readdirSync(within('work/cards')).filter((file) => file.includes('.conflict-'));
  expect(read('work/cards', kept!)).toBe(both.replace('"x"', '"mine"'));
  // Then both are the same, and stay so.
  expect(await succeeds(ensemble('sync', 'work', projectId, '--once'))).toContain('are the same');
  const files = await folderOf(projectId);
  for (const [file, text] of files) expect([file, read('work', file)]).toEqual([file, text]);
  expect(readdirSync(within('work'), { recursive: true }).filter((file) => String(file).endsWith('.part'))).toEqual([]);

  // The folder runs as it is; its pipeline is called like its file.
  const other = ensemble('sync', 'other', projectId, '--once');
  expect(await succeeds(other)).toContain('are the same');
  expect(readdirSync(within('other/cards'))).toEqual(['plus.py']);
  for (const end of ['.json', '.layout.json'])
    renameSync(within('work', logic.replace('.json', end)), within(`work/pipelines/flowers${end}`));
  expect(await succeeds(ensemble('sync', 'work', projectId, '--once'))).toContain(`flowers.json (was ${logic})`);
  expect((await call(product, 'GET', `/api/projects/${projectId}/pipelines`)).body).toMatchObject([{ name: 'flowers' }]);
  expect(read('work/pipelines/flowers.layout.json')).toContain('["split",1234.5,');
  const ran = await succeeds(ensemble('run', 'work', '--pipeline', 'flowers', '--set', 'split.test_size=0.4', '--out', 'ran'));
  expect(ran).toContain('run succeeded');

  // Deleted in one folder: gone in the project and in the other folder, but for what was changed there meanwhile.
  await succeeds(ensemble('sync', 'other', projectId, '--once'));
  expect(readdirSync(within('other/pipelines'))).toEqual(['flowers.json', 'flowers.layout.json']);
  const mine = read('other/pipelines/flowers.json').replace('"In two"', '"Mine"');
  writeFileSync(within('other/pipelines/flowers.json'), mine);
  rmSync(within('work/pipelines'), { recursive: true });
  expect(await succeeds(ensemble('sync', 'work', projectId, '--once'))).toContain('pipelines/flowers.json removed');
  expect((await call(product, 'GET', `/api/projects/${projectId}/pipelines`)).body).toEqual([]);
  const late = ensemble('sync', 'other', projectId, '--once');
  expect([await late.ended, late.output()]).toEqual([1, expect.stringContaining('changed in the folder and deleted in the project')]);
  const left = readdirSync(within('other/pipelines'));
  expect(left).toEqual([expect.stringMatching(/^flowers\.conflict-.*\.json$/)]);
  expect(read('other/pipelines', left[0]!)).toBe(mine);
});
