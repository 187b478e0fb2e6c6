import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gunzipSync, gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { ApiError } from '../../platform/api-error.ts';
import type { App } from '../../platform/http/app.ts';
import { silentLogger } from '../../platform/logger.ts';
import { openApp } from './open-app.ts';
import { addSecurityHeaders, serveWebApp } from './web-app.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-web-'));
let app: App;

beforeAll(async () => {
  mkdirSync(path.join(directory, 'dist/assets'), { recursive: true });
  writeFileSync(path.join(directory, 'dist/index.html'), '<!doctype html><title>Ensemble</title>');
  writeFileSync(path.join(directory, 'dist/assets/main.js'), 'export {};');
  writeFileSync(path.join(directory, 'dist/assets/main.js.gz'), gzipSync('export {};'));
  writeFileSync(path.join(directory, 'secret.txt'), 'secret');
  app = await openApp({
    rules: { host: '127.0.0.1', publicUrl: undefined },
    actorOf: async () => ({ kind: 'anonymous' }),
    logger: silentLogger(),
  });
  await addSecurityHeaders(app, { overTls: false });
  const open = { config: { action: 'instance.read' as const } };
  app.get('/api/broken', open, () => {
    throw new Error('password is hunter2');
  });
  app.get('/api/known', open, () => {
    throw new ApiError('conflict', 'Somebody was faster.');
  });
  app.get('/api/down', open, () => {
    throw Object.assign(new Error('connect ECONNREFUSED'), { code: 'ECONNREFUSED' });
  });
  app.get('/api/limited', { config: { action: 'instance.read', rateLimit: { max: 2, timeWindow: '1 minute' } } }, () => 'ok');
  await serveWebApp(app, path.join(directory, 'dist'));
  await app.ready();
});
afterAll(async () => {
  await app.close();
  rmSync(directory, { recursive: true, force: true });
});

test('addresses of the app get its one page, files get themselves', async () => {
  for (const url of ['/', '/join/abc', '/projects/1/pipelines/2?x=1']) {
    const answer = await app.inject(url);
    expect([url, answer.statusCode, answer.body]).toEqual([url, 200, '<!doctype html><title>Ensemble</title>']);
    expect(answer.headers['cache-control']).toBe('no-cache');
  }
  const file = await app.inject('/assets/main.js');
  expect(file).toMatchObject({ statusCode: 200, body: 'export {};' });
  const packed = await app.inject({ url: '/assets/main.js', headers: { 'accept-encoding': 'gzip' } });
  expect(packed.headers).toMatchObject({ 'content-encoding': 'gzip', 'content-type': expect.stringContaining('javascript') });
  expect(gunzipSync(packed.rawPayload).toString()).toBe('export {};');
});

test('what is no page and no file is not found, and nothing outside the folder is served', async () => {
  for (const url of [
    '/assets/gone.js',
    '/api/gone',
    '/collab',
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/assets/..%2f..%2fsecret.txt',
  ]) {
    const answer = await app.inject(url);
    expect([url, answer.statusCode]).toEqual([url, 404]);
    expect(answer.body).not.toContain('secret\n');
  }
  expect((await app.inject({ method: 'POST', url: '/', headers: { origin: 'http://localhost:80' } })).statusCode).toBe(404);
});

test('no script but our own runs on a page, and no other page may frame it', async () => {
  for (const url of ['/', '/api/known']) {
    const policy = String((await app.inject(url)).headers['content-security-policy']);
    expect(policy).toContain(`script-src 'self' 'wasm-unsafe-eval';`);
    expect(policy).toContain(`frame-ancestors 'none'`);
    expect(policy).not.toContain('upgrade-insecure-requests');
    expect(policy).not.toContain(`'unsafe-eval'`);
  }
});

test('an unexpected error is answered without its details', async () => {
  const answer = await app.inject('/api/broken');
  expect(answer.statusCode).toBe(500);
  expect(answer.json()).toEqual({
    code: 'internal',
    message: 'Something went wrong on the server; its log says what.',
    mender: 'the administrator',
  });
});

test('a known error is answered in the words of the catalogue, a database that is down as unavailable', async () => {
  expect((await app.inject('/api/known')).json()).toEqual({ code: 'conflict', message: 'Somebody was faster.', mender: 'you' });
  expect((await app.inject('/api/down')).statusCode).toBe(503);
});

test('a door with a limit answers 429 with the body every error has', async () => {
  const statuses = [];
  for (let time = 0; time < 3; time += 1) statuses.push((await app.inject('/api/limited')).statusCode);
  expect(statuses).toEqual([200, 200, 429]);
  expect((await app.inject('/api/limited')).json()).toMatchObject({ code: 'too-many-requests' });
});
