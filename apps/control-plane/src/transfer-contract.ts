/** What import and export promise, on any database. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { projectGraph } from '@ensemble/pipeline';
import { ProjectImport, type ProjectCardEntry, type Pipeline, type ProjectFileDetail } from '@ensemble/protocol';
import { strFromU8, strToU8, unzipSync, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from './platform/database/database.ts';
import { templatesDirectory } from './start-parts.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { joinAs, joinAsOwner, type TestPerson } from './test-people.ts';

const card = (cardType: string, inputs = '{}', outputs = '{"rows": "dataframe"}', extra = ''): string => `from cards.base import BaseCard


class Card(BaseCard):
    card_type = "${cardType}"
    display_name = "${cardType}"
    description = "For a test."
    category = "data"
    execution_mode = "local"
    output_view_type = "table"
    config_schema = {"path": {"type": "file", "label": "File"}, "key": {"type": "secret", "label": "Key"}}
    input_schema = ${inputs}
    output_schema = ${outputs}

    def execute(self, config, inputs, storage):
        ${extra || 'return {}'}

    def get_output_preview(self, outputs, storage):
        return {}
`;
const FOREIGN = {
  nodes: [
    { id: 'a', type: 'custom', position: { x: 1, y: 2 }, data: { label: 'Rows', cardSchema: { card_type: 'Load-Rows' }, owner: 'me' } },
    { id: 'b', type: 'custom', data: { cardSchema: { card_type: 'count_rows' }, config: { path: { $file: 'files/rows.csv' }, odd: 1 } } },
    { id: 'c', type: 'custom', data: { cardSchema: { card_type: 'lost' } } },
  ],
  edges: [{ id: 'e', source: 'a', target: 'b' }],
  schedule: 'daily',
};
const foreignFolder = (): Record<string, string> => ({
  'shop/_pipeline.json': JSON.stringify(FOREIGN),
  'shop/cards/base.py': 'class BaseCard: pass',
  'shop/cards/data prep/load.py': card('load_rows'),
  'shop/cards/count.py': card('count_rows', '{"rows": "dataframe"}', '{"total": "json"}').replaceAll('\n', '\r\n'),
  'shop/cards/draft.py': 'class Draft(:\n',
  'shop/files/rows.csv': 'a\n1\n',
  'shop/README.md': '# Shop',
  '__MACOSX/shop/._README.md': 'junk',
});
const zipOf = (files: Record<string, string | Uint8Array>): Uint8Array =>
  zipSync(
    Object.fromEntries(Object.entries(files).map(([name, content]) => [name, typeof content === 'string' ? strToU8(content) : content])),
  );

export function transferContract(open: () => Promise<Database>): void {
  let plane: TestControlPlane;
  let owner: TestPerson;
  beforeAll(async () => {
    plane = await openTestControlPlane(await open());
    owner = await joinAsOwner(plane);
  });
  afterAll(() => plane.close());

  const send = async (url: string, zip: Uint8Array, who = owner): Promise<{ status: number; body: unknown }> => {
    const headers = {
      host: 'localhost:4380',
      origin: 'http://localhost:4380',
      cookie: who.cookie,
      'content-type': 'application/octet-stream',
    };
    const answer = await plane.app.inject({ method: 'POST', url, headers, payload: Buffer.from(zip) });
    return { status: answer.statusCode, body: answer.json() };
  };
  const imported = async (zip: Uint8Array, url = '/api/import'): Promise<ProjectImport> => {
    const { status, body } = await send(url, zip);
    expect(body).toMatchObject({ projectId: expect.any(String) as string });
    expect(status).toBe(201);
    return ProjectImport.parse(body);
  };
  const exported = async (projectId: string, data = true): Promise<Uint8Array> => {
    const headers = { host: 'localhost:4380', cookie: owner.cookie };
    const answer = await plane.app.inject({ method: 'GET', url: `/api/projects/${projectId}/export/zip?data=${data}`, headers });
    expect(answer.statusCode).toBe(200);
    return new Uint8Array(answer.rawPayload);
  };
  const get = async <T>(url: string): Promise<T> => (await plane.call('GET', url, undefined, owner)).body as T;
  /** Everything of a project that people see, without ids and times. */
  const seen = async (projectId: string): Promise<unknown> => {
    const known = await plane.cards.cardsOfProject(projectId);
    const pipelines = await get<Pipeline[]>(`/api/projects/${projectId}/pipelines`);
    const files = await get<ProjectFileDetail[]>(`/api/projects/${projectId}/files`);
    return {
      cards: [...known.values()]
        .filter(({ builtIn }) => !builtIn)
        .map(({ path: file, source, manifest, diagnostics }) => ({ file, source, manifest, diagnostics })),
      pipelines: await Promise.all(
        pipelines.map(async ({ id, name }) => ({
          name,
          graph: await plane.collaboration.read(`pipeline:${id}`, (doc) => projectGraph(doc, known)),
        })),
      ),
      files: files.map(({ name, sha256 }) => `${name} ${sha256}`).sort(),
    };
  };

  describe('a zip of a TensorRag project', () => {
    test('becomes a project, and the report says what was mapped, guessed and not understood', async () => {
      const { projectId, projectName, pipelines, findings, counts } = await imported(zipOf(foreignFolder()));
      expect([projectName, pipelines.map(({ name }) => name)]).toEqual(['shop', ['shop']]);
      const codes = (kind: string): string[] =>
        findings
          .filter((finding) => finding.kind === kind)
          .map(({ code }) => code)
          .sort();
      expect(codes('mapped')).toEqual(['cards', 'data', 'junk', 'pipeline', 'provided']);
      expect(codes('guessed')).toEqual(['card-renamed', 'card-type-renamed', 'nodes-laid-out', 'ports-bound']);
      expect(codes('not-understood')).toEqual([
        'card-type-unknown',
        'card-with-errors',
        'config-unknown',
        'file-left-out',
        'unknown-field',
        'unknown-field',
      ]);
      expect(counts).toEqual({ mapped: 5, guessed: 4, 'not-understood': 6 });
      expect(findings.find(({ code }) => code === 'ports-bound')?.message).toContain('"rows"');
      // It is there at once, in the index that everybody sees too.
      const entries = await plane.collaboration.read(`project:${projectId}`, (doc) =>
        Object.values(doc.getMap('cards').toJSON() as Record<string, ProjectCardEntry>),
      );
      expect(
        entries
          .filter(({ builtIn }) => !builtIn)
          .map((entry) => entry.path)
          .sort(),
      ).toEqual(['cards/count.py', 'cards/data_prep/load.py', 'cards/draft.py']);
      const {
        pipelines: graphs,
        cards,
        files,
      } = (await seen(projectId)) as {
        pipelines: { graph: { nodes: { config: unknown }[] } }[];
        cards: { source: string }[];
        files: string[];
      };
      expect(cards.some(({ source }) => source.includes('\r'))).toBe(false);
      expect(files).toEqual([expect.stringMatching(/^rows\.csv [0-9a-f]{64}$/)]);
      expect(graphs[0]?.graph.nodes[1]?.config).toEqual({ odd: 1, path: { $file: files[0]!.split(' ')[1], name: 'rows.csv' } });
    });

    test('goes into a project that is there, and a card file that is there with another text refuses all of it', async () => {
      const { projectId } = await imported(zipOf(foreignFolder()));
      const again = await imported(zipOf(foreignFolder()), `/api/projects/${projectId}/import/zip`);
      expect(again.projectId).toBe(projectId);
      const before = await seen(projectId);
      const other = {
        ...foreignFolder(),
        'shop/cards/count.py': card('count_rows'),
        'shop/cards/new.py': card('new'),
        'shop/files/rows.csv': 'b\n2\n',
      };
      expect(await send(`/api/projects/${projectId}/import/zip`, zipOf(other))).toMatchObject({
        status: 400,
        body: { problems: [{ message: expect.stringContaining('cards/count.py is in this project already') as string }] },
      });
      expect(await seen(projectId)).toEqual(before);
    });

    test.each(readdirSync(templatesDirectory))('the template %s is one', async (name) => {
      const folder = path.join(templatesDirectory, name);
      const files = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
      const zip = zipOf(
        Object.fromEntries(
          files.map((entry) => [
            path.relative(folder, path.join(entry.parentPath, entry.name)),
            new Uint8Array(readFileSync(path.join(entry.parentPath, entry.name))),
          ]),
        ),
      );
      const { findings } = await imported(zip);
      expect(findings.filter(({ kind, path: file }) => kind === 'not-understood' && !file?.endsWith('.md'))).toEqual([]);
    });
  });

  describe('an export', () => {
    test('makes an equal project again, and its export has equal bytes', async () => {
      const { projectId } = await imported(zipOf(foreignFolder()));
      const second = await imported(
        zipOf({
          '_pipeline.json': JSON.stringify({
            ...FOREIGN,
            name: 'SHOP',
            annotations: [
              { kind: 'note', id: 'why', position: { x: 0.25, y: -3 }, text: '# Why\n\u2028' },
              { kind: 'frame', id: 'f', position: { x: 9, y: 9 }, title: 'Frame' },
            ],
          }),
        }),
        `/api/projects/${projectId}/import/zip`,
      );
      const [{ pipelineId } = { pipelineId: '' }] = second.pipelines;
      await plane.collaboration.edit(`pipeline:${pipelineId}`, 'test', (doc) => {
        const nodes = doc.getMap('nodes') as {
          get(id: string): { set(key: string, value: unknown): void; get(key: string): { set(key: string, value: unknown): void } };
        };
        nodes.get('a').set('bypass', true);
        nodes.get('a').set('pin', { runId: 'run-1' });
        nodes.get('a').set('size', [300.5, 90]);
        nodes.get('b').get('config').set('key', { $secret: 'SHOP_KEY' });
      });
      const zip = await exported(projectId);
      const copy = await imported(zip);
      expect(await seen(copy.projectId)).toEqual(await seen(projectId));
      expect(copy.projectName).toBe('shop');
      expect(await exported(copy.projectId)).toEqual(zip);
      expect(copy.findings.map(({ code }) => code)).toContain('pin');
      const names = Object.keys(unzipSync(zip));
      expect(names).toEqual([...names].sort());
      expect(names).toEqual([
        '_pipeline.json',
        'cards/count.py',
        'cards/data_prep/load.py',
        'cards/draft.py',
        'data/rows.csv',
        'ensemble.json',
        'pipelines/shop-2.json',
        'pipelines/shop-2.layout.json',
        'pipelines/shop.json',
        'pipelines/shop.layout.json',
      ]);
    });

    test('without data names it by hash, and an import of it says what is missing', async () => {
      const { projectId } = await imported(zipOf(foreignFolder()));
      const zip = await exported(projectId, false);
      expect(Object.keys(unzipSync(zip)).some((name) => name.startsWith('data/'))).toBe(false);
      expect(strFromU8(unzipSync(zip)['ensemble.json']!)).toContain('"name":"rows.csv","sha256":"');
      const copy = await imported(zip);
      expect(copy.findings.map(({ code }) => code)).toContain('data-missing');
      expect(await exported(copy.projectId, false)).toEqual(zip);
      expect(await get(`/api/projects/${projectId}/export`)).toEqual({ dataFiles: 1, dataBytes: 4, canIncludeData: true });
    });

    test('holds no secret, not even one that was typed where its name belongs', async () => {
      const { projectId, pipelines } = await imported(zipOf(foreignFolder()));
      await plane.collaboration.edit(`pipeline:${pipelines[0]!.pipelineId}`, 'test', (doc) => {
        (doc.getMap('nodes').get('b') as { get(key: string): { set(key: string, value: unknown): void } })
          .get('config')
          .set('key', 'hunter2-typed');
      });
      const files = unzipSync(await exported(projectId));
      // The copy for TensorRag included.
      for (const [name, bytes] of Object.entries(files)) expect([name, strFromU8(bytes).includes('hunter2')]).toEqual([name, false]);
    });

    test('is for everybody of the project and for nobody else; a viewer imports nothing', async () => {
      const viewer = await joinAs(plane, owner, 'viewer', 'Vera');
      expect((await plane.call('GET', `/api/projects/${owner.projectId}/export/zip`, undefined, viewer)).status).toBe(200);
      expect((await send(`/api/projects/${owner.projectId}/import/zip`, zipOf(foreignFolder()), viewer)).status).toBe(403);
      const { projectId } = await imported(zipOf(foreignFolder()));
      expect((await plane.call('GET', `/api/projects/${projectId}/export/zip`, undefined, viewer)).status).toBe(404);
    });
  });

  test('a pipeline goes with its files, unless it was changed meanwhile; a change of one that is gone is in conflict', async () => {
    const { projectId } = await imported(zipOf(foreignFolder()));
    const folderOf = async (): Promise<Map<string, string>> => {
      const { files } = await get<{ files: { path: string; text: string }[] }>(`/api/projects/${projectId}/folder`);
      return new Map(files.map(({ path: file, text }) => [file, text]));
    };
    const change = async (changes: { path: string; before: string | null; after: string | null; movedFrom?: string }[]) =>
      ((await plane.call('POST', `/api/projects/${projectId}/folder/changes`, { changes }, owner)).body as { outcomes: unknown[] })
        .outcomes;
    const [logic, layout] = ['pipelines/shop.json', 'pipelines/shop.layout.json'];
    const old = await folderOf();
    const renamed = old.get(logic)!.replace('"title": "Rows"', '"title": "All rows"');
    expect(await change([{ path: logic, before: old.get(logic)!, after: renamed }])).toMatchObject([{ outcome: 'applied' }]);
    const gone = [logic, layout].map((file) => ({ path: file, before: old.get(file)!, after: null }));
    expect(await change(gone)).toMatchObject([{ outcome: 'conflict' }, { outcome: 'conflict' }]);
    const now = await folderOf();
    expect(now.get(logic)).toBe(renamed);
    expect(await change(gone.map((one) => ({ ...one, before: now.get(one.path)! })))).toMatchObject([
      { outcome: 'applied' },
      { outcome: 'applied' },
    ]);
    expect([...(await folderOf()).keys()]).not.toContain(logic);
    expect(await get(`/api/projects/${projectId}/pipelines`)).toEqual([]);
    for (const path of [logic, layout])
      expect(await change([{ path, before: now.get(path)!, after: `${now.get(path)!} ` }])).toMatchObject([{ outcome: 'conflict' }]);
    expect(await get(`/api/projects/${projectId}/pipelines`)).toEqual([]);
  });

  describe('what cannot be imported leaves nothing', () => {
    const REFUSED: [string, () => Uint8Array, number][] = [
      ['no zip', () => strToU8('name,age\n'.repeat(9)), 422],
      ['a bomb', () => zipOf({ 'data/x.csv': new Uint8Array(60 * 1024 ** 2) }), 413],
      ['a folder that is no project', () => zipOf({ 'notes/README.md': '# hello' }), 422],
      ['a pipeline file that is none', () => zipOf({ '_pipeline.json': '[]' }), 422],
      ['a broken pipeline file', () => zipOf({ '_pipeline.json': '{"nodes": [' }), 422],
      [
        'a million nodes',
        () => zipOf({ '_pipeline.json': `{"nodes":[${Array.from({ length: 1_000_000 }, (_, id) => `{"id":${id},"type":"x"}`).join()}]}` }),
        422,
      ],
      ['a file that is nested too deeply', () => zipOf({ '_pipeline.json': `{"nodes":${'['.repeat(200_000)}` }), 422],
    ];
    test.each(REFUSED)('%s', async (_, make, status) => {
      const projects = await get<unknown[]>('/api/projects');
      const before = await seen(owner.projectId);
      const zip = make();
      for (const url of ['/api/import', `/api/projects/${owner.projectId}/import/zip`]) {
        const answer = await send(url, zip);
        expect(answer).toMatchObject({ status, body: { message: expect.stringMatching(/\.$/) as string } });
      }
      expect(await get('/api/projects')).toEqual(projects);
      expect(await seen(owner.projectId)).toEqual(before);
    });

    test('a process that ends in the middle: nobody sees the half, and the next start removes it', async () => {
      const { collaboration, database } = plane;
      const edit = collaboration.edit.bind(collaboration);
      const reached = Promise.withResolvers<void>();
      const ended = Promise.withResolvers<never>();
      collaboration.edit = () => (reached.resolve(), ended.promise);
      try {
        const before = await get<unknown[]>('/api/projects');
        const importing = send('/api/import', zipOf(foreignFolder()));
        await reached.promise;
        const [half] = await database.prisma.project.findMany({ where: { arriving: true } });
        expect(half).toBeDefined();
        expect(await get<unknown[]>('/api/projects')).toEqual(before);
        expect((await plane.call('GET', `/api/projects/${half!.id}/pipelines`, undefined, owner)).status).toBe(404);
        await plane.start();
        expect(await database.prisma.project.count({ where: { id: half!.id } })).toBe(0);
        expect(await database.prisma.projectFile.count({ where: { projectId: half!.id } })).toBe(0);
        ended.reject(new Error('the process ended'));
        expect((await importing).status).toBe(500);
      } finally {
        collaboration.edit = edit;
      }
    });

    test('hostile content of a zip that is one comes in as text and stays text', async () => {
      const nodes = ['__proto__', 'constructor', '<img src=x onerror=alert(1)>', 'n'].map((id) => ({
        id,
        position: { x: Number.NaN, y: 1e308 },
        data: { cardSchema: { card_type: '../../x' }, config: { __html: '<b>' } },
      }));
      const cycle = [
        { source: 'n', target: 'constructor' },
        { source: 'constructor', target: 'n' },
        { source: 'n', target: 'n' },
      ];
      const { projectId, findings } = await imported(
        zipOf({
          '_pipeline.json': JSON.stringify({ nodes, edges: cycle }),
          'cards/x/__init__.py': '',
          'cards/bom.py': '\uFEFFx = 1',
          'cards/latin.py': new Uint8Array([0xff, 0xfe]),
        }),
      );
      expect(findings.some(({ code, path: file }) => code === 'card-left-out' && file === 'cards/latin.py')).toBe(true);
      const zip = await exported(projectId);
      expect(await exported((await imported(zip)).projectId)).toEqual(zip);
      expect('polluted' in {}).toBe(false);
    });
  });
}
