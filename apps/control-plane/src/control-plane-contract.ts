/** What the HTTP API promises, on any database. */
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { ProjectCardEntry, ProjectPipelineEntry } from '@ensemble/protocol';
import type { Database } from './platform/database/database.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { invitationToken, join, joinAs, joinAsOwner, operatorHeaders, ownerToken, type TestPerson } from './test-people.ts';

const cardSource = (cardType: string, title = 'A card'): string => `from cards.base import BaseCard


class Card(BaseCard):
    card_type = "${cardType}"
    display_name = "${title}"
    description = "For a test."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {}
    input_schema = {}
    output_schema = {"value": "json"}

    def execute(self, config, inputs, storage):
        return {}

    def get_output_preview(self, outputs, storage):
        return {}
`;
const folder = (cardType = 'std/split') => ({
  nodes: [
    { id: 'a', type: 'cardNode', position: { x: 1, y: 2 }, data: { cardSchema: { card_type: cardType }, config: { test_size: 0.5 } } },
  ],
  edges: [],
});

export function controlPlaneContract(open: () => Promise<Database>): void {
  let plane: TestControlPlane;
  let owner: TestPerson;
  beforeAll(async () => {
    plane = await openTestControlPlane(await open());
    owner = await joinAsOwner(plane);
  });
  afterAll(() => plane.close());

  const indexOf = async <T>(projectId: string, map: string): Promise<Record<string, T>> =>
    await plane.collaboration.read(`project:${projectId}`, (doc) => doc.getMap(map).toJSON() as Record<string, T>);

  describe('joining', () => {
    test('the first owner link makes the owner, a session and a project with a pipeline', async () => {
      expect((await plane.call('GET', '/api/session', undefined, owner)).body).toMatchObject({
        user: { id: owner.userId, name: 'Olga', isOwner: true },
      });
      expect((await plane.call('GET', '/api/projects', undefined, owner)).body).toMatchObject([
        { id: owner.projectId, role: 'owner', name: 'My first project' },
      ]);
      expect((await plane.call('GET', `/api/projects/${owner.projectId}/pipelines`, undefined, owner)).body).toHaveLength(1);
    });

    test('ACC-3 a later owner link signs in as the same person and needs no name', async () => {
      const token = await ownerToken(plane);
      expect((await plane.call('GET', `/api/join/${token}`)).body).toEqual({ kind: 'owner', needsName: false });
      expect((await join(plane, token)).userId).toBe(owner.userId);
    });

    test('ACC-1 a link works once, however many open it at once', async () => {
      const token = await invitationToken(plane, owner, 'viewer');
      const answers = await Promise.all(
        Array.from({ length: 6 }, (_, index) => plane.call('POST', `/api/join/${token}`, { name: `Racer ${index}` })),
      );
      expect(answers.map((answer) => answer.status).toSorted((a, b) => a - b)).toEqual([200, 410, 410, 410, 410, 410]);
      const { body } = await plane.call('GET', `/api/projects/${owner.projectId}/members`, undefined, owner);
      expect(JSON.stringify(body).match(/Racer/g)).toHaveLength(1);
      expect(await plane.call('GET', `/api/join/${token}`)).toMatchObject({ status: 410, body: { code: 'link-used' } });
    });

    test('ACC-1 a link expires', async () => {
      const token = await invitationToken(plane, owner, 'viewer');
      plane.setNow(new Date(Date.now() + 7 * 24 * 3_600_000 + 1_000));
      const late = await plane.call('POST', `/api/join/${token}`, { name: 'Late' });
      plane.setNow(undefined);
      expect(late).toMatchObject({ status: 410, body: { message: 'This link has expired: ask for a new one.' } });
    });

    test('a link without a name is refused and stays usable', async () => {
      const token = await invitationToken(plane, owner, 'editor');
      expect(await plane.call('POST', `/api/join/${token}`, {})).toMatchObject({ status: 400, body: { problems: [{ field: 'name' }] } });
      expect((await join(plane, token, 'Nora')).projectId).toBe(owner.projectId);
    });

    test('PRJ-2 and PRJ-3 a member who opens an invitation keeps the higher role and does not use it up', async () => {
      const token = await invitationToken(plane, owner, 'viewer');
      expect(await plane.call('POST', `/api/join/${token}`, {}, owner)).toMatchObject({ status: 200, body: { userId: owner.userId } });
      expect((await plane.call('GET', `/api/projects/${owner.projectId}`, undefined, owner)).body).toMatchObject({ role: 'owner' });
      const viewer = await join(plane, token, 'Vera');
      const better = await invitationToken(plane, owner, 'editor');
      expect(await plane.call('POST', `/api/join/${better}`, {}, viewer)).toMatchObject({ status: 200, body: { userId: viewer.userId } });
      expect((await plane.call('GET', `/api/projects/${owner.projectId}`, undefined, viewer)).body).toMatchObject({ role: 'editor' });
    });

    test('an unknown link is not found, whatever it looks like', async () => {
      for (const token of ['null', 'x', encodeURIComponent('../..'), 'a'.repeat(200)]) {
        expect((await plane.call('GET', `/api/join/${token}`)).status).toBe(404);
      }
    });

    test('ACC-5 after signing out the session is gone at once', async () => {
      const person = await joinAs(plane, owner, 'viewer', 'Sina');
      const answer = await plane.call('POST', '/api/sign-out', {}, person);
      expect(answer.status).toBe(204);
      expect((await plane.call('GET', '/api/session', undefined, person)).body).toMatchObject({ user: null });
      expect((await plane.call('GET', '/api/projects', undefined, person)).status).toBe(401);
    });

    test('a session cookie is kept from scripts and from other sites', async () => {
      const answer = await plane.call('POST', `/api/join/${await ownerToken(plane)}`, {});
      const cookies = [answer.headers['set-cookie']].flat().join('\n');
      expect(cookies).toMatch(/^ensemble-[0-9a-f]{12}\.session_token=.*; HttpOnly; SameSite=Lax/m);
    });
  });

  describe('doors', () => {
    test('ACC-4 a wrong token is refused even beside a good cookie', async () => {
      for (const token of ['null', 'x', operatorHeaders(plane).authorization?.slice(7, -1)]) {
        const answer = await plane.call('GET', '/api/projects', undefined, { ...owner, headers: { authorization: `Bearer ${token}` } });
        expect(answer).toMatchObject({ status: 401, body: { code: 'not-signed-in' } });
      }
    });

    test('a page of another origin cannot act with a cookie, nor can a request without an origin', async () => {
      for (const headers of [{ origin: 'http://evil.example' }, { origin: 'null' }, { origin: 'http://localhost:4381' }, { origin: '' }]) {
        const answer = await plane.call('POST', '/api/projects', { name: 'X' }, { ...owner, headers });
        expect(answer).toMatchObject({ status: 403, body: { code: 'foreign-origin' } });
      }
    });

    test('a name that was pointed at this machine is refused, for reading too', async () => {
      expect((await plane.call('GET', '/api/session', undefined, { headers: { host: 'evil.example:4380' } })).status).toBe(403);
    });

    test('a body that does not fit names its field', async () => {
      expect(await plane.call('POST', '/api/projects', { name: '' }, owner)).toMatchObject({
        status: 400,
        body: { code: 'bad-request', problems: [{ field: 'name' }] },
      });
      expect((await plane.call('POST', '/api/projects', undefined, owner)).status).toBe(400);
    });

    test('text that a database cannot keep is refused, wherever it is', async () => {
      for (const name of ['a\u0000b', 'a\uD800b', 'a\nb'])
        expect((await plane.call('POST', '/api/projects', { name }, owner)).status).toBe(400);
      for (const path of ['/api/projects/a%00b', '/api/pipelines/a%00b', '/api/runs/a%00b', '/api/runs/x/steps/y/log?offset=%00'])
        expect((await plane.call('GET', path, undefined, owner)).status).toBe(400);
      const pipeline = { nodes: [{ ...folder().nodes[0], id: 'a\u0000b' }], edges: [] };
      const imported = await plane.call('POST', `/api/projects/${owner.projectId}/import`, { name: 'X', pipeline, cards: [] }, owner);
      expect(imported).toMatchObject({ status: 422, body: { code: 'invalid-pipeline' } });
    });

    test('a body that is nested too deeply is refused', async () => {
      const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
      const answer = await plane.app.inject({
        method: 'POST',
        url: `/api/projects/${owner.projectId}/import`,
        headers: {
          host: 'localhost:4380',
          origin: 'http://localhost:4380',
          'content-type': 'application/json',
          cookie: owner.cookie ?? '',
        },
        payload: `{"name":"Deep","cards":[],"pipeline":{"nodes":${deep},"edges":[]}}`,
      });
      expect([answer.statusCode, answer.json()]).toEqual([
        400,
        { code: 'bad-request', message: 'The request is nested too deeply.', mender: 'you' },
      ]);
    });

    test('an address that is nothing answers with the body every error has', async () => {
      expect(await plane.call('GET', '/api/nothing', undefined, owner)).toMatchObject({ status: 404, body: { code: 'not-found' } });
    });
  });

  describe('importing a folder', () => {
    test('pipeline, cards and index are there when it answers', async () => {
      const body = { name: 'Imported', pipeline: folder('mine'), cards: [{ path: 'cards/data/mine.py', source: cardSource('mine') }] };
      const answer = await plane.call('POST', `/api/projects/${owner.projectId}/import`, body, owner);
      expect(answer.status).toBe(201);
      const { pipelineId } = answer.body as { pipelineId: string };
      const nodes = await plane.collaboration.read(
        `pipeline:${pipelineId}`,
        (doc) => doc.getMap('nodes').toJSON() as Record<string, { card: string }>,
      );
      expect(nodes.a?.card).toBe('mine');
      const cards = Object.values(await indexOf<ProjectCardEntry>(owner.projectId, 'cards'));
      expect(cards.find((card) => card.path === 'cards/data/mine.py')).toMatchObject({
        builtIn: false,
        manifest: { cardType: 'mine' },
        diagnostics: [],
      });
      expect(cards.filter((card) => card.builtIn).map((card) => card.manifest?.cardType)).toContain('std/split');
      expect((await indexOf<ProjectPipelineEntry>(owner.projectId, 'pipelines'))[pipelineId]).toEqual({ pipelineId, name: 'Imported' });
      const again = await plane.call('POST', `/api/projects/${owner.projectId}/import`, body, owner);
      expect(again.status).toBe(201);
    });

    test('PIP-2 and CARD-4 a folder with one bad path leaves nothing behind', async () => {
      const before = (await plane.call('GET', `/api/projects/${owner.projectId}/pipelines`, undefined, owner)).body;
      for (const path of [
        '../x.py',
        'cards/../../x.py',
        'cards/x.txt',
        'cards/a\u0000.py',
        '/cards/x.py',
        'cards//x.py',
        'cards/.x.py',
        'cards/std/x.py',
        'x.py',
        `cards/${'a'.repeat(396)}.py`,
        `cards/${'a'.repeat(300)}.py`,
        'cards/\u202Ex.py',
      ]) {
        const cards = [
          { path: 'cards/fine.py', source: cardSource('fine') },
          { path, source: cardSource('bad') },
        ];
        const answer = await plane.call(
          'POST',
          `/api/projects/${owner.projectId}/import`,
          { name: 'Bad', pipeline: folder(), cards },
          owner,
        );
        expect([path, answer.status]).toEqual([path, 400]);
      }
      expect((await plane.call('GET', `/api/projects/${owner.projectId}/pipelines`, undefined, owner)).body).toEqual(before);
      expect(await plane.database.prisma.card.count({ where: { path: 'cards/fine.py' } })).toBe(0);
    });

    test('a card file with errors is kept, and the answer says where they are', async () => {
      const cards = [{ path: 'cards/broken.py', source: 'class Card(:\n    pass\n' }];
      const made = await plane.call('POST', '/api/projects', { name: 'Drafts' }, owner);
      const { id } = made.body as { id: string };
      const answer = await plane.call('POST', `/api/projects/${id}/import`, { name: 'Draft', pipeline: folder('x'), cards }, owner);
      expect(answer.status).toBe(201);
      const { notes, pipelineId } = answer.body as { notes: string[]; pipelineId: string };
      expect(notes).toEqual([expect.stringMatching(/^cards\/broken\.py has errors and was kept: line 1: /)]);
      expect((await plane.call('POST', `/api/pipelines/${pipelineId}/runs`, {}, owner)).body).toMatchObject({
        problems: [{ code: 'card/unknown', message: expect.stringContaining('"cards/broken.py" has errors') as string }],
      });
    });

    test('CARD-5 a card file with another source is not overwritten', async () => {
      const cards = [{ path: 'cards/data/mine.py', source: cardSource('other') }];
      const answer = await plane.call(
        'POST',
        `/api/projects/${owner.projectId}/import`,
        { name: 'Again', pipeline: folder(), cards },
        owner,
      );
      expect(answer).toMatchObject({ status: 400, body: { code: 'bad-request' } });
    });

    test('what is no pipeline file is refused', async () => {
      const answer = await plane.call(
        'POST',
        `/api/projects/${owner.projectId}/import`,
        { name: 'X', pipeline: { hello: 1 }, cards: [] },
        owner,
      );
      expect(answer).toMatchObject({ status: 422, body: { code: 'invalid-pipeline' } });
    });
  });

  describe('cards', () => {
    test('CARD-2 while a source is broken its last valid manifest stays in use, and everybody sees why', async () => {
      const project = (await plane.call('POST', '/api/projects', { name: 'Cards' }, owner)).body as { id: string };
      await plane.call(
        'POST',
        `/api/projects/${project.id}/import`,
        { name: 'P', pipeline: folder('kept'), cards: [{ path: 'cards/kept.py', source: cardSource('kept') }] },
        owner,
      );
      const entry = async () =>
        Object.values(await indexOf<ProjectCardEntry>(project.id, 'cards')).find((card) => card.path === 'cards/kept.py');
      const { cardId } = (await entry())!;
      const write = (source: string) =>
        plane.collaboration.edit(`card:${cardId}`, owner.userId, (doc) => {
          const text = doc.getText('source');
          text.delete(0, text.length);
          text.insert(0, source);
        });
      await write('class Card(:');
      await vi.waitFor(async () =>
        expect(await entry()).toMatchObject({ manifest: { cardType: 'kept' }, diagnostics: [{ severity: 'error', line: 1 }, {}] }),
      );
      expect((await plane.cards.cardsOfProject(project.id)).get('kept')).toMatchObject({
        source: 'class Card(:',
        manifest: { cardType: 'kept' },
      });
      await write(cardSource('kept', 'Mended'));
      await vi.waitFor(async () => expect(await entry()).toMatchObject({ manifest: { displayName: 'Mended' }, diagnostics: [] }));
    });

    test('CARD-3 of two files with one card type the older one has it', async () => {
      const project = (await plane.call('POST', '/api/projects', { name: 'Twice' }, owner)).body as { id: string };
      const cards = ['a', 'b'].map((name) => ({ path: `cards/${name}.py`, source: cardSource('same') }));
      await plane.call('POST', `/api/projects/${project.id}/import`, { name: 'P', pipeline: folder('same'), cards }, owner);
      const entries = Object.values(await indexOf<ProjectCardEntry>(project.id, 'cards')).filter((card) => !card.builtIn);
      expect(Object.fromEntries(entries.map(({ path, diagnostics }) => [path, diagnostics.length > 0]))).toEqual({
        'cards/a.py': false,
        'cards/b.py': true,
      });
      expect((await plane.cards.cardsOfProject(project.id)).get('same')?.path).toBe('cards/a.py');
    });

    test('the source of a built-in card can be read', async () => {
      expect(await plane.call('GET', '/api/cards/builtin-split/source', undefined, owner)).toMatchObject({
        status: 200,
        body: { path: 'cards/std/split.py' },
      });
      expect((await plane.call('GET', '/api/cards/builtin-nothing/source', undefined, owner)).status).toBe(404);
    });
  });

  describe('files', () => {
    const upload = (name: string, payload: string | Buffer) =>
      plane.app.inject({
        method: 'POST',
        url: `/api/projects/${owner.projectId}/files?name=${encodeURIComponent(name)}`,
        headers: { host: 'localhost:4380', 'content-type': 'application/octet-stream', ...operatorHeaders(plane) },
        payload,
      });

    test('bytes go to the store as they are, and the same again is the same file', async () => {
      const bytes = Buffer.from([0, 255, 10, 13, 0]);
      for (let time = 0; time < 2; time += 1) {
        const answer = await upload('table (1).csv', bytes);
        expect(answer.statusCode).toBe(201);
        expect(answer.json()).toMatchObject({ name: 'table (1).csv', bytes: 5, sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string });
      }
      expect(await plane.database.prisma.projectFile.count({ where: { projectId: owner.projectId } })).toBe(1);
    });

    test('ART-11 a name that is no plain file name is refused', async () => {
      for (const name of ['', '.', '..', 'a/b', '../x', 'a\\b', 'a\u0000b', '\u202Ex', 'x'.repeat(201)]) {
        expect([name, (await upload(name, 'x')).statusCode]).toEqual([name, 400]);
      }
    });
  });

  test('PRJ-4 what the operator makes belongs to the owners', async () => {
    const { body } = await plane.call('POST', '/api/projects', { name: 'From the command line' }, { headers: operatorHeaders(plane) });
    const { id } = body as { id: string };
    expect((await plane.call('GET', `/api/projects/${id}`, undefined, owner)).body).toMatchObject({ role: 'owner' });
  });

  test('a pipeline can be renamed, and the index shows it', async () => {
    const created = (await plane.call('POST', `/api/projects/${owner.projectId}/pipelines`, { name: 'Before' }, owner)).body as {
      id: string;
    };
    expect((await plane.call('PATCH', `/api/pipelines/${created.id}`, { name: 'After' }, owner)).body).toMatchObject({ name: 'After' });
    expect((await indexOf<ProjectPipelineEntry>(owner.projectId, 'pipelines'))[created.id]?.name).toBe('After');
  });
}
