/** Against a real HTTP server that keeps its bytes in memory and breaks off answers. */
import { createHash, randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { describeArtifactStore } from './artifact-store-contract.ts';
import { openCachedStore } from './cached-store.ts';
import { openHttpArtifacts } from './http-artifacts.ts';
import { createMemoryStore } from './memory-store.ts';

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
  const [, from = '0', to] = /=(\d+)-(\d*)/.exec(request.headers.range ?? '') ?? [];
  const start = Number(from);
  const end = to ? Number(to) + 1 : size;
  response.writeHead(start > 0 ? 206 : 200, { 'content-length': end - start });
  if (request.method === 'HEAD') return void response.end();
  const bytes = (await kept.readAll(sha256, Infinity)).subarray(start, end);
  if (breaks-- > 0) return void response.write(bytes.subarray(0, 100_000), () => response.destroy());
  response.end(bytes);
});
beforeAll(() => new Promise<void>((resolve) => void server.listen(0, '127.0.0.1', resolve)));
afterAll(() => void server.close());

const open = (directory: string, authorization = 'Bearer own') =>
  openCachedStore(
    directory,
    openHttpArtifacts({
      urlOf: (sha256) => `http://127.0.0.1:${(server.address() as AddressInfo).port}/${sha256}`,
      headers: { authorization },
      retryMs: 1,
    }),
  );
const folder = mkdtempSync(path.join(tmpdir(), 'ensemble-http-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describeArtifactStore('behind HTTP', (directory) => open(path.join(directory, 'local')));

test('what is put is there for others, and sent once', async () => {
  const bytes = randomBytes(300_000);
  const { sha256 } = await (await open(path.join(folder, 'one'))).put(bytes);
  expect(Buffer.from(await kept.readAll(sha256, 1e6)).equals(bytes)).toBe(true);
  asked.length = 0;
  await (await open(path.join(folder, 'two'))).put(bytes);
  expect(asked).toEqual(['HEAD']);
});

test('a transfer that breaks off goes on where it was', async () => {
  const bytes = randomBytes(1_000_000);
  const { sha256 } = await kept.put(bytes);
  breaks = 3;
  const read = await (await open(path.join(folder, 'three'))).readAll(sha256, 2e6);
  expect(createHash('sha256').update(read).digest('hex')).toBe(sha256);
  expect(breaks).toBeLessThanOrEqual(0);
});

test('a secret that is worth nothing is told at once', async () => {
  asked.length = 0;
  await expect((await open(path.join(folder, 'four'), 'Bearer gone')).readAll('0'.repeat(64), 1)).rejects.toThrow('status 401');
  expect(asked).toEqual(['HEAD']);
});
