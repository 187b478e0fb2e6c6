/** A zip from elsewhere is dropped on the page, its report is read, and the project goes out again. */
import { readFileSync } from 'node:fs';
import { strToU8, unzipSync, zipSync } from 'fflate';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hasCount, launchBrowser, newPerson, type Person, picture } from '../lib/browser.ts';
import { type Product, removeDirectory, startProduct } from '../lib/product.ts';

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

const PIPELINE = {
  nodes: [
    { id: 'rows', type: 'custom', position: { x: 0, y: 0 }, data: { label: 'Rows', cardSchema: { card_type: 'std/load_table' } } },
    { id: 'halves', type: 'custom', position: { x: 320, y: 0 }, data: { cardSchema: { card_type: 'std/split' } } },
    { id: 'lost', type: 'custom', position: { x: 640, y: 0 }, data: { cardSchema: { card_type: 'gone_card' } } },
  ],
  edges: [{ id: 'e', source: 'rows', target: 'halves' }],
};
const zip = (files: Record<string, string>): Uint8Array =>
  zipSync(Object.fromEntries(Object.entries(files).map(([name, text]) => [name, strToU8(text)])));

/** Lets a file go over the middle of the page, as a file manager does. */
async function dropOnPage(page: Page, name: string, bytes: Uint8Array): Promise<void> {
  const transfer = await page.evaluateHandle(
    ([called, content]) => {
      const data = new DataTransfer();
      data.items.add(new File([Uint8Array.from(content)], called));
      return data;
    },
    [name, [...bytes]] as const,
  );
  for (const event of ['dragover', 'drop'])
    await page.dispatchEvent('main', event, { dataTransfer: transfer, bubbles: true, cancelable: true });
}

test('a dropped zip becomes a project with a report in plain words, and is exported again', async () => {
  const { page } = ana;
  await page.goto(/http\S*\/join\/\S+/.exec(product.output())![0]);
  await page.getByRole('textbox').fill('Ana');
  await page.getByRole('textbox').press('Enter');
  await page.getByRole('heading', { name: 'My first project' }).waitFor();
  await page.goto(product.url);
  await page.getByRole('button', { name: 'Import' }).waitFor();

  await dropOnPage(page, 'table.csv', strToU8('a,b\n1,2\n'));
  const dialog = page.getByRole('dialog');
  await dialog.getByText('Drop one zip file, or the folder of a project itself.').waitFor();
  await page.keyboard.press('Escape');
  await hasCount(dialog, 0);
  await dropOnPage(page, 'broken.zip', zip({ 'a.txt': 'x' }).slice(0, -9));
  await dialog.getByText('The zip is broken or cut off').waitFor();
  await dialog.getByRole('button', { name: 'Try another' }).click();
  await page.keyboard.press('Escape');
  await hasCount(dialog, 0);

  await dropOnPage(page, 'shop.zip', zip({ 'shop/_pipeline.json': JSON.stringify(PIPELINE), 'shop/README.md': '# Shop' }));
  await dialog.getByText('Imported into “shop”').waitFor();
  await dialog.getByRole('region', { name: 'Taken over' }).getByText('3 nodes and 1 connection').waitFor();
  await dialog.getByRole('region', { name: 'Guessed: have a look' }).getByText('these fit by name').waitFor();
  const lost = dialog.getByRole('region', { name: 'Not understood' });
  await lost.getByText('No card file has the type "gone_card"').waitFor();
  await lost.getByText('README.md is no part of a project').waitFor();
  await lost.getByLabel('2 findings').waitFor();
  await picture(page, 'import-report');

  await dialog.getByRole('button', { name: 'Open the pipeline' }).click();
  await hasCount(page.locator('.react-flow__node'), 3);
  await page.getByRole('button', { name: 'Export', exact: true }).click();
  await page.getByRole('menuitem', { name: /One Python script/ }).waitFor();
  await picture(page, 'export-menu');
  const waiting = page.waitForEvent('download');
  await page.getByRole('menuitem', { name: /Project as a zip/ }).click();
  const download = await waiting;
  expect(download.suggestedFilename()).toBe('shop.zip');
  const bytes = new Uint8Array(readFileSync(await download.path()));
  expect(Object.keys(unzipSync(bytes))).toEqual(['_pipeline.json', 'ensemble.json', 'pipelines/shop.json', 'pipelines/shop.layout.json']);

  // Into a project that is there: the same again, as one more pipeline of it.
  await page.getByRole('link', { name: 'shop', exact: true }).click();
  await page.getByRole('heading', { name: 'shop', level: 1 }).waitFor();
  await dropOnPage(page, 'shop.zip', bytes);
  await dialog.getByText('Imported into “shop”').waitFor();
  await dialog.getByRole('button', { name: 'Close', exact: true }).last().click();
  await hasCount(page.getByRole('list', { name: 'Pipelines' }).getByRole('listitem'), 2);
  expect(ana.errors.filter((error) => !error.includes('422'))).toEqual([]);
});
