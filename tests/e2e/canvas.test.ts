/** One person builds on the canvas without the palette: quick-add, keys, palette of commands. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from '../lib/api.ts';
import {
  closeByEscape,
  drag,
  hasCount,
  hasFocus,
  launchBrowser,
  newPerson,
  nodeTitled,
  type Person,
  picture,
  standsStill,
} from '../lib/browser.ts';
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
  await page.locator('.react-flow__pane').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const counts = async (nodes: number, edges: number): Promise<void> => {
  await hasCount(page.locator('.react-flow__node'), nodes);
  await hasCount(page.locator('.react-flow__edge'), edges);
};
const selected = () => page.locator('.react-flow__node.selected');
/** A click on the empty canvas gives it the keys and selects nothing. */
const clickCanvas = async (x: number, y: number): Promise<void> => {
  await page.mouse.click(x, y);
  await hasFocus(page.getByLabel('Pipeline canvas'));
  await hasCount(selected(), 0);
};
/** How large the canvas shows things. */
const zoom = (): Promise<number> =>
  page.locator('.react-flow__viewport').evaluate((viewport) => new DOMMatrix(getComputedStyle(viewport).transform).a);
const selectAll = async (nodes: number): Promise<void> => {
  await page.keyboard.press('Control+a');
  await hasCount(selected(), nodes);
};

test('a double click and Tab on the empty canvas open a list of cards there, and Enter adds one', async () => {
  await page.mouse.dblclick(360, 300);
  await page.getByRole('combobox', { name: 'Add a card' }).fill('load table');
  await picture(page, 'canvas-01-quick-add');
  await page.keyboard.press('Enter');
  await nodeTitled(page, 'Load table').waitFor();
  await page.getByRole('combobox', { name: 'Add a card' }).waitFor({ state: 'hidden' });
  await clickCanvas(700, 700);
  await page.keyboard.press('Tab');
  await page.getByRole('combobox', { name: 'Add a card' }).fill('no such card');
  await page.getByText('No card matches').waitFor();
  await closeByEscape(page.getByRole('dialog', { name: 'Add a card' }));
  await counts(1, 0);
});

test('a wire dropped on the canvas offers only cards that fit, and connects as one step', async () => {
  await drag(page, nodeTitled(page, 'Load table').getByLabel(/^Output dataset/), { x: 620, y: 330 });
  const list = page.getByRole('listbox', { name: 'Add a card that fits dataset' });
  await list.waitFor();
  expect(await list.getByText('Load table').count()).toBe(0);
  await picture(page, 'canvas-02-wire');
  await hasFocus(page.getByRole('combobox', { name: 'Add a card that fits dataset' }));
  await page.keyboard.type('split');
  await hasCount(list.getByRole('option', { name: /^Load/ }), 0);
  await page.keyboard.press('Enter');
  await list.waitFor({ state: 'hidden' });
  await nodeTitled(page, 'Split').waitFor();
  await counts(2, 1);
  await page.keyboard.press('Control+z');
  await counts(1, 0);
  await page.keyboard.press('Control+Shift+z');
  await counts(2, 1);
});

test('the palette of commands and the sheet of keys come from one table', async () => {
  await page.keyboard.press('Control+k');
  await page.getByRole('textbox', { name: 'Search commands' }).fill('shortcuts');
  await page.locator('[data-selected]').filter({ hasText: 'Keyboard shortcuts' }).waitFor();
  await picture(page, 'canvas-03-commands');
  await page.keyboard.press('Enter');
  const sheet = page.getByRole('dialog', { name: 'Keyboard shortcuts' });
  await sheet.getByText('Undo my last step').waitFor();
  await picture(page, 'canvas-04-keys');
  await closeByEscape(sheet);
  await page.keyboard.press('?');
  await sheet.waitFor();
  await closeByEscape(sheet);
});

test('copy, paste, duplicate, cut and the arrow keys work without a mouse', async () => {
  await clickCanvas(700, 750);
  await selectAll(2);
  await page.keyboard.press('Control+c');
  await page.keyboard.press('Control+v');
  await counts(4, 2);
  await page.keyboard.press('Control+d');
  await counts(6, 3);
  await page.keyboard.press('Control+x');
  await counts(4, 2);
  await page.keyboard.press('Control+z');
  await counts(6, 3);
  await selectAll(6);
  const split = nodeTitled(page, 'Split').first();
  const isAt = (y: number) =>
    eventually(
      () => split.boundingBox(),
      (box) => box !== null && Math.abs(box.y - y) < 1,
    );
  const before = await standsStill(split);
  // As a held key sends them. Presses that are a second apart, as on a busy machine, are steps of their own.
  await page.evaluate(() => {
    const press = { key: 'ArrowDown', shiftKey: true, bubbles: true, cancelable: true };
    for (let presses = 0; presses < 3; presses += 1)
      (document.activeElement ?? document.body).dispatchEvent(new KeyboardEvent('keydown', press));
  });
  await isAt(before.y + 60 * (await zoom()));
  await page.keyboard.press('Control+z');
  await isAt(before.y);
  await page.keyboard.press('ArrowUp');
  await isAt(before.y - 5 * (await zoom()));
  await page.keyboard.press('Control+z');
  await isAt(before.y);
  await page.keyboard.press('Escape');
  await hasCount(selected(), 0);
});

test('what is copied in one pipeline can be pasted into another', async () => {
  const here = page.url();
  await clickCanvas(700, 750);
  await selectAll(6);
  await page.keyboard.press('Control+c');
  await page.getByLabel(/^Save state: Saved/).waitFor();
  const [project] = (await (await page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  const made = await page.request.post(`${product.url}/api/projects/${project?.id}/pipelines`, {
    data: { name: 'Second' },
    headers: { origin: product.url },
  });
  await page.goto(`${product.url}/pipelines/${((await made.json()) as { id: string }).id}`);
  await page.getByText('This pipeline is empty').waitFor();
  await page.locator('.react-flow__pane').waitFor();
  await clickCanvas(700, 300);
  await page.keyboard.press('Control+v');
  await counts(6, 3);
  await page.getByLabel(/^Save state: Saved/).waitFor();
  await page.goto(here);
  await counts(6, 3);
});

test('tidy lays everything out as one step', async () => {
  await clickCanvas(700, 750);
  const gaps = async () => {
    const boxes = await Promise.all((await nodeTitled(page, 'Split').all()).map((node) => node.boundingBox()));
    const tops = boxes.map((box) => box?.y ?? 0).toSorted((a, b) => a - b);
    return [tops[1]! - tops[0]!, tops[2]! - tops[1]!].map((gap) => gap / (boxes[0]?.height ?? 1));
  };
  await eventually(gaps, (seen) => Math.min(...seen) < 1);
  await page.keyboard.press('Shift+T');
  await eventually(gaps, (seen) => Math.min(...seen) > 1);
  await picture(page, 'canvas-05-tidy');
  await page.keyboard.press('Control+z');
  await eventually(gaps, (seen) => Math.min(...seen) < 1);
  await page.keyboard.press('Control+Shift+z');
  await eventually(gaps, (seen) => Math.min(...seen) > 1);
});

test('Ctrl+F finds a card and goes there', async () => {
  await page.keyboard.press('Control+f');
  await page.getByRole('combobox', { name: 'Find a card of this pipeline' }).fill('split');
  await picture(page, 'canvas-06-find');
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Split' }).waitFor();
  await hasCount(selected(), 1);
});

test('B bypasses a card, and a card dropped on a connection goes into it', async () => {
  await page.keyboard.press('b');
  await page.getByText('Bypassed: passes its input on').waitFor();
  await picture(page, 'canvas-07-bypass');
  await page.keyboard.press('b');
  await page.getByText('Bypassed: passes its input on').waitFor({ state: 'hidden' });
  await page.keyboard.press('f');
  const edge = await standsStill(page.locator('.react-flow__edge-path').first());
  await drag(page, page.getByLabel('Card palette').getByText('std/sample'), { x: edge.x + edge.width / 2, y: edge.y + edge.height / 2 });
  await counts(7, 4);
  await picture(page, 'canvas-08-inserted');
  await page.keyboard.press('Control+z');
  await counts(6, 3);
});

test('no page reported an error', () => {
  expect(ana.errors).toEqual([]);
});
