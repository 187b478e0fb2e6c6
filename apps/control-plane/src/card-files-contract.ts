/** What the HTTP API promises about card files, on any database. */
import { addNode } from '@ensemble/pipeline';
import {
  CardFilesResult,
  CardUses,
  CARD_TEMPLATES,
  MoveNodesResult,
  Project,
  type CreateCardBody,
  type ProjectCardEntry,
  type ProjectTrashEntry,
} from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { createCardRepository } from './modules/cards/index.ts';
import type { Database } from './platform/database/database.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { joinAs, joinAsOwner, type TestPerson } from './test-people.ts';

export function cardFilesContract(open: () => Promise<Database>): void {
  let plane: TestControlPlane;
  let owner: TestPerson;
  let projectId: string;
  beforeAll(async () => {
    plane = await openTestControlPlane(await open());
    owner = await joinAsOwner(plane);
  });
  afterAll(() => plane.close());

  const newProject = async (): Promise<void> => {
    projectId = Project.parse((await plane.call('POST', '/api/projects', { name: 'Cards' }, owner)).body).id;
  };
  const ask = (method: 'POST' | 'PATCH', what: string, body: unknown, who: TestPerson = owner) =>
    plane.call(method, `/api/projects/${projectId}/cards${what}`, body, who);
  const create = async (body: CreateCardBody) => {
    const answer = await ask('POST', '', body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    const { files, notes } = CardFilesResult.parse(answer.body);
    return { ...files[0]!, notes };
  };
  const result = async (method: 'POST' | 'PATCH', what: string, body: unknown) => {
    const answer = await ask(method, what, body);
    expect(answer.status, JSON.stringify(answer.body)).toBe(200);
    return CardFilesResult.parse(answer.body);
  };
  const indexed = async <T>(map: string): Promise<T[]> =>
    await plane.collaboration.read(`project:${projectId}`, (doc) => Object.values(doc.getMap(map).toJSON() as Record<string, T>));
  const own = async () => (await indexed<ProjectCardEntry>('cards')).filter((entry) => !entry.builtIn);
  const paths = async () => (await own()).map(({ path }) => path).sort();
  const sourceOf = (cardId: string) => plane.collaboration.read(`card:${cardId}`, (doc) => doc.getText('source').toJSON());
  const write = (cardId: string, change: (source: string) => string) =>
    plane.collaboration.edit(`card:${cardId}`, owner.userId, (doc) => {
      const text = doc.getText('source');
      const source = change(text.toJSON());
      text.delete(0, text.length);
      text.insert(0, source);
    });
  const pipelineWith = async (name: string, cards: Record<string, string>) => {
    const { id } = (await plane.call('POST', `/api/projects/${projectId}/pipelines`, { name }, owner)).body as { id: string };
    await plane.collaboration.edit(`pipeline:${id}`, owner.userId, (doc) => {
      for (const [node, card] of Object.entries(cards)) addNode(doc, { id: node, card, title: node, position: { x: 0, y: 0 } }, 'test');
    });
    return id;
  };
  const uses = async (cardId: string) =>
    CardUses.parse((await plane.call('GET', `/api/projects/${projectId}/cards/${cardId}/uses`, undefined, owner)).body);
  const retype = async (cardId: string, from: string, to: string) => {
    await write(cardId, (source) => source.replace(`card_type = "${from}"`, `card_type = "${to}"`));
    await vi.waitFor(async () => expect((await own()).find((entry) => entry.cardId === cardId)?.manifest?.cardType).toBe(to));
  };

  describe('creating', () => {
    beforeAll(newProject);

    test('from each template, the file is a valid card under its own names, and the index has it when the answer comes', async () => {
      for (const template of CARD_TEMPLATES) {
        const path = `cards/own/my_${template}.py`;
        const made = await create({ path, template });
        expect(made).toMatchObject({ path, cardType: `my_${template}`, notes: [] });
        const entry = (await own()).find(({ cardId }) => cardId === made.cardId);
        expect(entry).toMatchObject({ path, diagnostics: [], manifest: { cardType: `my_${template}` } });
        expect(entry?.manifest?.className).toMatch(/^My[A-Z]/);
      }
      const templates = (await plane.call('GET', '/api/card-templates', undefined, owner)).body;
      expect(templates).toHaveLength(CARD_TEMPLATES.length);
    });

    test('a file of the same name in another folder gets another card type', async () => {
      expect((await create({ path: 'cards/other/my_model.py', template: 'model' })).cardType).toBe('my_model_2');
    });

    test('of many who create one path at once, one has it and the others are told', async () => {
      const answers = await Promise.all(
        ['twin', 'TWIN', 'twin', 'Twin', 'twin'].map((name) => ask('POST', '', { path: `cards/${name}.py`, template: 'transform' })),
      );
      expect(answers.map(({ status }) => status).sort((a, b) => a - b)).toEqual([201, 409, 409, 409, 409]);
      expect(answers.find(({ status }) => status === 409)?.body).toMatchObject({
        code: 'conflict',
        problems: [{ code: 'card-path', field: 'path' }],
      });
      expect((await paths()).filter((path) => path.toLowerCase() === 'cards/twin.py')).toHaveLength(1);
    });

    test('where another server was faster, the database decides and the loser is told the same', async () => {
      const repository = createCardRepository(plane.database);
      await repository.add({ id: 'fast', projectId, path: 'cards/race.py' });
      const conflict = expect.objectContaining({ code: 'conflict', status: 409 }) as unknown;
      await expect(repository.add({ id: 'slow', projectId, path: 'cards/Race.py' })).rejects.toEqual(conflict);
      await repository.add({ id: 'third', projectId, path: 'cards/third.py' });
      await expect(
        repository.move([
          { id: 'third', path: 'cards/fourth.py' },
          { id: 'fast', path: 'cards/FOURTH.py' },
        ]),
      ).rejects.toEqual(conflict);
      expect((await repository.find('third'))?.path).toBe('cards/third.py');
      await plane.database.prisma.card.deleteMany({ where: { id: { in: ['fast', 'third'] } } });
    });

    test('a name that cannot be is refused, and nothing is left of it', async () => {
      const before = await paths();
      const names = ['../../x', 'cards/a\u0000.py', `cards/${'a'.repeat(4096)}.py`, 'cards/\u202Ex.py', 'cards/con.py', 'cards/a-b.py', ''];
      for (const path of [...names, 'cards/std/x.py', 'cards/base.py', 'cards/class.py', 'cards/x.txt', `cards/${'x'.repeat(20_000)}.py`]) {
        const answer = await ask('POST', '', { path, template: 'model' });
        expect([path.slice(0, 30), answer.status]).toEqual([path.slice(0, 30), 400]);
        expect(answer.body).toMatchObject({ code: 'bad-request', mender: 'you' });
      }
      expect((await ask('POST', '', { path: 'cards/x.py', template: 'nonsense' })).status).toBe(400);
      expect((await ask('POST', '', { path: 'cards/x.py', copyOf: 'nothing' })).status).toBe(404);
      expect(await paths()).toEqual(before);
    });

    test('a built-in card comes into the project under a type of its own, as often as one likes', async () => {
      const first = await create({ copyOf: 'builtin-split' });
      expect(first).toMatchObject({ path: 'cards/split.py', cardType: 'split', notes: [] });
      expect(await create({ copyOf: 'builtin-split' })).toMatchObject({ path: 'cards/split_2.py', cardType: 'split_2' });
      expect((await own()).find(({ cardId }) => cardId === first.cardId)).toMatchObject({
        diagnostics: [],
        manifest: { className: 'Split' },
      });
    });

    test('every built-in card can be copied and is a valid card then', async () => {
      for (const { cardId } of plane.cards.builtIn) {
        const made = await create({ copyOf: cardId, path: `cards/copies/${cardId.replace('builtin-', '')}.py` });
        expect((await own()).find((entry) => entry.cardId === made.cardId)?.diagnostics).toEqual([]);
      }
    });

    test('a duplicate has a type of its own and the same class; where the type is no plain text, it says so', async () => {
      const original = await create({ path: 'cards/original.py', template: 'model' });
      const copy = await create({ copyOf: original.cardId });
      expect(copy).toMatchObject({ path: 'cards/original_copy.py', cardType: 'original_copy', notes: [] });
      expect(await sourceOf(copy.cardId)).toBe((await sourceOf(original.cardId)).replace('"original"', '"original_copy"'));
      await write(original.cardId, (source) =>
        source.replace('card_type = "original"', 'card_type = NAME').replace('\n\nclass', '\nNAME = "original"\n\nclass'),
      );
      const third = await create({ copyOf: original.cardId });
      expect(third.notes).toEqual([expect.stringContaining('card_type of cards/original_copy_2.py could not be changed')]);
      expect((await own()).find(({ cardId }) => cardId === third.cardId)?.diagnostics[0]).toMatchObject({ code: 'card/type-taken' });
    });
  });

  describe('moving', () => {
    beforeAll(newProject);

    test('a file keeps its document, and whoever imported it is named', async () => {
      const net = await create({ path: 'cards/models/net.py', template: 'model' });
      const user = await create({ path: 'cards/user.py', template: 'transform' });
      await write(user.cardId, (source) => `import os\nfrom cards.models.net import Net\n${source}`);
      const moved = await result('PATCH', `/${net.cardId}`, { path: 'cards/nets/deep.py' });
      expect(moved).toEqual({
        files: [{ cardId: net.cardId, path: 'cards/nets/deep.py', cardType: 'net' }],
        notes: ['cards/user.py imports cards.models.net in line 2, which is cards.nets.deep now: change it there.'],
      });
      expect(await paths()).toEqual(['cards/nets/deep.py', 'cards/user.py']);
      expect(await sourceOf(net.cardId)).toContain('class Net(BaseCard)');
      expect((await own()).find(({ cardId }) => cardId === net.cardId)?.manifest?.cardType).toBe('net');
    });

    test('onto another file, into the built-in ones, or of a file that is none here, changes nothing', async () => {
      const [deep] = (await own()).filter(({ path }) => path === 'cards/nets/deep.py');
      const answers = await Promise.all(
        ['cards/user.py', 'cards/USER.py', 'cards/std/x.py', '../x.py', 'cards/user/x.py'].map((path) =>
          ask('PATCH', `/${deep!.cardId}`, { path }),
        ),
      );
      expect(answers.map(({ status }) => status)).toEqual([409, 409, 400, 400, 409]);
      expect((await ask('PATCH', '/builtin-split', { path: 'cards/x.py' })).status).toBe(404);
      expect(await paths()).toEqual(['cards/nets/deep.py', 'cards/user.py']);
    });

    test('a file may change upper and lower case, and stay where it is', async () => {
      const made = await create({ path: 'cards/case.py', template: 'image' });
      await result('PATCH', `/${made.cardId}`, { path: 'cards/Case.py' });
      await result('PATCH', `/${made.cardId}`, { path: 'cards/Case.py' });
      expect(await paths()).toContain('cards/Case.py');
    });

    test('a folder moves with all that is in it, at once or not at all', async () => {
      for (const name of ['a', 'b', 'deep/c']) await create({ path: `cards/here/${name}.py`, template: 'transform' });
      const moved = await result('POST', '/move-folder', { from: 'cards/here', to: 'cards/there/inside' });
      expect(moved.files.map(({ path }) => path).sort()).toEqual([
        'cards/there/inside/a.py',
        'cards/there/inside/b.py',
        'cards/there/inside/deep/c.py',
      ]);
      await create({ path: 'cards/full/b.py', template: 'transform' });
      const before = await paths();
      const refused: [string, string, number][] = [
        ['cards/there/inside', 'cards/full', 409],
        ['cards/there', 'cards/there/more', 400],
        ['cards/there', 'cards/std', 400],
        ['cards/there', '../x', 400],
        ['cards/there', 'cards/a-b', 400],
        ['cards/there', 'cards/user', 409],
        ['cards/nowhere', 'cards/x', 404],
        ['cards', 'cards/x', 404],
      ];
      for (const [from, to, status] of refused) {
        expect([from, to, (await ask('POST', '/move-folder', { from, to })).status]).toEqual([from, to, status]);
      }
      expect(await paths()).toEqual(before);
      await result('POST', '/move-folder', { from: 'cards/there', to: 'cards/There' });
      expect((await paths()).filter((path) => path.startsWith('cards/There/inside/'))).toHaveLength(3);
      await result('POST', '/move-folder', { from: 'cards/There/inside', to: 'cards' });
      expect(await paths()).toContain('cards/deep/c.py');
    });
  });

  describe('the trash', () => {
    beforeAll(newProject);

    test('a file in the trash leaves the lists, cannot be written, and comes back as it was', async () => {
      const made = await create({ path: 'cards/gone.py', template: 'model' });
      const source = await sourceOf(made.cardId);
      await result('POST', '/trash', { cardIds: [made.cardId] });
      expect(await paths()).toEqual([]);
      expect(await indexed<ProjectTrashEntry>('trash')).toEqual([
        { cardId: made.cardId, path: 'cards/gone.py', cardType: 'gone', trashedAt: expect.any(Number) as number },
      ]);
      expect((await plane.cards.cardsOfProject(projectId)).has('gone')).toBe(false);
      expect(await plane.cards.isTrashed(made.cardId)).toBe(true);
      const waiting = await pipelineWith('Waiting', { a: 'gone' });
      expect((await uses(made.cardId)).pipelines.map(({ pipelineId }) => pipelineId)).toEqual([waiting]);
      expect((await ask('PATCH', `/${made.cardId}`, { path: 'cards/x.py' })).body).toMatchObject({
        code: 'conflict',
        message: 'cards/gone.py is in the trash. Restore it first.',
      });
      await result('POST', '/trash', { cardIds: [made.cardId] });
      await result('POST', '/restore', { cardIds: [made.cardId] });
      expect(await indexed('trash')).toEqual([]);
      expect(await paths()).toEqual(['cards/gone.py']);
      expect(await sourceOf(made.cardId)).toBe(source);
      expect(await plane.cards.isTrashed(made.cardId)).toBe(false);
      expect((await ask('POST', '/restore', { cardIds: [made.cardId] })).status).toBe(404);
    });

    test('its path can be used again, and then it comes back beside the new file, which keeps the nodes', async () => {
      const old = await create({ path: 'cards/same.py', template: 'model' });
      await result('POST', '/trash', { cardIds: [old.cardId] });
      const young = await create({ path: 'cards/same.py', template: 'image' });
      // The type in the trash is kept for its nodes.
      expect(young.cardType).toBe('same_2');
      await retype(young.cardId, 'same_2', 'same');
      const restored = await result('POST', '/restore', { cardIds: [old.cardId] });
      expect(restored).toMatchObject({
        files: [{ cardId: old.cardId, path: 'cards/same_2.py' }],
        notes: ['cards/same.py is taken by another file now, so it came back as cards/same_2.py.'],
      });
      expect((await plane.cards.cardsOfProject(projectId)).get('same')?.cardId).toBe(young.cardId);
      expect((await own()).find(({ cardId }) => cardId === old.cardId)?.diagnostics[0]).toMatchObject({ code: 'card/type-taken' });
    });

    test('several go and come at once, and one that is no file of the project keeps all where they are', async () => {
      const made = await Promise.all(['p', 'q'].map((name) => create({ path: `cards/${name}.py`, template: 'image' })));
      const cardIds = made.map(({ cardId }) => cardId);
      expect((await ask('POST', '/trash', { cardIds: [...cardIds, 'foreign'] })).status).toBe(404);
      expect(await paths()).toContain('cards/p.py');
      await result('POST', '/trash', { cardIds });
      expect(await paths()).not.toContain('cards/p.py');
      expect((await ask('POST', '/restore', { cardIds: [...cardIds, 'foreign'] })).status).toBe(404);
      await result('POST', '/restore', { cardIds });
      expect(await paths()).toContain('cards/q.py');
    });

    test('a person of another project reaches none of it', async () => {
      const [file] = await own();
      const home = projectId;
      await newProject();
      expect((await ask('PATCH', `/${file!.cardId}`, { path: 'cards/x.py' })).status).toBe(404);
      expect((await ask('POST', '/trash', { cardIds: [file!.cardId] })).status).toBe(404);
      expect((await ask('POST', '', { copyOf: file!.cardId })).status).toBe(404);
      expect((await plane.call('GET', `/api/projects/${projectId}/cards/${file!.cardId}/uses`, undefined, owner)).status).toBe(404);
      projectId = home;
      expect(await plane.cards.isTrashed(file!.cardId)).toBe(false);
    });
  });

  describe('where a card is used', () => {
    beforeAll(newProject);

    test('its nodes are listed by pipeline, and the list follows every change', async () => {
      const made = await create({ path: 'cards/used.py', template: 'transform' });
      expect(await uses(made.cardId)).toEqual({ cardType: 'used', pipelines: [], former: [] });
      const first = await pipelineWith('First', { a: 'used', b: 'used', c: 'std/split' });
      const second = await pipelineWith('Second', { d: 'used' });
      await pipelineWith('Third', { e: 'std/split' });
      expect(await uses(made.cardId)).toEqual({
        cardType: 'used',
        pipelines: [
          {
            pipelineId: first,
            name: 'First',
            count: 2,
            nodes: [
              { nodeId: 'a', title: 'a' },
              { nodeId: 'b', title: 'b' },
            ],
          },
          { pipelineId: second, name: 'Second', count: 1, nodes: [{ nodeId: 'd', title: 'd' }] },
        ],
        former: [],
      });
      await plane.collaboration.edit(`pipeline:${second}`, owner.userId, (doc) => doc.getMap('nodes').delete('d'));
      expect((await uses(made.cardId)).pipelines.map(({ name }) => name)).toEqual(['First']);
      expect((await uses('builtin-split')).pipelines.map(({ name }) => name)).toEqual(['First', 'Third']);
    });

    test('after its type was changed, its nodes are found under the former one and moved in every pipeline, in the mover’s name', async () => {
      await newProject();
      const made = await create({ path: 'cards/before.py', template: 'transform' });
      const pipelines = [
        await pipelineWith('P', { a: 'before', b: 'before', other: 'std/split' }),
        await pipelineWith('Q', { c: 'before' }),
      ];
      await retype(made.cardId, 'before', 'between');
      await retype(made.cardId, 'between', 'after');
      expect((await own())[0]).toMatchObject({ formerTypes: ['between', 'before'] });
      const { former, ...present } = await uses(made.cardId);
      expect(present).toEqual({ cardType: 'after', pipelines: [] });
      expect(former.map(({ cardType, pipelines: list }) => [cardType, list.map(({ count }) => count)])).toEqual([['before', [2, 1]]]);

      const editor = await joinAs(plane, { ...owner, projectId }, 'editor', 'Edda');
      const moved = await ask('POST', `/${made.cardId}/move-nodes`, { from: 'before' }, editor);
      expect(MoveNodesResult.parse(moved.body)).toEqual({ nodes: 3, pipelines: 2 });
      expect((await uses(made.cardId)).pipelines.map(({ count }) => count)).toEqual([2, 1]);
      for (const id of pipelines) {
        const rows = await plane.database.prisma.documentUpdate.findMany({ where: { document: `pipeline:${id}` }, orderBy: { id: 'asc' } });
        expect(rows.at(-1)?.actor).toBe(editor.userId);
      }
    });

    test('nodes of a type that another card has now stay with it', async () => {
      const [file] = await own();
      const other = await create({ path: 'cards/other.py', template: 'image' });
      await retype(other.cardId, 'other', 'between');
      const id = await pipelineWith('R', { x: 'between' });
      expect((await uses(file!.cardId)).former).toEqual([]);
      expect(await ask('POST', `/${file!.cardId}/move-nodes`, { from: 'between' })).toMatchObject({
        status: 409,
        body: { code: 'conflict' },
      });
      expect(await ask('POST', `/${file!.cardId}/move-nodes`, { from: 'std/split' })).toMatchObject({ status: 409 });
      expect((await uses(other.cardId)).pipelines.map(({ pipelineId }) => pipelineId)).toEqual([id]);
    });
  });
}
