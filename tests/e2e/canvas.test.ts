/** One person builds on the canvas without the palette: quick-add, keys, palette of commands. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from '../lib/api.ts';
import { drag, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let page: Page;

beforeAll(async () => {
  product = await startProduct({ web: true });
  browser = await launchBrowser();
  ana = await newPerson(browser);
  page = ana.page;
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await page.goto((body as { url: string }).url);
  await page.getByRole('textbox').fill('Ana');
  await page
    .getByRole('button')
    .filter({ hasText: /sign in|join|enter|continue/i })
    .click();
  await page.getByRole('list', { name: 'Pipelines' }).getByRole('link').first().click();
  await page.getByLabel('Card palette').getByText('std/split').waitFor();
}, 120_000);
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const counts = async (nodes: number, edges: number): Promise<void> => {
  await eventually(
    async () => [await page.locator('.react-flow__node').count(), await page.locator('.react-flow__edge').count()],
    ([seenNodes, seenEdges]) => seenNodes === nodes && seenEdges === edges,
    5_000,
  );
};

test('a double click and Tab on the empty canvas open a list of cards there, and Enter adds one', { timeout: 60_000 }, async () => {
  await page.mouse.dblclick(360, 300);
  await page.getByRole('combobox', { name: 'Add a card' }).fill('load table');
  await picture(page, 'canvas-01-quick-add');
  await page.keyboard.press('Enter');
  await nodeTitled(page, 'Load table').waitFor();
  await page.mouse.click(700, 700);
  await page.keyboard.press('Tab');
  await page.getByRole('combobox', { name: 'Add a card' }).fill('no such card');
  await page.getByText('No card matches').waitFor();
  await page.keyboard.press('Escape');
  expect(await page.getByRole('combobox', { name: 'Add a card' }).count()).toBe(0);
  await counts(1, 0);
});

test('a wire dropped on the canvas offers only cards that fit, and connects as one step', { timeout: 60_000 }, async () => {
  await drag(page, nodeTitled(page, 'Load table').getByLabel(/^Output dataset/), { x: 620, y: 330 });
  const list = page.getByRole('listbox', { name: 'Add a card that fits dataset' });
  await list.waitFor();
  expect(await list.getByText('Load table').count()).toBe(0);
  await picture(page, 'canvas-02-wire');
  await page.keyboard.type('split');
  await page.keyboard.press('Enter');
  await nodeTitled(page, 'Split').waitFor();
  await counts(2, 1);
  await page.keyboard.press('Control+z');
  await counts(1, 0);
  await page.keyboard.press('Control+Shift+z');
  await counts(2, 1);
});

test('the palette of commands and the sheet of keys come from one table', { timeout: 60_000 }, async () => {
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search commands' }).fill('shortcuts');
  await picture(page, 'canvas-03-commands');
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('Undo my last step').waitFor();
  await picture(page, 'canvas-04-keys');
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
  await page.keyboard.press('?');
  await sheet.waitFor();
  await page.keyboard.press('Escape');
  await sheet.waitFor({ state: 'hidden' });
});

test('copy, paste, duplicate, cut and the arrow keys work without a mouse', { timeout: 60_000 }, async () => {
  const selected = page.locator('.react-flow__node.selected');
  await page.mouse.click(700, 750);
  await page.keyboard.press('Control+a');
  await eventually(
    () => selected.count(),
    (count) => count === 2,
  );
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await counts(4, 2);
  await page.keyboard.press('Control+d');
  await counts(6, 3);
  await page.keyboard.press('Control+x');
  await counts(4, 2);
  await page.keyboard.press('Control+z');
  await counts(6, 3);
  await page.keyboard.press('Control+a');
  const before = await nodeTitled(page, 'Split').first().boundingBox();
  for (let presses = 0; presses < 3; presses++) await page.keyboard.press('Shift+ArrowDown');
  const after = await nodeTitled(page, 'Split').first().boundingBox();
  expect(after!.y).toBeGreaterThan(before!.y + 20);
  await page.keyboard.press('Control+z');
  const undone = await nodeTitled(page, 'Split').first().boundingBox();
  expect(Math.abs(undone!.y - before!.y)).toBeLessThan(1);
  await page.keyboard.press('Escape');
  expect(await selected.count()).toBe(0);
});

test('what is copied in one pipeline can be pasted into another', { timeout: 60_000 }, async () => {
  const here = page.url();
  await page.mouse.click(700, 750);
  await page.keyboard.press('Control+a');
  await page.keyboard.press('Control+c');
  await page.getByLabel(/^Save state: Saved/).waitFor();
  const [project] = (await (await page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  const made = await page.request.post(`${product.url}/api/projects/${project?.id}/pipelines`, {
    data: { name: 'Second' },
    headers: { origin: product.url },
  });
  await page.goto(`${product.url}/pipelines/${((await made.json()) as { id: string }).id}`);
  await page.getByText('This pipeline is empty').waitFor();
  await page.mouse.click(700, 300);
  await page.keyboard.press('Control+v');
  await counts(6, 3);
  await page.getByLabel(/^Save state: Saved/).waitFor();
  await page.goto(here);
  await counts(6, 3);
});

test('tidy lays everything out as one step', { timeout: 60_000 }, async () => {
  await page.mouse.click(700, 750);
  const gaps = async () => {
    const boxes = await Promise.all((await nodeTitled(page, 'Split').all()).map((node) => node.boundingBox()));
    const tops = boxes.map((box) => box?.y ?? 0).toSorted((a, b) => a - b);
    return [tops[1]! - tops[0]!, tops[2]! - tops[1]!].map((gap) => gap / (boxes[0]?.height ?? 1));
  };
  await eventually(gaps, (seen) => Math.min(...seen) < 1);
  await page.keyboard.press('Shift+T');
  await eventually(gaps, (seen) => Math.min(...seen) > 1, 10_000);
  await picture(page, 'canvas-05-tidy');
  await page.keyboard.press('Control+z');
  await eventually(gaps, (seen) => Math.min(...seen) < 1);
  await page.keyboard.press('Control+Shift+z');
  await eventually(gaps, (seen) => Math.min(...seen) > 1);
});

test('Ctrl+F finds a card and goes there', { timeout: 60_000 }, async () => {
  await page.keyboard.press('Control+f');
  await page.getByRole('combobox', { name: 'Find a card of this pipeline' }).fill('split');
  await picture(page, 'canvas-06-find');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Split' }).waitFor();
  expect(await page.locator('.react-flow__node.selected').count()).toBe(1);
});

test('B bypasses a card, and a card dropped on a connection goes into it', { timeout: 60_000 }, async () => {
  await page.keyboard.press('b');
  await page.getByText('Bypassed: passes its input on').waitFor();
  await picture(page, 'canvas-07-bypass');
  await page.keyboard.press('b');
  await page.getByText('Bypassed: passes its input on').waitFor({ state: 'hidden' });
  await page.keyboard.press('f');
  const edge = await page.locator('.react-flow__edge-path').first().boundingBox();
  await drag(page, page.getByLabel('Card palette').getByText('std/sample'), {
    x: edge!.x + edge!.width / 2,
    y: edge!.y + edge!.height / 2,
  });
  await counts(7, 4);
  await picture(page, 'canvas-08-inserted');
  await page.keyboard.press('Control+z');
  await counts(6, 3);
});

test('no page reported an error', () => {
  expect(ana.errors).toEqual([]);
});
