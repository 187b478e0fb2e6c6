import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { InstallProgress, missingFrom } from './build-environment.ts';
import { EnvironmentFolders } from './environment-folders.ts';
import { lockText, mergeLocks, parseLock, plannedChanges } from './lock-text.ts';
import { takeMachineLock } from './machine-lock.ts';

const HASH = `--hash=sha256:${'a'.repeat(64)}`;

describe('a lock', () => {
  const text = `# a comment\nnumpy==1.26.4 \\\n    ${HASH} \\\n    --hash=sha256:${'b'.repeat(64)}\nA_b.C==1!2.0+cpu \\\n    ${HASH}\n    # via x\n`;

  test('is read, sorted and written the same again', () => {
    const lock = parseLock(text);
    expect(lock.map(({ name, version }) => `${name} ${version}`)).toEqual(['numpy 1.26.4', 'a-b-c 1!2.0+cpu']);
    const written = lockText(lock);
    expect(written.startsWith('A_b.C==')).toBe(true);
    expect(lockText(parseLock(written))).toBe(written);
  });

  test.each([
    `numpy==1.26.4`,
    `numpy>=1 ${HASH}`,
    `--index-url https://example.org`,
    `-e . ${HASH}`,
    `numpy @ https://example.org/x.whl ${HASH}`,
    `numpy==1.26.4 ${HASH} --global-option=x`,
    `../x==1 ${HASH}`,
  ])('with the line %j is refused', (line) => {
    expect(() => parseLock(`${text}${line}\n`)).toThrow('no pinned package with hashes');
  });

  test('takes changes over what the base has, and tells what the base lacks', () => {
    const base = parseLock(text);
    const merged = mergeLocks(base, parseLock(`numpy==2.0 ${HASH}\nx==1 ${HASH}\n`));
    expect(merged.map(({ name, version }) => `${name}==${version}`).toSorted()).toEqual(['a-b-c==1!2.0+cpu', 'numpy==2.0', 'x==1']);
    const installed = new Set(['a-b-c==1!2.0+cpu', 'numpy==1.26.4']);
    expect(missingFrom({ installed }, merged).map(({ name }) => name)).toEqual(['numpy', 'x']);
  });

  test('what uv would change is read from its lines, and nothing else is', () => {
    const output =
      'Resolved 22 packages in 1.24s\nWould install 2 packages\n - numpy==2.4.6\n + numpy==1.26.4\n + tiny-shape==2.0\n+ x==1\n + y\n';
    expect(plannedChanges(output)).toEqual(['numpy==1.26.4', 'tiny-shape==2.0']);
  });
});

test('what uv prints while it downloads becomes words and a fraction that only grows', () => {
  const said: [string, number?][] = [];
  const progress = new InstallProgress(3, (message, fraction) => void said.push([message, fraction]));
  for (const line of [
    'Downloading torch (180.0MiB)',
    'Downloading numpy (20.0MiB)',
    ' Downloaded numpy',
    ' Downloaded torch',
    'Prepared 3 packages in 2s',
    'noise',
  ])
    progress.take(line);
  expect(said).toEqual([
    ['fetching 3 packages', 0],
    ['downloading torch (180.0MiB); 0 of 3 here', 0],
    ['downloading torch (180.0MiB), numpy (20.0MiB); 0 of 3 here', 0],
    ['downloading torch (180.0MiB); 1 of 3 here', expect.closeTo(0.09) as number],
    ['fetching the rest; 2 of 3 here', 0.9],
    ['unpacking', 0.9],
  ]);
});

describe('folders of environments', () => {
  let root: string;
  let folders: EnvironmentFolders;
  beforeEach(async () => {
    root = mkdtempSync(join(tmpdir(), 'ensemble-environments-'));
    folders = new EnvironmentFolders(root, null);
    await folders.open();
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  function put(key: string, ownBytes: number, hoursAgo: number): void {
    mkdirSync(folders.folderOf(key));
    writeFileSync(join(folders.folderOf(key), 'pyvenv.cfg'), '');
    const facts = `${folders.folderOf(key)}.json`;
    writeFileSync(facts, JSON.stringify({ lockHash: 'l', packages: 1, bytes: ownBytes, ownBytes }));
    const then = new Date(Date.now() - hoursAgo * 3_600_000);
    utimesSync(facts, then, then);
  }

  test('the least recently used go first, never one in use, used lately, or more than needed', async () => {
    put('oldest', 40, 9);
    put('in-use', 40, 8);
    put('old', 40, 7);
    put('lately', 40, 0.5);
    put('young', 40, 2);
    const hour = 3_600_000;
    expect(await folders.removeUnused(120, hour, (key) => key === 'in-use')).toEqual(['oldest', 'old']);
    expect(await folders.removeUnused(0, hour, (key) => key === 'in-use')).toEqual(['young']);
    expect((await readdir(join(root, 'ready'))).toSorted()).toEqual(['in-use', 'in-use.json', 'lately', 'lately.json']);
    await folders.touch('in-use');
    expect(await folders.removeUnused(0, hour, () => false)).toEqual([]);
  });

  test('what a daemon was making is removed at the next start, unless it is still being made', async () => {
    const mine = await folders.makeFolder();
    mkdirSync(join(root, 'making', 'left-behind'));
    await new EnvironmentFolders(root, null).open();
    expect(await readdir(join(root, 'making'))).toEqual([mine.folder.slice('making/'.length)]);
    await mine.remove();
    expect(await readdir(join(root, 'making'))).toEqual([]);
  });

  test('one without its facts, or half there, is none', async () => {
    put('whole', 1, 0);
    put('half', 1, 0);
    rmSync(join(folders.folderOf('half'), 'pyvenv.cfg'));
    mkdirSync(folders.folderOf('bare'));
    expect(await Promise.all(['whole', 'half', 'bare', 'none'].map(async (key) => (await folders.find(key)) !== null))).toEqual([
      true,
      false,
      false,
      false,
    ]);
  });

  test('a lock is one process’s until it is given back', async () => {
    const release = await takeMachineLock(`${root}/x`);
    expect(release).not.toBeNull();
    expect(await takeMachineLock(`${root}/x`)).toBeNull();
    release?.();
    await expect.poll(() => takeMachineLock(`${root}/x`)).not.toBeNull();
  });
});
