/** The gallery through its doors, with folders of this test's own. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { readPipeline } from '@ensemble/pipeline';
import { documentName, type ImportResult, type Template } from '@ensemble/protocol';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { openDatabase } from '../../platform/database/open-database.ts';
import { openTestControlPlane, type TestControlPlane } from '../../test-control-plane.ts';
import { joinAsOwner, type TestPerson } from '../../test-people.ts';

const CARD = `from ensemble import Card


class Greet(Card):
    card_type = "greet"
    outputs = {"text": "json"}

    def execute(self, context):
        return {"text": "hello"}
`;
const node = (id: string, type: string, config: object) => ({
  id,
  position: { x: 100, y: 100 },
  data: { label: id, cardSchema: { card_type: type }, config },
});

let directory: string;
let plane: TestControlPlane;
let owner: TestPerson & { projectId: string };

beforeAll(async () => {
  directory = mkdtempSync(path.join(tmpdir(), 'ensemble-templates-'));
  const write = (file: string, content: unknown): void => {
    mkdirSync(path.dirname(path.join(directory, file)), { recursive: true });
    writeFileSync(path.join(directory, file), typeof content === 'string' ? content : JSON.stringify(content));
  };
  write('greeting/template.json', { title: 'A greeting', description: 'Says hello.' });
  write('greeting/_pipeline.json', { nodes: [node('hello', 'greet', { file: { $file: 'names.csv' } })], edges: [] });
  write('greeting/cards/greet.py', CARD);
  write('greeting/names.csv', 'name\nAna\n');
  write('greeting/README.md', 'No data.');
  write('broken/template.json', { title: 'Broken', description: 'Its pipeline is none.' });
  write('broken/_pipeline.json', '{');
  write('notes/readme.txt', 'No template.');
  plane = await openTestControlPlane(await openDatabase({ directory: 'memory://' }), { templatesDirectory: directory });
  owner = await joinAsOwner(plane);
});
afterAll(async () => {
  await plane.close();
  rmSync(directory, { recursive: true, force: true });
});

test('TPL-3 the gallery lists the folders that are templates, each with its picture', async () => {
  const { status, body } = await plane.call('GET', '/api/templates', undefined, owner);
  expect(status).toBe(200);
  expect(body as Template[]).toEqual([
    {
      name: 'greeting',
      title: 'A greeting',
      description: 'Says hello.',
      cards: 1,
      thumbnail: { width: expect.any(Number), height: expect.any(Number), nodes: [expect.objectContaining({ x: 24, y: 24 })], edges: [] },
    },
  ]);
});

test('TPL-1 TPL-2 a template becomes a pipeline of the project, with its card and its file', async () => {
  const made = await plane.call('POST', `/api/projects/${owner.projectId}/templates/greeting`, {}, owner);
  expect(made.status).toBe(201);
  const { pipelineId } = made.body as ImportResult;
  expect((await plane.pipelines.read(pipelineId)).name).toBe('A greeting');
  const cards = await plane.cards.cardsOfProject(owner.projectId);
  expect([...cards.values()].find(({ path: file }) => file === 'cards/greet.py')?.source).toBe(CARD);
  const [file] = await plane.database.prisma.projectFile.findMany({ where: { projectId: owner.projectId } });
  expect(file).toMatchObject({ name: 'names.csv', bytes: 9n });
  const content = await plane.collaboration.read(documentName('pipeline', pipelineId), (doc) => readPipeline(doc));
  expect([...content.nodes.values()]).toMatchObject([
    { id: 'hello', card: 'greet', config: { file: { $file: file?.sha256, name: 'names.csv' } } },
  ]);
});

test('a template used twice gives two pipelines and one card', async () => {
  const again = await plane.call('POST', `/api/projects/${owner.projectId}/templates/greeting`, {}, owner);
  expect(again.status).toBe(201);
  expect((await plane.pipelines.list(owner.projectId)).filter(({ name }) => name === 'A greeting')).toHaveLength(2);
  const cards = await plane.cards.cardsOfProject(owner.projectId);
  expect([...cards.values()].filter(({ path: file }) => file.endsWith('greet.py'))).toHaveLength(1);
});

test('a name that is no template is not found, one that is a path included', async () => {
  for (const name of ['nothing', 'notes', 'broken', '..%2F..%2Fetc']) {
    expect((await plane.call('POST', `/api/projects/${owner.projectId}/templates/${name}`, {}, owner)).status).toBe(404);
  }
});
