/** Somebody who has never seen Ensemble, from an empty pipeline: their file, a mistake, why it fails, and how it is mended. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from '../lib/api.ts';
import { chooseNode, drag, dropFile, hasCount, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
import { type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let page: Page;

beforeAll(async () => {
  product = await startProduct({ web: true, env: { ENSEMBLE_WARM_LEVEL: 'card' } });
  browser = await launchBrowser();
  ana = await newPerson(browser);
  page = ana.page;
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

/** Flowers whose kind follows from their size. */
function flowers(rows: number): string {
  const lines = ['length,width,species'];
  for (let row = 0; row < rows; row += 1) {
    const length = 1 + ((row * 13) % 60) / 10;
    lines.push(`${length},${((row * 7) % 25) / 10},${length < 2.5 ? 'setosa' : length < 5 ? 'versicolor' : 'virginica'}`);
  }
  return lines.join('\n');
}

const edges = (count: number) => hasCount(page.locator('.react-flow__edge'), count);

/** Draws a wire to nowhere and takes the card that the list offers for it. */
async function continueWith(from: string, output: string, search: string, at: { x: number; y: number }): Promise<void> {
  await drag(page, nodeTitled(page, from).getByLabel(new RegExp(`^Output ${output}`)), at);
  await page.getByRole('combobox', { name: /^Add a card/ }).fill(search);
  await page.keyboard.press('Enter');
  await page.getByRole('combobox', { name: /^Add a card/ }).waitFor({ state: 'hidden' });
}

const run = () => page.getByRole('button', { name: 'Run', exact: true }).click();

test('drops a file on an empty pipeline and builds on it by wires alone', async () => {
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await page.goto((body as { url: string }).url);
  await page.getByRole('textbox').fill('Ana');
  await page.getByRole('textbox').press('Enter');
  await page.getByRole('list', { name: 'Pipelines' }).getByRole('link').first().click();
  await page.getByText('This pipeline is empty').waitFor();
  await dropFile(page, '.react-flow', { name: 'flowers.csv', text: flowers(300) }, { x: 300, y: 300 });
  await nodeTitled(page, 'flowers.csv').waitFor();
  await continueWith('flowers.csv', 'dataset', 'filter', { x: 600, y: 200 });
  await edges(1);
  await continueWith('Filter rows', 'dataset', 'split', { x: 600, y: 420 });
  await edges(2);
  await continueWith('Split', 'train', 'train classifier', { x: 600, y: 640 });
  await edges(3);
  await continueWith('Train classifier', 'model', 'evaluate', { x: 300, y: 700 });
  await edges(4);
  await drag(page, nodeTitled(page, 'Split').getByLabel(/^Output test/), nodeTitled(page, 'Evaluate').getByLabel(/^Input test/));
  await edges(5);
  await page.keyboard.press('Shift+T');
  await picture(page, 'new-user-01-built');
});

/** Chooses a card and writes into one field of it. */
async function fill(card: string, field: string, value: string): Promise<void> {
  await chooseNode(page, card);
  const input = page.getByRole('textbox', { name: field }).or(page.getByRole('combobox', { name: field }));
  await input.fill(value);
  await input.blur();
}

test('a misspelt column is told before the run, and by the run in words that name the right one', async () => {
  await fill('Filter rows', 'Column', 'lenght');
  await page.getByLabel('Condition').selectOption('>');
  await fill('Filter rows', 'Value', '0');
  await fill('Train classifier', 'Target column', 'species');
  await page.getByText('Problems (1)').click();
  await page
    .getByRole('list', { name: 'Problems' })
    .getByText(/lenght.*did you mean.*length/i)
    .waitFor();
  await picture(page, 'new-user-02-problem');
  await run();
  const filter = nodeTitled(page, 'Filter rows');
  await filter.getByText('Failed').waitFor({ timeout: 240_000 });
  await nodeTitled(page, 'Evaluate').getByText('Skipped').waitFor();
  await chooseNode(page, 'Filter rows');
  await page.getByRole('tab', { name: 'Error' }).click();
  await page
    .getByText(/lenght.*did you mean.*length/)
    .first()
    .waitFor();
  await page.getByRole('region', { name: 'Traceback' }).waitFor();
  await picture(page, 'new-user-03-failed');
});

test('the mended pipeline runs to its end, and the result is understood', async () => {
  await page.getByRole('tab', { name: 'Config' }).click();
  await fill('Filter rows', 'Column', 'length');
  await run();
  const evaluate = nodeTitled(page, 'Evaluate');
  await evaluate.getByText('Succeeded').waitFor({ timeout: 240_000 });
  await chooseNode(page, 'Evaluate');
  await page.getByRole('tab', { name: 'Result' }).click();
  await page.getByLabel('Metrics').getByText('accuracy').waitFor();
  await picture(page, 'new-user-04-mended');
  const download = page.waitForEvent('download');
  await page
    .getByRole('link', { name: /^Download/ })
    .first()
    .click();
  expect((await download).suggestedFilename()).not.toBe('');
  expect(ana.errors).toEqual([]);
});
