/** One data directory, one server: starting, stopping, being killed, starting again. */
import { afterEach, expect, test } from 'vitest';
import { createProject, call } from '../lib/api.ts';
import { eventually, newDataDirectory, nothingLeft, processesOf, type Product, removeDirectory, startProduct } from '../lib/product.ts';

const directories: string[] = [];
const running: Product[] = [];
const directory = (): string => {
  const made = newDataDirectory();
  directories.push(made);
  return made;
};
const start = async (options: Parameters<typeof startProduct>[0]): Promise<Product> => {
  const product = await startProduct(options);
  running.push(product);
  return product;
};

afterEach(async () => {
  for (const product of running.splice(0))
    if (product.process.exitCode === null && product.process.signalCode === null) await product.stop();
  for (const made of directories.splice(0)) removeDirectory(made);
});

test('SIGTERM drains and leaves no process, and what was written is there at the next start', async () => {
  const data = directory();
  const first = await start({ directory: data });
  await createProject(first, 'Kept');
  expect(await first.stop()).toBe(0);
  await nothingLeft(data);
  const second = await start({ directory: data });
  const { body } = await call(second, 'GET', '/api/projects');
  expect(JSON.stringify(body)).toContain('Kept');
});

test('a second server on the same data directory is refused with a sentence that names the first', async () => {
  const data = directory();
  const first = await start({ directory: data });
  const refusal = await startProduct({ directory: data }).then(
    () => 'started',
    (error: Error) => error.message,
  );
  expect(refusal).toContain(String(first.process.pid));
  expect(refusal).toMatch(/already/i);
  expect((await fetch(new URL('/api/health', first.url))).ok).toBe(true);
});

test('after kill -9 the next start works at once and nothing is doubled', async () => {
  const data = directory();
  const first = await start({ directory: data });
  await createProject(first, 'Survives');
  await first.kill();
  const second = await start({ directory: data });
  expect(JSON.stringify((await call(second, 'GET', '/api/projects')).body)).toContain('Survives');
  // What was killed takes its time to go, and what is new to come.
  for (const program of ['nats-server', 'runner/daemon/src/main.ts'])
    await eventually(
      () => processesOf(data).filter(({ command }) => command.includes(program) && !command.startsWith('setpriv')),
      (found) => found.length === 1,
    );
});

test('doors are closed to strangers: no session, a wrong token, a foreign origin', async () => {
  const product = await start({ directory: directory() });
  const status = async (init: RequestInit): Promise<number> => (await fetch(new URL('/api/projects', product.url), init)).status;
  expect(await status({})).toBe(401);
  expect(await status({ headers: { authorization: 'Bearer null' } })).toBe(401);
  expect(await status({ headers: { authorization: `Bearer ${product.token.slice(0, -1)}` } })).toBe(401);
  const foreign = { origin: 'http://evil.example', 'content-type': 'application/json' };
  expect(await status({ method: 'POST', headers: foreign, body: '{"name":"x"}' })).toBeGreaterThanOrEqual(401);
  const upgrade = {
    origin: 'http://evil.example',
    connection: 'Upgrade',
    upgrade: 'websocket',
    'sec-websocket-version': '13',
    'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==',
  };
  expect((await fetch(new URL('/collab', product.url), { headers: upgrade }).catch(() => ({ status: 403 }))).status).not.toBe(101);
});
