/** What the HTTP API promises about people's files and tables, on any database. */
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, readdirSync } from 'node:fs';
import path from 'node:path';
import {
  ColumnStatisticsAnswer,
  MAX_CHUNK_BYTES,
  MAX_UPLOAD_BYTES,
  ProjectFileDetail,
  TableWindow,
  Upload,
  type CreateUploadBody,
} from '@ensemble/protocol';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Database } from './platform/database/database.ts';
import { workbookOf, zipOf } from './platform/duckdb/workbook/test-workbook.ts';
import { openTestControlPlane, type TestControlPlane } from './test-control-plane.ts';
import { joinAs, joinAsOwner, type TestPerson } from './test-people.ts';

export function ownDataContract(open: () => Promise<Database>): void {
  let plane: TestControlPlane;
  let owner: TestPerson;
  let base: string;
  beforeAll(async () => {
    plane = await openTestControlPlane(await open());
    owner = await joinAsOwner(plane);
    base = `/api/projects/${owner.projectId}`;
  });
  afterAll(() => plane.close());

  const put = async (url: string, content: Uint8Array, who = owner): Promise<{ status: number; body: unknown }> => {
    const headers = {
      host: 'localhost:4380',
      origin: 'http://localhost:4380',
      cookie: who.cookie,
      'content-type': 'application/octet-stream',
    };
    const answer = await plane.app.inject({ method: 'PUT', url, headers, payload: Buffer.from(content) });
    return { status: answer.statusCode, body: answer.json() };
  };
  const begin = async (body: CreateUploadBody): Promise<Upload> =>
    Upload.parse((await plane.call('POST', `${base}/uploads`, body, owner)).body);
  const send = async (name: string, content: string | Uint8Array): Promise<{ status: number; body: unknown }> => {
    const bytes = Buffer.from(content);
    const { id } = await begin({ name, bytes: bytes.length });
    expect((await put(`${base}/uploads/${id}?offset=0`, bytes)).status).toBe(200);
    return await plane.call('POST', `${base}/uploads/${id}/finish`, {}, owner);
  };
  const stored = async (name: string, content: string | Uint8Array): Promise<ProjectFileDetail> => {
    const answer = await send(name, content);
    expect(answer).toMatchObject({ status: 201 });
    return ProjectFileDetail.parse(answer.body);
  };
  const list = async (): Promise<ProjectFileDetail[]> =>
    (await plane.call('GET', `${base}/files`, undefined, owner)).body as ProjectFileDetail[];
  const folders = (): string[] => {
    const directory = path.join(plane.dataDirectory, 'uploads');
    return existsSync(directory) ? readdirSync(directory) : [];
  };

  describe('an upload', () => {
    test('comes in chunks, goes on where it stopped, and is a file with a profile only when it is finished', async () => {
      const content = Buffer.from(`id,name\n${Array.from({ length: 1_000 }, (_, index) => `${index},n${index}`).join('\n')}\n`);
      const { id, offset } = await begin({ name: 'people.csv', bytes: content.length });
      expect(offset).toBe(0);
      const url = `${base}/uploads/${id}`;
      expect(await put(`${url}?offset=0`, content.subarray(0, 5_000))).toMatchObject({ status: 200, body: { offset: 5_000 } });
      expect(await put(`${url}?offset=0`, content.subarray(0, 5_000))).toMatchObject({ status: 409, body: { code: 'conflict' } });
      expect(await plane.call('POST', `${url}/finish`, {}, owner)).toMatchObject({ status: 409 });
      expect((await plane.call('GET', url, undefined, owner)).body).toEqual({
        id,
        name: 'people.csv',
        bytes: content.length,
        offset: 5_000,
      });
      expect(await list()).toEqual([]);
      expect(await put(`${url}?offset=5000`, content.subarray(5_000))).toMatchObject({ status: 200, body: { offset: content.length } });
      expect(await put(`${url}?offset=${content.length}`, Buffer.from('x'))).toMatchObject({ status: 400 });
      const sha256 = createHash('sha256').update(content).digest('hex');
      const file = ProjectFileDetail.parse((await plane.call('POST', `${url}/finish`, { sha256 }, owner)).body);
      expect(file).toMatchObject({ sha256, name: 'people.csv', bytes: content.length });
      expect(file.profile).toEqual({
        format: 'csv',
        note: null,
        table: {
          rows: 1_000,
          columns: [
            { name: 'id', type: 'BIGINT', kind: 'number' },
            { name: 'name', type: 'VARCHAR', kind: 'text' },
          ],
        },
      });
      expect(await list()).toEqual([file]);
      expect((await plane.call('GET', url, undefined, owner)).status).toBe(404);
      expect(folders()).toEqual([]);
    });

    test('with other bytes than were sent is refused and leaves nothing', async () => {
      const { id } = await begin({ name: 'wrong.csv', bytes: 4 });
      await put(`${base}/uploads/${id}?offset=0`, Buffer.from('a\n1\n'));
      expect(await plane.call('POST', `${base}/uploads/${id}/finish`, { sha256: '0'.repeat(64) }, owner)).toMatchObject({
        status: 422,
        body: { code: 'invalid-file' },
      });
      expect(folders()).toEqual([]);
    });

    test('that is too large, empty or badly named does not begin', async () => {
      const refused = async (body: CreateUploadBody): Promise<number> => (await plane.call('POST', `${base}/uploads`, body, owner)).status;
      expect(await refused({ name: 'a.csv', bytes: MAX_UPLOAD_BYTES + 1 })).toBe(413);
      expect(await refused({ name: 'a.csv', bytes: 0 })).toBe(422);
      for (const name of ['../a.csv', '', '..', 'a\u0000b.csv', 'a/b', 'x'.repeat(300)])
        expect(await refused({ name, bytes: 1 })).toBe(400);
      expect(folders()).toEqual([]);
    });

    test('takes no chunk beyond the limit', async () => {
      const { id } = await begin({ name: 'big.bin', bytes: MAX_CHUNK_BYTES * 2 });
      expect((await put(`${base}/uploads/${id}?offset=0`, Buffer.alloc(MAX_CHUNK_BYTES + 1))).status).toBe(413);
      expect((await plane.call('DELETE', `${base}/uploads/${id}`, undefined, owner)).status).toBe(204);
      expect(folders()).toEqual([]);
    });

    test('of another project is not there', async () => {
      const other = (await plane.call('POST', '/api/projects', { name: 'Other' }, owner)).body as { id: string };
      const { id } = await begin({ name: 'mine.csv', bytes: 4 });
      expect((await put(`/api/projects/${other.id}/uploads/${id}?offset=0`, Buffer.from('a\n1\n'))).status).toBe(404);
      for (const strange of ['..', '%2e%2e%2f..', 'x'.repeat(16)]) {
        expect((await plane.call('GET', `${base}/uploads/${strange}`, undefined, owner)).status).toBe(404);
      }
      await plane.call('DELETE', `${base}/uploads/${id}`, undefined, owner);
    });

    test('that nobody finishes is forgotten after a day', async () => {
      await begin({ name: 'left.csv', bytes: 4 });
      expect(folders()).toHaveLength(1);
      plane.setNow(new Date(Date.now() + 25 * 3_600_000));
      const { id } = await begin({ name: 'new.csv', bytes: 4 });
      expect(folders()).toEqual([id]);
      await plane.call('DELETE', `${base}/uploads/${id}`, undefined, owner);
      plane.setNow(undefined);
    });
  });

  describe('a hostile or broken file', () => {
    test.each<[string, string | Uint8Array, string]>([
      ['ragged.csv', 'a,b\n1,2\n1,2,3\n', 'line 3'],
      ['image.csv', Buffer.from([0x89, 0x50, 0x4e, 0x47, 0, 0, 0, 13]), 'no text'],
      ['random.parquet', randomBytes(500), 'something else'],
      ['cut.json', '[{"a": 1}, {"a"', 'JSON is broken'],
      ['text.xlsx', 'a,b\n1,2\n', 'something else'],
      ['cut.xlsx', workbookOf([['a'], [1]]).subarray(0, -5), 'damaged'],
      ['other.xlsx', zipOf([{ name: 'word/document.xml', content: '' }]), 'no workbook'],
    ])('DAT-2 %s gets a sentence and leaves nothing', async (name, content, sentence) => {
      const before = await list();
      expect(await send(name, content)).toMatchObject({
        status: 422,
        body: { code: 'invalid-file', message: expect.stringContaining(sentence) },
      });
      expect(await list()).toEqual(before);
      expect(folders()).toEqual([]);
      expect(readdirSync(path.join(plane.dataDirectory, 'tables', 'made'))).toEqual([]);
    });

    test('a workbook without rows and a file that is no table are taken, with a word about it', async () => {
      expect((await stored('book.xlsx', workbookOf([]))).profile).toMatchObject({ format: 'xlsx', table: null, note: expect.any(String) });
      expect((await stored('photo.png', randomBytes(100))).profile).toMatchObject({ format: 'other', table: null });
    });
  });

  describe('project files', () => {
    test('are renamed and hidden, and come back when they are sent again', async () => {
      const file = await stored('old.csv', 'a\n1\n2\n');
      const url = `${base}/files/${file.id}`;
      expect((await plane.call('PATCH', url, { name: 'new.csv' }, owner)).body).toEqual({ ...file, name: 'new.csv' });
      expect((await plane.call('PATCH', url, { name: 'a/b' }, owner)).status).toBe(400);
      const again = await stored('old.csv', 'a\n1\n2\n');
      expect(again.id).not.toBe(file.id);
      expect((await plane.call('PATCH', `${base}/files/${again.id}`, { name: 'new.csv' }, owner)).status).toBe(409);
      expect((await plane.call('DELETE', url, undefined, owner)).status).toBe(204);
      expect((await plane.call('DELETE', url, undefined, owner)).status).toBe(404);
      expect((await plane.call('GET', `${url}/table`, undefined, owner)).status).toBe(404);
      expect((await list()).some(({ id }) => id === file.id)).toBe(false);
      expect((await stored('new.csv', 'a\n1\n2\n')).id).toBe(file.id);
    });

    test('of another project are not there', async () => {
      const file = await stored('mine.csv', 'a\n7\n');
      const other = (await plane.call('POST', '/api/projects', { name: 'Other' }, owner)).body as { id: string };
      expect((await plane.call('GET', `/api/projects/${other.id}/files/${file.id}/table`, undefined, owner)).status).toBe(404);
    });

    test('may be read by a viewer and not changed', async () => {
      const file = await stored('seen.csv', 'a\n1\n');
      const viewer = await joinAs(plane, owner, 'viewer', 'Vic');
      expect((await plane.call('GET', `${base}/files/${file.id}/table`, undefined, viewer)).status).toBe(200);
      expect((await plane.call('DELETE', `${base}/files/${file.id}`, undefined, viewer)).status).toBe(403);
      expect((await put(`${base}/uploads/${'x'.repeat(16)}?offset=0`, Buffer.from('x'), viewer)).status).toBe(403);
    });
  });

  describe('tables', () => {
    const csv = 'a,b\n1,x\n2,y\n3,\n4,x\n';

    test('of a file are read in windows, sorted, filtered, and summed up', async () => {
      const { id } = await stored('table.csv', csv);
      const query = `?sort=${encodeURIComponent('[{"column":"a","descending":true}]')}&filters=${encodeURIComponent('[{"column":"b","op":"=","value":"x"}]')}`;
      const answer = await plane.call('GET', `${base}/files/${id}/table${query}`, undefined, owner);
      expect(TableWindow.parse(answer.body)).toMatchObject({
        rows: [
          [4, 'x'],
          [1, 'x'],
        ],
        total: 2,
        totalUnfiltered: 4,
      });
      const columns = await plane.call('GET', `${base}/files/${id}/table/columns`, undefined, owner);
      expect(ColumnStatisticsAnswer.parse(columns.body)).toMatchObject({
        rows: 4,
        columns: [
          { name: 'a', mean: 2.5 },
          { name: 'b', nulls: 1 },
        ],
      });
    });

    test('of a workbook are those of its first sheet', async () => {
      const { id, profile } = await stored(
        'table.xlsx',
        workbookOf([
          ['a', 'b'],
          [1, 'x'],
          [2.5, 'y'],
        ]),
      );
      expect(profile).toEqual({
        format: 'xlsx',
        note: null,
        table: {
          rows: 2,
          columns: [
            { name: 'a', type: 'DOUBLE', kind: 'number' },
            { name: 'b', type: 'VARCHAR', kind: 'text' },
          ],
        },
      });
      const window = await plane.call('GET', `${base}/files/${id}/table`, undefined, owner);
      expect(TableWindow.parse(window.body).rows).toEqual([
        [1, 'x'],
        [2.5, 'y'],
      ]);
    });

    test('of a file that came by the simple door are read too, and its profile is kept', async () => {
      const headers = { host: 'localhost:4380', origin: 'http://localhost:4380', cookie: owner.cookie, 'content-type': 'text/csv' };
      const url = `${base}/files?name=simple.csv`;
      expect((await plane.app.inject({ method: 'POST', url, headers, payload: `${csv}5,z\n` })).statusCode).toBe(201);
      const file = (await list()).find(({ name }) => name === 'simple.csv');
      expect(file?.profile).toBeNull();
      const windows = await Promise.all([0, 1].map(() => plane.call('GET', `${base}/files/${file?.id}/table`, undefined, owner)));
      for (const { body } of windows) expect(body).toMatchObject({ total: 5 });
      expect((await list()).find(({ name }) => name === 'simple.csv')?.profile?.table?.rows).toBe(5);
    });

    test('that are not there say so', async () => {
      const { id } = await stored('notes.txt', 'words');
      expect(await plane.call('GET', `${base}/files/${id}/table`, undefined, owner)).toMatchObject({
        status: 422,
        body: { code: 'invalid-file' },
      });
    });

    test('a query that does not parse names its part', async () => {
      const { id } = await stored('table.csv', csv);
      const asked = (query: string) => plane.call('GET', `${base}/files/${id}/table?${query}`, undefined, owner);
      expect(await asked('limit=501')).toMatchObject({ status: 400, body: { problems: [{ field: 'limit' }] } });
      expect(await asked('sort=nonsense')).toMatchObject({ status: 400, body: { problems: [{ field: 'sort' }] } });
      expect(await asked(`sort=${encodeURIComponent('[{"column":"zz"}]')}`)).toMatchObject({
        status: 400,
        body: { message: 'The table has no column “zz”.' },
      });
    });

    test('of a step are read by those who may read its run', async () => {
      const { sha256 } = await stored('step.csv', csv);
      const [row] = await plane.database.sql.query<{ table_sha256: string }>('SELECT table_sha256 FROM project_file WHERE sha256 = $1', [
        sha256,
      ]);
      const [pipeline] = await plane.pipelines.list(owner.projectId);
      const { prisma } = plane.database;
      await prisma.pipelineVersion.create({
        data: { id: 'v', pipelineId: pipeline!.id, content: { graph: { nodes: [], edges: [], cards: {} }, manifests: {}, files: [] } },
      });
      const run = {
        id: 'run',
        number: 1,
        projectId: owner.projectId,
        pipelineId: pipeline!.id,
        versionId: 'v',
        starterId: owner.userId,
        starterName: 'Olga',
        state: 'succeeded',
      };
      await prisma.run.create({ data: run });
      const output = { type: 'dataframe', declared: true, sha256: row!.table_sha256, bytes: 1 };
      const outputs = [
        { ...output, key: 'train', ref: 'p/n/train.parquet' },
        { ...output, key: 'model', ref: 'p/n/model.joblib' },
      ];
      await prisma.step.create({ data: { runId: 'run', nodeId: 'n', state: 'succeeded', outputs } });
      const url = '/api/runs/run/steps/n/tables';
      expect((await plane.call('GET', `${url}/train?limit=1&offset=2`, undefined, owner)).body).toMatchObject({
        rows: [[3, null]],
        total: 4,
      });
      expect((await plane.call('GET', `${url}/train/columns`, undefined, owner)).body).toMatchObject({ rows: 4 });
      expect((await plane.call('GET', `${url}/model`, undefined, owner)).status).toBe(400);
      expect((await plane.call('GET', `${url}/nothing`, undefined, owner)).status).toBe(404);
      const other = (await plane.call('POST', '/api/projects', { name: 'Elsewhere' }, owner)).body as { id: string };
      const stranger = await joinAs(plane, { ...owner, projectId: other.id }, 'editor', 'Stan');
      expect((await plane.call('GET', `${url}/train`, undefined, stranger)).status).toBe(404);
    });
  });
}
