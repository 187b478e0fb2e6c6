/**
 * What every artifact store promises; each adapter's test runs this suite. Knows no adapter.
 */
import { createHash } from 'node:crypto';
import { execFileSync } from 'node:child_process';
import { link, mkdir, mkdtemp, readFile, rm, stat, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ArtifactStore } from './artifact-store.ts';

const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');
const absent = '0'.repeat(64);

async function collect(stream: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks).toString();
}

export function describeArtifactStore(name: string, openStore: (directory: string) => Promise<ArtifactStore>): void {
  describe(name, () => {
    let directory: string;
    let store: ArtifactStore;
    beforeAll(async () => {
      directory = await mkdtemp(join(tmpdir(), 'artifact-contract-'));
      store = await openStore(join(directory, 'store'));
    });
    afterAll(() => rm(directory, { recursive: true, force: true }));

    it('names bytes by their SHA-256 and gives them back', async () => {
      const content = bytesOf('hello');
      const stored = await store.put(content);
      expect(stored).toEqual({ sha256: sha256Of(content), size: 5 });
      expect(await store.size(stored.sha256)).toBe(5);
      expect(await store.readAll(stored.sha256, 5)).toEqual(content);
      expect(await collect(await store.openRead(stored.sha256))).toBe('hello');
    });

    it('keeps an empty artifact', async () => {
      const { sha256 } = await store.put(new Uint8Array());
      expect(await store.size(sha256)).toBe(0);
      expect(await store.readAll(sha256, 0)).toEqual(new Uint8Array());
      expect(await collect(await store.openRead(sha256))).toBe('');
    });

    it('takes content as it arrives, in chunks of any size', async () => {
      const chunks = [bytesOf('a'.repeat(3_000_000)), new Uint8Array(), bytesOf('b')];
      const stored = await store.put(
        (async function* () {
          yield* chunks;
        })(),
      );
      expect(stored).toEqual({ sha256: sha256Of(Buffer.concat(chunks)), size: 3_000_001 });
    });

    it('stores nothing when the content fails half-way', async () => {
      const half = bytesOf('half of it');
      const broken = async function* () {
        yield half;
        throw new Error('the source broke');
      };
      await expect(store.put(broken())).rejects.toThrow('the source broke');
      expect(await store.size(sha256Of(half))).toBeUndefined();
    });

    it('stores nothing that is larger than allowed', async () => {
      await expect(store.put(bytesOf('much too long'), { maxBytes: 4 })).rejects.toMatchObject({ code: 'artifact/too-large' });
      expect(await store.size(sha256Of(bytesOf('much too long')))).toBeUndefined();
      const path = join(directory, 'long');
      await writeFile(path, 'also too long');
      await expect(store.putFile(path, { maxBytes: 4 })).rejects.toMatchObject({ code: 'artifact/too-large' });
    });

    it('takes the same content many times at once', async () => {
      const content = bytesOf('same '.repeat(100_000));
      const stored = await Promise.all(Array.from({ length: 20 }, () => store.put(content)));
      expect(new Set(stored.map((one) => one.sha256))).toEqual(new Set([sha256Of(content)]));
      expect(await store.readAll(sha256Of(content), 1_000_000)).toEqual(content);
    });

    it('copies a file, so that later changes of it change nothing', async () => {
      const path = join(directory, 'file');
      const content = Buffer.alloc(5_000_003, 'abc');
      await writeFile(path, content);
      const stored = await store.putFile(path);
      expect(stored).toEqual({ sha256: sha256Of(content), size: content.length });
      await writeFile(path, 'changed');
      expect(sha256Of(await store.readAll(stored.sha256, 10_000_000))).toBe(stored.sha256);
    });

    it('takes regular files only and follows no symbolic link', async () => {
      const secret = join(directory, 'secret');
      await writeFile(secret, 'secret');
      await symlink(secret, join(directory, 'link'));
      execFileSync('mkfifo', [join(directory, 'pipe')]);
      for (const path of [join(directory, 'link'), join(directory, 'pipe'), directory, '/dev/zero', join(directory, 'nothing')]) {
        await expect(store.putFile(path), path).rejects.toMatchObject({ code: 'artifact/not-a-file' });
      }
    });

    it('follows no linked directory below the trusted one', async () => {
      const outside = join(directory, 'outside');
      const workspace = join(directory, 'workspace');
      await mkdir(join(workspace, 'real'), { recursive: true });
      await mkdir(outside);
      await writeFile(join(outside, 'data'), 'not yours');
      await writeFile(join(workspace, 'real', 'data'), 'yours');
      await symlink(outside, join(workspace, 'linked'));
      await expect(store.putFile(join(workspace, 'linked', 'data'), { within: workspace })).rejects.toMatchObject({
        code: 'artifact/not-a-file',
      });
      await expect(store.putFile(join(workspace, '..', 'outside', 'data'), { within: workspace })).rejects.toMatchObject({
        code: 'artifact/not-a-file',
      });
      expect(await store.putFile(join(workspace, 'real', 'data'), { within: workspace })).toMatchObject({ size: 5 });
      // The trusted directory itself may be reached through a link.
      await symlink(workspace, join(directory, 'alias'));
      expect(await store.putFile(join(directory, 'alias', 'real', 'data'), { within: join(directory, 'alias') })).toMatchObject({
        size: 5,
      });
    });

    it('reads any range of bytes, and says so when there is none such', async () => {
      const { sha256 } = await store.put(bytesOf('0123456789'));
      const read = async (start: number, end?: number) =>
        collect(await store.openRead(sha256, end === undefined ? { start } : { start, end }));
      expect(await read(0)).toBe('0123456789');
      expect(await read(3, 6)).toBe('345');
      expect(await read(7)).toBe('789');
      expect(await read(8, 100)).toBe('89');
      expect(await read(4, 4)).toBe('');
      expect(await read(10)).toBe('');
      for (const [start, end] of [[-1], [11], [5, 4], [0.5], [Number.NaN]] as const) {
        await expect(read(start, end), `${start}–${end}`).rejects.toMatchObject({ code: 'artifact/bad-range' });
      }
    });

    it('refuses to read more than the caller can hold', async () => {
      const { sha256 } = await store.put(bytesOf('0123456789'));
      await expect(store.readAll(sha256, 9)).rejects.toMatchObject({ code: 'artifact/too-large' });
    });

    it('names an artifact it does not have, whatever the name looks like', async () => {
      for (const sha256 of [absent, '', '../../etc/passwd', absent.slice(1), `${absent.slice(1)}G`, 'AB'.repeat(32)]) {
        expect(await store.size(sha256)).toBeUndefined();
        await expect(store.openRead(sha256)).rejects.toMatchObject({ code: 'artifact/unknown' });
        await expect(store.readAll(sha256, 10)).rejects.toMatchObject({ code: 'artifact/unknown' });
        await expect(store.stage(sha256, join(directory, 'never'))).rejects.toMatchObject({ code: 'artifact/unknown' });
      }
    });

    it('stages an artifact as a read-only file, over nothing', async () => {
      const { sha256 } = await store.put(bytesOf('staged'));
      const path = join(directory, 'staged');
      await store.stage(sha256, path);
      expect(await readFile(path, 'utf8')).toBe('staged');
      expect((await stat(path)).mode & 0o777).toBe(0o444);
      await expect(store.stage(sha256, path)).rejects.toMatchObject({ code: 'artifact/exists' });
      await link(path, join(directory, 'second'));
      await rm(path);
      expect(await store.size(sha256)).toBe(6);
    });
  });
}
