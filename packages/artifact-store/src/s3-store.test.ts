import { createHash, randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import S3rver from 's3rver';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { describeArtifactStore } from './artifact-store-contract.ts';
import { openCachedStore } from './cached-store.ts';
import type { RemoteArtifacts } from './remote-artifacts.ts';
import { createS3Artifacts } from './s3-artifacts.ts';
import type { S3Settings } from './s3-artifacts.ts';

const sha256Of = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

let base: string;
let server: S3rver;
let settings: S3Settings;
let opened = 0;
const closers: (() => void)[] = [];

/** Each time another machine: nothing of what was fetched before is there. */
function machine(change: (remote: RemoteArtifacts) => RemoteArtifacts = (remote) => remote, keys = settings, directory?: string) {
  const place = directory ?? join(base, `machine-${(opened += 1)}`);
  const remote = createS3Artifacts(keys, join(place, 'uploads'));
  closers.push(() => remote.close());
  return openCachedStore(place, change(remote));
}

/** Passes on so many bytes and is gone then. */
async function dyingProxy(bytes: number): Promise<string> {
  let left = bytes;
  const proxy = createServer((client) => {
    const { hostname, port } = new URL(settings.endpoint!);
    const upstream = connect(Number(port), hostname);
    for (const socket of [client, upstream]) socket.on('error', () => undefined);
    upstream.pipe(client);
    client.on('close', () => upstream.destroy());
    client.on('data', (chunk) => {
      left -= chunk.length;
      if (left > 0) return void upstream.write(chunk);
      proxy.close();
      client.destroy();
    });
  });
  await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(proxy.address() as AddressInfo).port}`;
}

beforeAll(async () => {
  base = await mkdtemp(join(tmpdir(), 'artifact-s3-'));
  server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory: join(base, 'bucket'),
    configureBuckets: [{ name: 'ensemble', configs: [] }],
  });
  const { port } = await server.run();
  settings = {
    endpoint: `http://127.0.0.1:${port}`,
    region: 'us-east-1',
    bucket: 'ensemble',
    prefix: 'artifacts/',
    accessKeyId: 'S3RVER',
    secretAccessKey: 'S3RVER',
  };
});
afterAll(async () => {
  for (const close of closers) close();
  await server.close();
  await rm(base, { recursive: true, force: true });
});

describeArtifactStore('artifacts in S3 behind a directory', () => machine());

describe('artifacts in S3', () => {
  it('are there for another machine, large ones in parts too', async () => {
    const content = randomBytes(40 << 20);
    const { sha256 } = await (await machine()).put(content);
    const other = await machine();
    expect(await other.size(sha256)).toBe(content.length);
    const chunks: Buffer[] = [];
    for await (const chunk of await other.openRead(sha256, { start: 33 << 20, end: (33 << 20) + 5 })) chunks.push(chunk as Buffer);
    expect(Buffer.concat(chunks)).toEqual(content.subarray(33 << 20, (33 << 20) + 5));
    expect(sha256Of(await other.readAll(sha256, content.length))).toBe(sha256);
  });

  it('are fetched on where a download broke off, and once more when bytes are wrong', async () => {
    const content = randomBytes(3_000_000);
    const { sha256 } = await (await machine()).put(content);
    const starts: number[] = [];
    const cut = await machine((remote) => ({
      ...remote,
      async read(name, range) {
        starts.push(range!.start);
        const whole = Buffer.concat(await (await remote.read(name, range)).toArray());
        return Readable.from(starts.length < 3 ? [whole.subarray(0, 1_000_000)] : [whole]);
      },
    }));
    expect(sha256Of(await cut.readAll(sha256, content.length))).toBe(sha256);
    expect(starts).toEqual([0, 1_000_000, 2_000_000]);

    let lies = 1;
    const lying = (count: number) => {
      lies = count;
      return machine((remote) => ({
        ...remote,
        read: async (name, range) => (lies-- > 0 ? Readable.from([Buffer.alloc(content.length - range!.start)]) : remote.read(name, range)),
      }));
    };
    expect(sha256Of(await (await lying(1)).readAll(sha256, content.length))).toBe(sha256);
    await expect((await lying(9)).readAll(sha256, content.length)).rejects.toMatchObject({ code: 'artifact/corrupt' });
  });

  it('go on with an upload that was interrupted, part by part', async () => {
    const file = join(base, 'large');
    const content = randomBytes(40 << 20);
    await writeFile(file, content);
    const uploads = join(base, 'uploads');
    const proxy = await dyingProxy(24 << 20);
    const interrupted = createS3Artifacts({ ...settings, endpoint: proxy }, uploads);
    closers.push(() => interrupted.close());
    const remote = interrupted.write(sha256Of(content), content.length, file);
    await expect(remote).rejects.toMatchObject({ code: 'artifact/unavailable' });
    const known = JSON.parse(await readFile(join(uploads, `${sha256Of(content)}.json`), 'utf8')) as { etags: string[] };
    expect(known.etags).toHaveLength(1);
    const again = createS3Artifacts(settings, uploads);
    closers.push(() => again.close());
    await again.write(sha256Of(content), content.length, file);
    expect(await again.size(sha256Of(content))).toBe(content.length);
    expect(await readdir(uploads)).toEqual([]);
  });

  it('an upload that the store has forgotten is begun anew', async () => {
    const content = randomBytes(20 << 20);
    const file = join(base, 'forgotten');
    await writeFile(file, content);
    const uploads = join(base, 'forgotten-uploads');
    const remote = createS3Artifacts(settings, uploads);
    closers.push(() => remote.close());
    await mkdir(uploads);
    await writeFile(join(uploads, `${sha256Of(content)}.json`), JSON.stringify({ id: 'gone', partBytes: 16 << 20, etags: ['"x"'] }));
    await remote.write(sha256Of(content), content.length, file);
    expect(await remote.size(sha256Of(content))).toBe(content.length);
  });

  it('that cannot be reached say so, and are stored when the store is back', async () => {
    const silent = createServer((socket) => socket.destroy());
    await new Promise<void>((resolve) => silent.listen(0, '127.0.0.1', resolve));
    const { port } = silent.address() as AddressInfo;
    const place = join(base, 'outage');
    const away = await machine(undefined, { ...settings, endpoint: `http://127.0.0.1:${port}` }, place);
    const content = Buffer.from('written in an outage');
    await expect(away.put(content)).rejects.toMatchObject({ code: 'artifact/unavailable' });
    await expect(away.size('0'.repeat(64))).rejects.toThrow(/the bucket ensemble at .* did not do its work/);
    await new Promise((resolve) => silent.close(resolve));
    const { sha256 } = await (await machine(undefined, settings, place)).put(content);
    expect(await (await machine()).readAll(sha256, 100)).toEqual(new Uint8Array(content));
  });
});
