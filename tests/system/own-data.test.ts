/** A file on its way survives the death of the server; the processes that read tables die with it. */
import { createHash } from 'node:crypto';
import { ColumnStatisticsAnswer, ProjectFileDetail, TableWindow, Upload } from '@ensemble/protocol';
import { afterAll, expect, test } from 'vitest';
import { eventually, newDataDirectory, processesOf, removeDirectory, startProduct, type Product } from '../lib/product.ts';

const directory = newDataDirectory();
let product: Product | undefined;
afterAll(async () => {
  await product?.kill();
  removeDirectory(directory);
});

test('an upload goes on after kill -9 of the server, and its table is read in windows', async () => {
  const rows = 20_000;
  const content = Buffer.from(`id,half\n${Array.from({ length: rows }, (_, index) => `${index},${index / 2}`).join('\n')}\n`);
  const ask = async (method: string, path: string, body?: Uint8Array | object): Promise<unknown> => {
    if (!product) throw new Error('The product is not running.');
    const isBytes = body instanceof Uint8Array;
    const answer = await fetch(new URL(path, product.url), {
      method,
      headers: {
        authorization: `Bearer ${product.token}`,
        ...(body === undefined ? {} : { 'content-type': isBytes ? 'application/octet-stream' : 'application/json' }),
      },
      ...(body === undefined ? {} : { body: isBytes ? Buffer.from(body) : JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${path} answered ${answer.status}: ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  };
  const withoutRunner = { ENSEMBLE_RUNNER: 'off' };

  product = await startProduct({ directory, env: withoutRunner });
  const project = (await ask('POST', '/api/projects', { name: 'Data' })) as { id: string };
  const base = `/api/projects/${project.id}`;
  const upload = Upload.parse(await ask('POST', `${base}/uploads`, { name: 'halves.csv', bytes: content.length }));
  const url = `${base}/uploads/${upload.id}`;
  await ask('PUT', `${url}?offset=0`, content.subarray(0, 100_000));
  await product.kill();

  product = await startProduct({ directory, env: withoutRunner });
  const { offset } = Upload.parse(await ask('GET', url));
  expect(offset).toBe(100_000);
  await ask('PUT', `${url}?offset=${offset}`, content.subarray(offset));
  const sha256 = createHash('sha256').update(content).digest('hex');
  const file = ProjectFileDetail.parse(await ask('POST', `${url}/finish`, { sha256 }));
  expect(file.profile?.table?.rows).toBe(rows);

  const sort = encodeURIComponent('[{"column":"half","descending":true}]');
  const window = TableWindow.parse(await ask('GET', `${base}/files/${file.id}/table?limit=2&sort=${sort}`));
  expect(window).toMatchObject({
    total: rows,
    rows: [
      [rows - 1, (rows - 1) / 2],
      [rows - 2, (rows - 2) / 2],
    ],
  });
  const { columns } = ColumnStatisticsAnswer.parse(await ask('GET', `${base}/files/${file.id}/table/columns`));
  expect(columns).toMatchObject([
    { name: 'id', min: 0, max: rows - 1 },
    { name: 'half', nulls: 0 },
  ]);

  const workers = () => processesOf(directory).filter(({ command }) => command.includes('table-worker'));
  await eventually(workers, (found) => found.length > 0);
  await product.kill();
  await eventually(workers, (left) => left.length === 0);
});
