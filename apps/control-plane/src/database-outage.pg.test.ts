/** PostgreSQL goes away and comes back: answers say so, nothing ends, and it heals by itself. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { freePort, temporaryDatabase, type TemporaryDatabase } from '@ensemble/testkit';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { openDatabase } from './platform/database/open-database.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { joinAsOwner } from './test-people.ts';

/** Stands between the control plane and the server, and can be cut. */
class Wire {
  readonly #target: URL;
  readonly #sockets = new Set<Socket>();
  readonly #server: Server;
  port = 0;

  constructor(target: URL) {
    this.#target = target;
    this.#server = createServer((socket) => {
      const onward = connect({ host: this.#target.hostname, port: Number(this.#target.port || 5432) });
      for (const one of [socket, onward]) this.#sockets.add(one.on('error', () => {}));
      socket.pipe(onward).on('close', () => socket.destroy());
      onward.pipe(socket);
    });
  }

  async join(): Promise<void> {
    this.port ||= await freePort();
    await new Promise<void>((resolve) => this.#server.listen(this.port, '127.0.0.1', resolve));
  }

  async cut(): Promise<void> {
    const closed = new Promise((resolve) => this.#server.close(resolve));
    for (const socket of this.#sockets) socket.destroy();
    this.#sockets.clear();
    await closed;
  }
}

let temporary: TemporaryDatabase;
let wire: Wire;
let plane: TestControlPlane;

beforeAll(async () => {
  temporary = await temporaryDatabase('outage');
  const url = new URL(temporary.url);
  wire = new Wire(new URL(temporary.url));
  await wire.join();
  url.hostname = '127.0.0.1';
  url.port = String(wire.port);
  plane = await openTestControlPlane(await openDatabase({ url: url.href, directory: '' }));
});
afterAll(async () => {
  await plane.close();
  await wire.cut();
  await temporary.drop();
});

test('while the database is away requests answer 503, and afterwards they work again without a restart', async () => {
  const owner = await joinAsOwner(plane);
  expect((await plane.call('GET', '/api/health')).status).toBe(200);
  await wire.cut();
  for (const [method, url, body] of [
    ['GET', '/api/projects', undefined],
    ['POST', '/api/projects', { name: 'Lost?' }],
    ['GET', `/api/projects/${owner.projectId}/pipelines`, undefined],
  ] as const) {
    expect([url, await plane.call(method, url, body, owner)]).toMatchObject([url, { status: 503, body: { code: 'unavailable' } }]);
  }
  expect(await plane.call('GET', '/api/health')).toMatchObject({ status: 503, body: { ready: false, database: false } });
  await wire.join();
  await vi.waitFor(async () => expect((await plane.call('GET', '/api/projects', undefined, owner)).status).toBe(200), { timeout: 40_000 });
  expect((await plane.call('POST', '/api/projects', { name: 'After' }, owner)).status).toBe(201);
  expect((await plane.call('GET', '/api/health')).status).toBe(200);
});
