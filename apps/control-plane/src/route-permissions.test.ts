/** Role × operation, taken from the routes themselves: a route that is added is tested without a word here. */
import {
  canInProject,
  canOnInstance,
  instanceActions,
  projectActions,
  type Actor,
  type InstanceAction,
  type ProjectAction,
  type Role,
} from '@ensemble/permissions';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from './platform/database/open-database.ts';
import { silentLogger } from './platform/logger.ts';
import { openApp, SOCKETS } from './services/http/open-app.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { joinAs, joinAsOwner, operatorHeaders, type TestPerson } from './test-people.ts';

let plane: TestControlPlane;
let people: Record<Role, TestPerson>;
let stranger: TestPerson;
const params: Record<string, string> = { token: 'unknown', nodeId: 'node', key: 'key', cardId: 'builtin-split', sha256: 'a'.repeat(64) };

/** Bodies that get past the parser: what is tested is who may, so they need not make sense. */
const BODIES: Record<string, unknown> = {
  'POST /api/projects': { name: 'N' },
  'POST /api/projects/:projectId/invitations': { role: 'viewer' },
  'POST /api/projects/:projectId/pipelines': { name: 'N' },
  'POST /api/projects/:projectId/import': { name: 'N', pipeline: {}, cards: [] },
  'POST /api/projects/:projectId/files': 'bytes',
  'PATCH /api/pipelines/:pipelineId': { name: 'N' },
  'POST /api/projects/:projectId/cards': { path: 'x', template: 'model' },
  'PATCH /api/projects/:projectId/cards/:cardId': { path: 'x' },
  'POST /api/projects/:projectId/cards/move-folder': { from: 'cards/a', to: 'cards/b' },
  'POST /api/projects/:projectId/cards/trash': { cardIds: ['x'] },
  'POST /api/projects/:projectId/cards/restore': { cardIds: ['x'] },
  'POST /api/projects/:projectId/cards/:cardId/move-nodes': { from: 'x' },
  'POST /api/projects/:projectId/folder/changes': { changes: [{ path: 'cards/x.py', before: null, after: 'x' }] },
  'PATCH /api/projects/:projectId/files/:fileId': { name: 'N' },
  'POST /api/runners/:runnerId/drain': { minutes: 1 },
  'POST /api/runner-tokens': { name: 'N', pools: ['cpu'], hours: 1 },
  'POST /api/runner-registrations': { token: 'x', name: 'N', publicKey: `U${'A'.repeat(55)}` },
  'POST /api/projects/:projectId/uploads': { name: 'f.csv', bytes: 3 },
};

/** What the last part of an address needs after it. */
const QUERIES: Record<string, string> = { files: '?name=f', ':uploadId': '?offset=0', search: '?text=x', news: '?state=x' };

beforeAll(async () => {
  plane = await openTestControlPlane(await openDatabase({ directory: 'memory://' }));
  const owner = await joinAsOwner(plane);
  people = { owner, editor: await joinAs(plane, owner, 'editor', 'Edda'), viewer: await joinAs(plane, owner, 'viewer', 'Vic') };
  const other = (await plane.call('POST', '/api/projects', { name: 'Elsewhere' }, owner)).body as { id: string };
  stranger = await joinAs(plane, { ...owner, projectId: other.id }, 'editor', 'Stan');
  const [pipeline] = await plane.pipelines.list(owner.projectId);
  const pipelineId = pipeline!.id;
  await plane.database.prisma.pipelineVersion.create({
    data: {
      id: 'v',
      pipelineId,
      content: { format: 1, pipelineId, graph: { v: 1, title: 'T', nodes: [], edges: [], cards: {} }, manifests: {}, files: [] },
    },
  });
  await plane.database.prisma.run.create({
    data: {
      id: 'run',
      number: 1,
      projectId: owner.projectId,
      pipelineId,
      versionId: 'v',
      // Who may cancel what they started themselves is asked here; that others may not, in the tests of runs.
      starterId: people.editor.userId,
      starterName: 'Edda',
      state: 'succeeded',
    },
  });
  Object.assign(params, { projectId: owner.projectId, pipelineId });
});
afterAll(() => plane.close());

interface Operation {
  method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE';
  url: string;
  action: InstanceAction | ProjectAction;
}

const operations = (): Operation[] =>
  plane
    .routes()
    .flatMap(({ method, url, action }) => (method === 'HEAD' || SOCKETS.includes(url) ? [] : [{ method, url, action } as Operation]));

const ask = async ({ method, url }: Operation, caller: { cookie?: string; headers?: Record<string, string> }) => {
  const id = url.startsWith('/api/pipelines/') ? params.pipelineId : 'run';
  const address = url.replace(/:(\w+)/g, (_, name: string) => (name === 'id' ? id : params[name]) ?? 'x');
  const body = BODIES[`${method} ${url}`] ?? (method === 'GET' ? undefined : {});
  return (await plane.call(method, `${address}${QUERIES[url.split('/').at(-1)!] ?? ''}`, body, caller)).status;
};

const isProjectAction = (action: string): action is ProjectAction => (projectActions as string[]).includes(action);

test('every route names an action of the permission table, and one that does not is no route', async () => {
  expect(operations().length).toBeGreaterThan(20);
  for (const { action } of operations()) expect([...projectActions, ...instanceActions]).toContain(action);
  const app = await openApp({
    rules: { host: '127.0.0.1', publicUrl: undefined },
    actorOf: async () => ({ kind: 'anonymous' }),
    logger: silentLogger(),
  });
  expect(() => app.get('/api/forgotten', () => 'open')).toThrow('declares no action');
  await app.close();
});

test('in a project each role gets what the table gives it: 403 for too little, 404 for strangers, 401 without a name', async () => {
  const wrong: string[] = [];
  let decided = 0;
  for (const operation of operations().filter(({ action }) => isProjectAction(action))) {
    const expectations: [string, { cookie?: string }, number | undefined][] = [
      ['anonymous', {}, 401],
      ['stranger', stranger, 404],
      ...(Object.keys(people) as Role[]).map((role): [string, TestPerson, number | undefined] => {
        const { userId, cookie } = people[role];
        const actor: Actor = { kind: 'user', userId, name: role, isOwner: false };
        return [role, { userId, cookie, projectId: '' }, canInProject(actor, operation.action as ProjectAction, role) ? undefined : 403];
      }),
    ];
    for (const [who, caller, expected] of expectations) {
      const status = await ask(operation, caller);
      const allowed = status !== 401 && status !== 403 && status < 500;
      decided += 1;
      if (expected === undefined ? !allowed : status !== expected)
        wrong.push(`${operation.method} ${operation.url} as ${who}: ${status}, not ${expected ?? 'allowed'}`);
    }
  }
  expect(wrong).toEqual([]);
  expect(decided).toBeGreaterThan(60);
});

test('on the installation each kind of actor gets what the table gives it', async () => {
  const wrong: string[] = [];
  for (const operation of operations().filter(({ action }) => !isProjectAction(action))) {
    // Signing out ends the session that the other questions need.
    if (operation.url === '/api/sign-out') continue;
    const actors: [Actor, { cookie?: string; headers?: Record<string, string> }][] = [
      [{ kind: 'anonymous' }, {}],
      [{ kind: 'user', userId: 'u', name: 'U', isOwner: true }, { cookie: people.owner.cookie }],
      [{ kind: 'operator' }, { headers: operatorHeaders(plane) }],
    ];
    for (const [actor, caller] of actors) {
      const status = await ask(operation, caller);
      const expected = canOnInstance(actor, operation.action as InstanceAction) ? undefined : actor.kind === 'anonymous' ? 401 : 403;
      const allowed = status !== 401 && status !== 403 && status < 500;
      if (expected === undefined ? !allowed : status !== expected)
        wrong.push(`${operation.method} ${operation.url} as ${actor.kind}: ${status}, not ${expected ?? 'allowed'}`);
    }
  }
  expect(wrong).toEqual([]);
});
