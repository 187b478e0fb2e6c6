/** The `ensemble` command as a person types it: `npm run -s ensemble -- …`. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { writeWheel } from '@ensemble/testkit';
import { afterAll, expect, test } from 'vitest';
import { card, folder } from '../lib/folders.ts';
import { eventually, nothingLeft, removeDirectory, repository, startProduct } from '../lib/product.ts';

const scratch = mkdtempSync(path.join(tmpdir(), 'ensemble-cli-'));
afterAll(() => removeDirectory(scratch));

interface Result {
  code: number | null;
  stdout: string;
  stderr: string;
}

function ensemble(args: string[], env: Record<string, string> = {}): Promise<Result> {
  return new Promise((resolve) => {
    // From another directory, as a person would: paths are relative to where the command was typed.
    const child = spawn('npm', ['--prefix', repository, 'run', '-s', 'ensemble', '--', ...args], {
      cwd: scratch,
      env: { ...process.env, ...env },
    });
    let stdout = '';
    let stderr = '';
    child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
    child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
    child.on('close', (code) => resolve({ code, stdout, stderr }));
  });
}

function writeFolder(name: string, content: ReturnType<typeof folder>): string {
  const root = path.join(scratch, name);
  mkdirSync(root, { recursive: true });
  writeFileSync(path.join(root, '_pipeline.json'), JSON.stringify(content.pipeline));
  for (const { path: file, source } of content.cards) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), source);
  }
  return root;
}

interface Report {
  status: string;
  isolation: string;
  steps: {
    node: string;
    card: string;
    status: string;
    cached: boolean;
    durationMs: number;
    error?: { message: string; line?: number; traceback: string };
  }[];
  outputs: Record<string, { preview: unknown; artifacts: { key: string; type: string; bytes: number; sha256: string; path: string }[] }>;
}

test('run prints one JSON object, leaves readable outputs, and no process', async () => {
  const result = await ensemble([
    'run',
    path.join(repository, 'templates/iris-classification'),
    '--json',
    '--out',
    'results',
    '--set',
    'split.test_size=0.4',
  ]);
  expect(result.stderr).not.toContain('Error');
  const report = JSON.parse(result.stdout) as Report;
  expect(result.code).toBe(0);
  expect(report.status).toBe('succeeded');
  expect(report.isolation).toMatch(/^L[0-3]$/);
  expect(new Set(report.steps.map((step) => step.status))).toEqual(new Set(['succeeded']));
  for (const { artifacts } of Object.values(report.outputs)) {
    for (const artifact of artifacts) {
      expect(path.dirname(path.dirname(artifact.path))).toBe(path.join(scratch, 'results'));
      const bytes = readFileSync(artifact.path);
      expect(bytes.byteLength).toBe(artifact.bytes);
      expect(createHash('sha256').update(bytes).digest('hex')).toBe(artifact.sha256);
    }
  }
  const tables = report.outputs['split']?.preview as { test: { row_count: number } };
  expect(tables.test.row_count).toBe(60);
  await nothingLeft(scratch);
});

test('a failing card gives exit code 1, its line and traceback; a file of mine and what it requires reach the card', async () => {
  const wheels = path.join(scratch, 'wheels');
  writeWheel(wheels, { name: 'tiny-shape', version: '1.0' });
  writeFileSync(path.join(scratch, 'words.csv'), 'word\nensemble\n');
  const root = writeFolder(
    'failing',
    folder(
      [
        { id: 'read', card: 'read' },
        { id: 'bad', card: 'bad' },
      ],
      ['read.value -> bad.data'],
      {
        'read.py': card('read', 'import tiny_shape\nassert tiny_shape.VERSION == "1.0"\nassert "ensemble" in open(config["path"]).read()')
          .replace('"seconds": {"type": "number", "label": "Seconds", "default": 0}', '"path": {"type": "string", "label": "Path"}')
          .replace('    category = ', '    requirements = ["tiny-shape"]\n    category = '),
        'bad.py': card('bad', 'raise KeyError("missing")', { data: 'json' }),
      },
    ),
  );
  const result = await ensemble(['run', root, '--json', '--file', 'read.path=words.csv'], { UV_FIND_LINKS: wheels, UV_OFFLINE: '1' });
  const report = JSON.parse(result.stdout) as Report;
  expect(result.code).toBe(1);
  expect(report.status).toBe('failed');
  expect(report.steps.map((step) => [step.node, step.status])).toEqual([
    ['read', 'succeeded'],
    ['bad', 'failed'],
  ]);
  const [, bad] = report.steps;
  expect(bad?.error?.message).toContain('missing');
  expect(bad?.error?.traceback).toContain('cards/bad.py');
  expect(bad?.error?.line).toBeGreaterThan(10);
});

test('wrong use is exit code 2 with a sentence, and nothing on stdout', async () => {
  for (const args of [['run', path.join(scratch, 'nowhere')], ['run'], ['dance'], ['run', scratch, '--colour']]) {
    const result = await ensemble(args);
    expect([args, result.code, result.stdout]).toEqual([args, 2, '']);
    expect(result.stderr.trim()).not.toBe('');
  }
});

test('with --json even wrong use is one JSON object on stdout', async () => {
  const result = await ensemble(['run', path.join(scratch, 'nowhere'), '--json']);
  expect(result.code).toBe(2);
  const report = JSON.parse(result.stdout) as Report & { problems: { message: string }[] };
  expect([report.status, report.steps, report.outputs]).toEqual(['failed', [], {}]);
  expect(report.problems[0]?.message).toContain('nowhere');
});

test('Ctrl-C while the server starts leaves no process and no directory', async () => {
  const root = writeFolder('never-run', folder([{ id: 'a', card: 'a' }], [], { 'a.py': card('a', 'pass') }));
  const temporary = mkdtempSync(path.join(scratch, 'tmp-'));
  const child = spawn('node', [path.join(repository, 'apps/cli/src/main.ts'), 'run', root, '--json'], {
    env: { ...process.env, TMPDIR: temporary },
  });
  const ended = new Promise((resolve) => child.on('close', resolve));
  let stdout = '';
  child.stdout.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  let stderr = '';
  child.stderr.on('data', (chunk: Buffer) => (stderr += chunk.toString()));
  await eventually(
    () => stderr,
    (text) => text.includes('Starting an embedded server'),
  );
  child.kill('SIGINT');
  expect(await ended).toBe(130);
  expect(JSON.parse(stdout)).toMatchObject({ status: 'failed', problems: [{ message: 'Interrupted before anything was run.' }] });
  expect(readdirSync(temporary)).toEqual([]);
  await nothingLeft(temporary);
});

test('validate tells for every file whether it is a card, and where it is not', async () => {
  const good = path.join(scratch, 'good.py');
  const broken = path.join(scratch, 'broken.py');
  const twice = path.join(scratch, 'twice.py');
  writeFileSync(good, card('good', 'pass'));
  writeFileSync(twice, card('good', 'pass'));
  writeFileSync(broken, 'class Broken(BaseCard:\n    pass\n');
  const alone = await ensemble(['validate', good, '--json']);
  expect(alone.code).toBe(0);
  expect(JSON.parse(alone.stdout)).toMatchObject([{ file: good, valid: true, manifest: { cardType: 'good' }, diagnostics: [] }]);
  const all = await ensemble(['validate', 'good.py', broken, twice, 'absent.py', '--json']);
  expect(all.code).toBe(1);
  const readings = JSON.parse(all.stdout) as {
    file: string;
    valid: boolean;
    diagnostics: { line: number; column: number; severity: string; message: string }[];
  }[];
  expect(readings.map((one) => [one.file, one.valid])).toEqual([
    ['good.py', true],
    [broken, false],
    [twice, false],
    ['absent.py', false],
  ]);
  expect(readings[1]?.diagnostics[0]).toMatchObject({ line: 1, severity: 'error' });
  expect(readings[2]?.diagnostics[0]?.message).toContain('good.py');
});

test('owner-link prints a fresh link of the running server', async () => {
  const product = await startProduct();
  try {
    const links = [
      await ensemble(['owner-link'], { ENSEMBLE_DATA_DIR: product.directory }),
      await ensemble(['owner-link'], { ENSEMBLE_DATA_DIR: product.directory }),
    ];
    expect(links.map((one) => one.code)).toEqual([0, 0]);
    const [first, second] = links.map((one) => one.stdout.trim());
    expect(first).toMatch(/^http:\/\/127\.0\.0\.1:\d+\/join\//);
    expect(second).not.toBe(first);
    expect(existsSync(path.join(product.directory, 'local-token'))).toBe(true);
  } finally {
    await product.stop();
    removeDirectory(product.directory);
  }
});
