/** A new person with a file of their own: drop it, split, train, evaluate, understand what came out. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { OutputColumns, ProjectFileDetail } from '@ensemble/protocol';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import {
  chooseNode,
  closeByEscape,
  drag,
  dropFile,
  hasCount,
  hasFocus,
  launchBrowser,
  newPerson,
  nodeTitled,
  type Person,
  picture,
} from '../lib/browser.ts';
import { call, finished, importFolder, startRun } from '../lib/api.ts';
import { folder } from '../lib/folders.ts';
import { eventually, type Product, removeDirectory, repository, startProduct } from '../lib/product.ts';

/** As openpyxl writes it. */
const workbook = path.join(repository, 'apps/control-plane/src/platform/duckdb/workbook/people.fixture.xlsx');

let product: Product;
let browser: Browser;
let ana: Person;

beforeAll(async () => {
  product = await startProduct({ web: true });
  browser = await launchBrowser();
  ana = await newPerson(browser);
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

/** Customers who leave when they are young and pay much; every eleventh income is missing. */
function churn(rows: number): string {
  const lines = ['age,city,income,left'];
  for (let row = 0; row < rows; row += 1) {
    const age = 20 + ((row * 7) % 50);
    const income = 1_000 + ((row * 37) % 4_000);
    const left = age < 40 && income > 2_000 ? 'gone' : 'stays';
    lines.push(`${age},${['Berlin', 'Paris', 'Rome'][row % 3]},${row % 11 === 0 ? '' : income},${left}`);
  }
  return lines.join('\n');
}

const edges = (count: number) => hasCount(ana.page.locator('.react-flow__edge'), count);
const wire = (from: string, output: string, to: string, input: string) =>
  drag(
    ana.page,
    nodeTitled(ana.page, from).getByLabel(new RegExp(`^Output ${output}`)),
    nodeTitled(ana.page, to).getByLabel(new RegExp(`^Input ${input}`)),
  );

test('files of a project: a table tells its rows and columns, a broken file says why, nothing of it is kept', async () => {
  const { page } = ana;
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await page.goto((body as { url: string }).url);
  await page.getByRole('textbox').fill('Ana');
  await page
    .getByRole('button')
    .filter({ hasText: /sign in|join|enter|continue/i })
    .click();
  await page.getByRole('heading', { name: 'My first project' }).waitFor();
  await page.getByLabel('Files to upload').setInputFiles([
    { name: 'cities.csv', mimeType: 'text/csv', buffer: Buffer.from('city,people\nBerlin,3\nRome,2\n') },
    { name: 'people.xlsx', mimeType: 'application/octet-stream', buffer: readFileSync(workbook) },
    { name: 'broken.parquet', mimeType: 'application/octet-stream', buffer: Buffer.from('PAR1 and nothing more') },
  ]);
  await page.getByRole('button', { name: /^Look into cities.csv, CSV · 2 rows · 2 columns/ }).waitFor();
  await page
    .getByRole('list', { name: 'Uploads' })
    .getByRole('alert')
    .getByText(/Parquet file is damaged/)
    .waitFor();
  await page.getByRole('button', { name: /^Look into people.xlsx, XLSX · 3 rows · 5 columns/ }).waitFor();
  await hasCount(page.getByRole('list', { name: 'Files' }).getByRole('listitem'), 2);
  await picture(page, 'data-01-project-files');
  await page.getByRole('button', { name: /^Look into cities.csv/ }).click();
  await page.getByRole('gridcell', { name: 'Rome' }).waitFor();
  await closeByEscape(page.getByRole('dialog'));
});

test('a workbook has the same columns for the forms as for the card that reads it', async () => {
  const projectId = ana.page.url().split('/').at(-1)!;
  const files = ProjectFileDetail.array().parse((await call(product, 'GET', `/api/projects/${projectId}/files`)).body);
  const { sha256, name, profile } = files.find((file) => file.name === 'people.xlsx')!;
  const load = folder([{ id: 'Load', card: 'std/load_file', config: { file: { $file: sha256, name } } }], []);
  const { pipelineId } = await importFolder(product, projectId, load);
  const { id } = await startRun(product, pipelineId);
  expect((await finished(product, id)).state).toBe('succeeded');
  const { body } = await call(product, 'GET', `/api/pipelines/${pipelineId}/columns`);
  const [made, ...others] = OutputColumns.array().parse(body);
  expect(others).toEqual([]);
  expect(made).toMatchObject({ nodeId: 'Load', port: 'dataset', lineage: expect.any(String) });
  expect(made?.columns.map((column) => column.name)).toEqual(profile?.table?.columns.map((column) => column.name));
});

test('a CSV dropped on the canvas becomes a card, and the pipeline built on it knows its columns', async () => {
  const { page } = ana;
  const rest = folder(
    [
      { id: 'Split', card: 'std/split' },
      { id: 'Train', card: 'std/train_classifier' },
      { id: 'Evaluate', card: 'std/evaluate' },
      { id: 'Rename', card: 'std/rename', config: { names: { left: 'label' } } },
      { id: 'Sort', card: 'std/sort', config: { columns: ['label'] } },
    ],
    ['Split.train -> Train.train', 'Split.test -> Evaluate.test', 'Train.model -> Evaluate.model', 'Rename.dataset -> Sort.dataset'],
  );
  const { pipelineId } = await importFolder(product, page.url().split('/').at(-1)!, rest);
  await page.goto(new URL(`/pipelines/${pipelineId}`, product.url).toString());
  await nodeTitled(page, 'Split').waitFor();
  await dropFile(page, '.react-flow', { name: 'churn.csv', text: churn(600) }, { x: 400, y: 250 });
  await nodeTitled(page, 'churn.csv').waitFor();
  await eventually(
    () => page.getByLabel('File', { exact: true }).locator('option:checked').innerText(),
    (file) => file.includes('600 rows · 4 columns'),
  );
  await picture(page, 'data-02-dropped');
  await wire('churn.csv', 'dataset', 'Split', 'dataset');
  await wire('churn.csv', 'dataset', 'Rename', 'dataset');
  await edges(6);
  // What will go through a connection is known before it does.
  await page.getByLabel(/^Connection from train of Split/).dispatchEvent('click');
  await page.getByRole('region', { name: 'Columns' }).getByText('4 columns', { exact: true }).waitFor();
  await picture(page, 'data-03-connection');
  // The file says it before anything ran, through the split, to everybody: in the list, at the card and in its form.
  await page.getByText('Problems (1)').click();
  const problem = page.getByRole('list', { name: 'Problems' }).getByRole('button', { name: /names "target", but the table at "train"/ });
  await nodeTitled(page, 'Train')
    .getByRole('img', { name: /^1 problem/ })
    .waitFor();
  await picture(page, 'data-03-problem');
  await problem.click();
  const target = page.locator('input[aria-label="Target column"]');
  await hasFocus(target);
  await page.getByText(/names "target", but the table/).waitFor();
  await page.getByRole('option', { name: /^left varchar/ }).waitFor();
  await picture(page, 'data-03-field');
  await page.getByRole('option', { name: /^left/ }).click();
  await page.getByText('Problems', { exact: true }).waitFor();
  await eventually(
    () => target.inputValue(),
    (column) => column === 'left',
  );
});

test('the result is seen, looked through and downloaded', async () => {
  const { page } = ana;
  await page.getByRole('button', { name: /^Run/ }).first().click();
  await nodeTitled(page, 'Evaluate').getByText('Succeeded').waitFor({ timeout: 240_000 });
  await chooseNode(page, 'Evaluate');
  await page.getByRole('tab', { name: 'Result' }).click();
  await page.getByLabel('Metrics').getByText('accuracy').waitFor();
  await page.getByRole('heading', { name: /confusion matrix/i }).waitFor();
  await picture(page, 'data-04-evaluation');

  await chooseNode(page, 'churn.csv');
  await page.getByRole('button', { name: 'Open the table dataset' }).click();
  const grid = page.getByRole('grid');
  await grid.getByRole('gridcell', { name: 'Berlin' }).first().waitFor();
  await eventually(
    () => grid.getAttribute('aria-rowcount'),
    (rows) => rows === '601',
  );
  await page.getByRole('button', { name: 'age', exact: true }).click();
  await eventually(
    () => grid.locator('[aria-rowindex="2"] [aria-colindex="2"]').innerText(),
    (age) => age === '20',
  );
  await page.getByRole('button', { name: 'Filter and statistics of city' }).click();
  await page.getByText('Different values').waitFor();
  await picture(page, 'data-05-statistics');
  await page.getByRole('textbox', { name: 'Value' }).fill('rome');
  await page.keyboard.press('Enter');
  await page.getByText('200 of 600 rows').waitFor();
  await eventually(
    () => grid.getAttribute('aria-rowcount'),
    (rows) => rows === '201',
  );
  await grid.press('Control+End');
  await grid.locator('[aria-rowindex="201"]').waitFor();
  await picture(page, 'data-06-table');
  const download = page.waitForEvent('download');
  await page.getByRole('link', { name: 'Download', exact: true }).click();
  expect((await download).suggestedFilename()).toMatch(/dataset\.parquet$/);
  await closeByEscape(page.getByRole('dialog'));

  await page.getByLabel(/^Connection from test of Split/).dispatchEvent('click');
  await page.getByRole('heading', { name: 'First rows' }).waitFor();
  await picture(page, 'data-07-connection');
  await page.emulateMedia({ colorScheme: 'dark' });
  await picture(page, 'data-08-connection-dark');
  // The refused file and nothing else.
  expect(ana.errors.filter((error) => !error.includes('422'))).toEqual([]);
});

test('what a run made of the columns is known until something upstream is changed', async () => {
  const { page } = ana;
  await chooseNode(page, 'Sort');
  await page.getByRole('tab', { name: 'Config' }).click();
  const by = page.locator('input[aria-label="Sort by"]');
  const problem = page.getByText('"Sort by" names "lable", but the table at "dataset" has no such column. Did you mean "label"?');
  const guess = page.getByText('The columns offered are a guess');
  await by.fill('lable');
  await by.press('Enter');
  await problem.waitFor();
  await picture(page, 'data-09-misspelt');
  await chooseNode(page, 'Rename');
  const names = page.getByRole('textbox', { name: 'New names' });
  await names.fill('{"left": "outcome"}');
  await chooseNode(page, 'Sort');
  await guess.waitFor();
  await problem.waitFor({ state: 'hidden' });
  await chooseNode(page, 'Rename');
  await names.fill('{"left": "label"}');
  await chooseNode(page, 'Sort');
  await problem.waitFor();
  await guess.waitFor({ state: 'hidden' });
});
