import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, stat, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeArtifactStore } from './artifact-store-contract.ts';
import { openDirectoryStore } from './directory-store.ts';

describeArtifactStore('an artifact store in a directory', (directory) => openDirectoryStore(directory));

const hour = 3_600_000;

describe('the directory of an artifact store', () => {
  let root: string;
  let directory: string;
  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'directory-store-'));
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  /** A child that runs `body` with `store` open on `directory`. */
  const script = (body: string): string[] => [
    '--input-type=module',
    '--eval',
    `const { openDirectoryStore } = await import(${JSON.stringify(new URL('./directory-store.ts', import.meta.url).href)});
     const store = await openDirectoryStore(${JSON.stringify(directory)});
     ${body}`,
  ];
  const temporaries = () => readdir(join(directory, 'temp'));
  const artifacts = async () =>
    (await readdir(join(directory, 'sha256'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());

  it('holds each artifact once, read-only, under its hash', async () => {
    directory = join(root, 'layout');
    const store = await openDirectoryStore(directory);
    const { sha256 } = await store.put(Buffer.from('once'));
    await store.put(Buffer.from('once'));
    const path = join(directory, 'sha256', sha256.slice(0, 2), sha256.slice(2));
    expect((await stat(path)).mode & 0o777).toBe(0o444);
    expect(await artifacts()).toHaveLength(1);
    expect(await temporaries()).toEqual([]);
  });

  it('shares the bytes of a staged file', async () => {
    directory = join(root, 'staging');
    const store = await openDirectoryStore(directory);
    const { sha256 } = await store.put(Buffer.from('shared'));
    await store.stage(sha256, join(root, 'staged'));
    expect((await stat(join(root, 'staged'))).nlink).toBe(2);
  });

  it('copies when the destination is on another file system', async ({ skip }) => {
    directory = join(root, 'copying');
    const store = await openDirectoryStore(directory);
    const { sha256 } = await store.put(Buffer.from('copied'));
    const elsewhere = await mkdtemp('/dev/shm/directory-store-').catch(() => skip('this machine has no second file system'));
    try {
      if ((await stat(elsewhere)).dev === (await stat(directory)).dev) skip('this machine has no second file system');
      await store.stage(sha256, join(elsewhere, 'staged'));
      expect(await readFile(join(elsewhere, 'staged'), 'utf8')).toBe('copied');
      expect(await stat(join(elsewhere, 'staged'))).toMatchObject({ mode: 0o100444, nlink: 1 });
      await expect(store.stage(sha256, join(elsewhere, 'staged'))).rejects.toMatchObject({ code: 'artifact/exists' });
    } finally {
      await rm(elsewhere, { recursive: true });
    }
  });

  it('ART-1 has no artifact, only a temporary file, when its process is killed while writing', async () => {
    directory = join(root, 'killed');
    const child = spawn(
      'node',
      script(`await store.put((async function* () {
        for (let i = 0; ; i += 1) { yield Buffer.alloc(65_536, i); if (i === 10) console.log('writing'); await new Promise((r) => setTimeout(r, 1)); }
      })());`),
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    await once(child.stdout, 'data');
    child.kill('SIGKILL');
    await once(child, 'exit');
    expect(await temporaries()).toHaveLength(1);
    expect(await artifacts()).toEqual([]);

    await openDirectoryStore(directory);
    expect(await temporaries(), 'a file that may still be written stays').toHaveLength(1);
    const store = await openDirectoryStore(directory, Date.now() + hour + 60_000);
    expect(await temporaries()).toEqual([]);
    expect(await store.put(Buffer.from('works again'))).toMatchObject({ size: 11 });
  });

  it('stores nothing and says so when the disk takes no more', async () => {
    directory = join(root, 'full');
    await openDirectoryStore(directory);
    // The shell's limit of 64 kB a file stands in for a full disk: the write is cut short, then fails.
    const body = `const error = await store.put(Buffer.alloc(1_000_000)).catch((error) => error); console.log(error.code, '|', error.message);`;
    const shell = spawnSync('bash', ['-c', `trap '' XFSZ; ulimit -f 64; exec node "$@"`, 'bash', ...script(body)], { encoding: 'utf8' });
    expect(shell.stdout, shell.stderr).toContain('artifact/no-space | The disk of the artifact store is full');
    expect(await artifacts()).toEqual([]);
    expect(await temporaries()).toEqual([]);
  });

  it('ART-2 is shared by several processes that put the same and other content', async () => {
    directory = join(root, 'shared');
    await openDirectoryStore(directory);
    const body = `for (let i = 0; i < 40; i += 1) await store.put(Buffer.from('content ' + i));`;
    const children = [1, 2, 3].map(() => spawn('node', script(body), { stdio: 'inherit' }));
    const exits = await Promise.all(children.map(async (child) => (await once(child, 'exit'))[0] as unknown));
    expect(exits).toEqual([0, 0, 0]);
    expect(await artifacts()).toHaveLength(40);
    expect(await temporaries()).toEqual([]);
  });

  it('notices damaged bytes on reading and mends a file that was cut short', async () => {
    directory = join(root, 'damaged');
    const store = await openDirectoryStore(directory);
    const { sha256 } = await store.put(Buffer.from('precious'));
    const path = join(directory, 'sha256', sha256.slice(0, 2), sha256.slice(2));
    await chmod(path, 0o644);
    await writeFile(path, 'PRECIOUS');
    await expect(store.readAll(sha256, 100)).rejects.toMatchObject({ code: 'artifact/corrupt' });
    await truncate(path, 3);
    await store.put(Buffer.from('precious'));
    expect(Buffer.from(await store.readAll(sha256, 100)).toString()).toBe('precious');
  });
});
