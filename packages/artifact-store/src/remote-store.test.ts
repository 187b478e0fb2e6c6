/** Against a real HTTP server that keeps its bytes in memory and breaks off answers. */
import { createHash, randomBytes } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeArtifactStore } from './artifact-store-contract.ts';
import { openDirectoryStore } from './directory-store.ts';
import { createMemoryStore } from './memory-store.ts';
import { openRemoteStore } from './remote-store.ts';

const kept = createMemoryStore();
const asked: string[] = [];
/** Answers that break off after so many bytes. */
let breaks = 0;
const server = createServer(async (request, response) => {
  const sha256 = request.url!.slice(1);
  asked.push(request.method!);
  if (request.headers.authorization !== 'Bearer own') return void response.writeHead(401).end();
  if (request.method === 'PUT') {
    await kept.put(request);
    return void response.writeHead(204).end();
  }
  const size = await kept.size(sha256);
  if (size === undefined) return void response.writeHead(404).end();
  const start = Number(/=(\d+)-/.exec(request.headers.range ?? '')?.[1] ?? 0);
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': size - start });
  if (request.method === 'HEAD') return void response.end();
  const bytes = (await kept.readAll(sha256, Infinity)).subarray(start);
  if (breaks-- > 0) return void response.write(bytes.subarray(0, 100_000), () => response.destroy());
  response.end(bytes);
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

const open = async (local = createMemoryStore(), authorization = 'Bearer own') =>
  openRemoteStore({
    local,
    urlOf: (sha256) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${sha256}`,
    headers: { authorization },
    retryMs: 1,
  });

describeArtifactStore('remote', async (directory) => open(await openDirectoryStore(path.join(directory, 'local'))));

test('what is put is there for others, and sent once', async () => {
  const bytes = randomBytes(300_000);
  const { sha256 } = await (await open()).put(bytes);
  expect(Buffer.from(await kept.readAll(sha256, 1e6)).equals(bytes)).toBe(true);
  asked.length = 0;
  await (await open()).put(bytes);
  expect(asked).toEqual(['HEAD']);
});

test('a transfer that breaks off goes on where it was', async () => {
  const bytes = randomBytes(1_000_000);
  const { sha256 } = await kept.put(bytes);
  breaks = 3;
  const read = await (await open()).readAll(sha256, 2e6);
  expect(createHash('sha256').update(read).digest('hex')).toBe(sha256);
  expect(breaks).toBeLessThanOrEqual(0);
});

test('a secret that is worth nothing is told at once', async () => {
  asked.length = 0;
  await expect((await open(createMemoryStore(), 'Bearer gone')).readAll('0'.repeat(64), 1)).rejects.toThrow('answered 401');
  expect(asked).toEqual(['HEAD']);
});
