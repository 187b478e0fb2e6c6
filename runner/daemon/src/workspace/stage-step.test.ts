import { mkdir, mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openDirectoryStore } from '@ensemble/artifact-store';
import { HarnessJob, type StepSpec } from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Sandbox } from '../engines/execution-engine.ts';
import { moduleOf, refFolderOf, resolveFiles, stageStep } from './stage-step.ts';

const SHA = 'a'.repeat(64);

describe('stageStep', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'ensemble-stage-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('links files from the store and writes the job', async () => {
    const store = await openDirectoryStore(join(folder, 'store'));
    const { sha256 } = await store.put(Buffer.from('source'));
    const job = join(folder, 'good');
    await mkdir(job);
    const spec: StepSpec = {
      v: 1,
      pipelineId: 'p',
      nodeId: 'node 1',
      card: { cardType: 't', path: 'cards/a/b.py', className: 'B', outputs: [{ name: 'o', type: 'json' }], outputViewType: 'table' },
      files: [{ path: 'cards/a/b.py', sha256 }],
      config: { file: { $file: sha256, name: 'data.csv' }, deep: { list: [1, { $file: sha256, name: '../../x' }] } },
      inputs: { in: 'before/x.json' },
      artifacts: [{ ref: 'before/x.json', sha256 }],
      timeoutSeconds: 1,
      memoryBytes: 1,
      seed: 7,
    };
    const sandbox: Sandbox = {
      attemptId: 'a',
      runId: 'r',
      slot: 0,
      host: { job, out: join(job, 'out'), scratch: folder },
      inside: { job: '/ensemble/job', scratch: '/tmp' },
    };
    await stageStep(spec, sandbox, store);
    const written = HarnessJob.parse(JSON.parse(await readFile(join(job, 'job.json'), 'utf8')));
    expect(written.config).toEqual({ file: '/ensemble/job/files/0/data.csv', deep: { list: [1, '/ensemble/job/files/1/file'] } });
    expect(written.card).toMatchObject({ module: 'cards.a.b', outputs: { o: 'json' } });
    expect(written.refFolder).toMatch(/^n-[0-9a-f]{16}$/);
    for (const path of ['project/cards/a/b.py', 'artifacts/before/x.json', 'files/0/data.csv', 'files/1/file']) {
      expect((await stat(join(job, path))).nlink, path).toBeGreaterThan(1);
    }
    for (const path of ['../x.py', '/etc/passwd', 'cards/\0.py', 'cards//x.py', 'a\\b.py', '']) {
      await expect(stageStep({ ...spec, files: [{ path, sha256 }] }, sandbox, store), path).rejects.toThrow(/plain path/);
    }
  });
});

it('takes only whole file references out of a config', () => {
  const config = { notAFile: { $file: 'short', name: 'x' }, file: { $file: SHA, name: 'ok.csv' }, text: '$file' };
  expect(resolveFiles(config, '/f')).toEqual({
    config: { notAFile: { $file: 'short', name: 'x' }, file: '/f/0/ok.csv', text: '$file' },
    files: [{ sha256: SHA, path: '0/ok.csv' }],
  });
});

it('names modules and reference folders', () => {
  expect(moduleOf('cards/models/train.py')).toBe('cards.models.train');
  expect(refFolderOf('node-1_A')).toBe('node-1_A');
  expect(refFolderOf('../x')).not.toContain('/');
  expect(refFolderOf('a b')).not.toBe(refFolderOf('a  b'));
});
