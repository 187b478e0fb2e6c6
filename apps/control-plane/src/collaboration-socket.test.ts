/** The shared documents over a real socket, with real sessions. */
import { request } from 'node:http';
import { openProvider, eventually, type ProviderClient } from '@ensemble/testkit';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './platform/database/open-database.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { invitationToken, joinAs, joinAsOwner, type TestPerson } from './test-people.ts';

let plane: TestControlPlane;
let url: string;
let origin: string;
let owner: TestPerson;
let pipelineId: string;
const clients: ProviderClient[] = [];

beforeAll(async () => {
  plane = await openTestControlPlane(await openDatabase({ directory: 'memory://' }));
  origin = await plane.app.listen({ host: '127.0.0.1', port: 0 });
  url = `${origin.replace('http', 'ws')}/collab`;
  owner = await joinAsOwner(plane);
  pipelineId = (await plane.pipelines.list(owner.projectId))[0]!.id;
});
afterEach(() => {
  for (const client of clients.splice(0)) client.destroy();
});
afterAll(() => plane.close());

async function open(person: TestPerson, documentName: string): Promise<ProviderClient> {
  const client = await openProvider({ url, documentName, headers: { cookie: person.cookie, origin } });
  clients.push(client);
  return client;
}

/** The status a handshake is answered with. */
const handshake = (headers: Record<string, string>): Promise<number> =>
  new Promise((resolve, reject) => {
    const key = {
      connection: 'Upgrade',
      upgrade: 'websocket',
      'sec-websocket-version': '13',
      'sec-websocket-key': 'x3JJHMbDL1EzLkh9GBhXDw==',
    };
    const asked = request(url.replace('ws:', 'http:'), { headers: { ...key, ...headers } }, (response) => {
      resolve(response.statusCode ?? 0);
      response.destroy();
    });
    asked.on('upgrade', (response, socket) => {
      resolve(response.statusCode ?? 0);
      socket.destroy();
    });
    asked.on('error', reject);
    asked.end();
  });

test('two people see each other’s edits, and a viewer’s page knows that it may only look', async () => {
  const viewer = await joinAs(plane, owner, 'viewer', 'Vera');
  const [mine, theirs] = [await open(owner, `pipeline:${pipelineId}`), await open(viewer, `pipeline:${pipelineId}`)];
  mine.doc.getMap('meta').set('title', 'Together');
  await eventually('the title arrives', () => theirs.doc.getMap('meta').get('title') === 'Together');
  expect(mine.provider.authorizedScope).toBe('read-write');
  expect(theirs.provider.authorizedScope).toBe('readonly');
});

test('the project’s index lists the built-in cards and the pipelines', async () => {
  const index = await open(owner, `project:${owner.projectId}`);
  expect(index.provider.authorizedScope).toBe('readonly');
  expect([...index.doc.getMap('cards').keys()]).toContain('builtin-split');
  expect([...index.doc.getMap('pipelines').keys()]).toContain(pipelineId);
});

test('documents of a foreign project and documents that are not there are refused alike', async () => {
  const other = (await plane.call('POST', '/api/projects', { name: 'Elsewhere' }, owner)).body as { id: string };
  const stranger = await joinAs(plane, { ...owner, projectId: other.id }, 'editor', 'Stan');
  for (const name of [`pipeline:${pipelineId}`, `project:${owner.projectId}`, 'pipeline:nothing', 'run:nothing', 'card:nothing']) {
    await expect(open(stranger, name)).rejects.toThrow('forbidden');
  }
});

test('a role that grows is asked again at once: the same page may write', async () => {
  const person = await joinAs(plane, owner, 'viewer', 'Petra');
  const client = await open(person, `pipeline:${pipelineId}`);
  expect(client.provider.authorizedScope).toBe('readonly');
  expect((await plane.call('POST', `/api/join/${await invitationToken(plane, owner, 'editor')}`, {}, person)).status).toBe(200);
  await eventually('the page may write', () => client.provider.authorizedScope === 'read-write');
});

test('the handshake asks for a session and for the page’s origin', async () => {
  expect(await handshake({ cookie: owner.cookie, origin })).toBe(101);
  expect(await handshake({ origin })).toBe(401);
  expect(await handshake({ cookie: owner.cookie, origin: 'http://evil.example' })).toBe(403);
  expect(await handshake({ cookie: owner.cookie })).toBe(403);
  expect(await handshake({ cookie: owner.cookie, origin: 'http://evil.example', host: 'evil.example' })).toBe(403);
  expect(await handshake({ authorization: 'Bearer null', origin })).toBe(401);
});

test('ACC-5 after signing out in one tab, the socket of another tab writes nothing more', async () => {
  const eve = await joinAs(plane, owner, 'editor', 'Eve');
  const [mine, hers] = [await open(owner, `pipeline:${pipelineId}`), await open(eve, `pipeline:${pipelineId}`)];
  hers.doc.getMap('meta').set('title', 'Signed in');
  await eventually('the title arrives', () => mine.doc.getMap('meta').get('title') === 'Signed in');
  // Those of the tests before take a moment to go.
  await eventually('only the two are connected', () => plane.collaboration.connections().sockets === 2);
  expect((await plane.call('POST', '/api/sign-out', {}, eve)).status).toBe(204);
  hers.doc.getMap('meta').set('title', 'Signed out');
  await eventually('the socket is closed', () => plane.collaboration.connections().sockets === 1);
  mine.doc.getMap('meta').set('description', 'after');
  await eventually('that is journalled', async () =>
    plane.collaboration.read(`pipeline:${pipelineId}`, (doc) => doc.getMap('meta').get('description') === 'after'),
  );
  expect(mine.doc.getMap('meta').get('title')).toBe('Signed in');
});

test('ACC-6 a socket does not outlive the session that opened it', async () => {
  const { provider } = await open(await joinAs(plane, owner, 'editor', 'Lena'), `pipeline:${pipelineId}`);
  const closed = new Promise<number>((resolve) => provider.on('close', ({ event }: { event: { code: number } }) => resolve(event.code)));
  const afterAllSessions = new Date(Date.now() + 91 * 24 * 3600 * 1000);
  plane.setNow(afterAllSessions);
  expect(await closed).toBe(4205);
  plane.setNow(undefined);
});
