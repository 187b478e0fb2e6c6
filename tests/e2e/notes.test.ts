/** Two people annotate one canvas: notes typed in at once, frames, splicing, the outline, a look into a port. */
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, importFolder } from '../lib/api.ts';
import { drag, hasCount, hasFocus, launchBrowser, newPerson, nodeTitled, type Person, picture, standsStill } from '../lib/browser.ts';
import { folder } from '../lib/folders.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let ben: Person;

beforeAll(async () => {
  product = await startProduct({ web: true });
  browser = await launchBrowser();
  [ana, ben] = [await newPerson(browser), await newPerson(browser, 'dark')];
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await ana.page.goto((body as { url: string }).url);
  await ana.page.getByRole('textbox').fill('Ana');
  await ana.page.getByRole('textbox').press('Enter');
  await ana.page.getByRole('button', { name: 'Invite' }).click();
  await ana.page.getByRole('button', { name: 'Make a link' }).click();
  const link = await eventually(
    () => ana.page.getByLabel('Invitation link', { exact: true }).inputValue(),
    (value) => value !== '',
  );
  await ben.page.goto(link);
  await ben.page.getByRole('textbox').fill('Ben');
  await ben.page.getByRole('button').filter({ hasText: /join/i }).click();
  await ben.page.getByRole('heading', { name: 'My first project' }).waitFor();
  const [project] = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  const { pipelineId } = await importFolder(
    product,
    project!.id,
    folder(
      [
        { id: 'Load', card: 'std/load_table' },
        { id: 'Part', card: 'std/sample' },
        { id: 'Look', card: 'std/sample' },
      ],
      ['Load.dataset -> Look.dataset'],
    ),
  );
  for (const { page } of [ana, ben]) {
    await page.goto(`${product.url}/pipelines/${pipelineId}`);
    await nodeTitled(page, 'Look').waitFor();
  }
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const note = ({ page }: Person) => page.locator('.react-flow__node-note');
const textOf = ({ page }: Person) => page.getByRole('textbox', { name: 'Text of the note, in markdown' });
const edges = ({ page }: Person, count: number) => hasCount(page.locator('.react-flow__edge'), count);
/** Where Ben sees the card once it is there: what Ana does arrives with him. */
const benSees = (title: string, at: (box: { x: number; y: number }) => boolean) =>
  eventually(
    () => nodeTitled(ben.page, title).boundingBox(),
    (box) => box !== null && at(box),
  );

test('both type in one note at once, and undo takes back my own words only', async () => {
  await ana.page.mouse.move(760, 640);
  await ana.page.keyboard.press('n');
  await hasFocus(textOf(ana));
  await ana.page.keyboard.type('**Ana** writes.');
  await note(ben).getByText('Ana', { exact: true }).waitFor();
  await note(ben).dblclick();
  await hasFocus(textOf(ben));
  await note(ana).getByText('Ben is editing').waitFor();
  await ana.page.keyboard.press('Home');
  await Promise.all([ana.page.keyboard.type('First: '), ben.page.keyboard.type(' Ben too.')]);
  for (const person of [ana, ben]) {
    await eventually(
      () => textOf(person).inputValue(),
      (text) => text === 'First: **Ana** writes. Ben too.',
    );
  }
  await picture(ana.page, 'notes-01-typing');
  // One step, but on a machine so busy that a second passes between two letters. Ben did nothing else that it could take back.
  await eventually(
    async () => {
      await ben.page.keyboard.press('Control+z');
      return textOf(ana).inputValue();
    },
    (text) => text === 'First: **Ana** writes.',
  );
  for (const { page } of [ana, ben]) await page.keyboard.press('Escape');
  await hasFocus(note(ana));
  await note(ana).locator('strong').getByText('Ana').waitFor();
  await note(ben).getByRole('button', { name: 'blue' }).waitFor({ state: 'detached' });
  await ana.page.getByRole('toolbar', { name: 'Node actions' }).getByRole('button', { name: 'blue' }).click();
  await ben.page.locator('.react-flow__node-note [style*="paint-blue"]').waitFor();
  await picture(ben.page, 'notes-02-note-dark');
});

test('a frame around two cards takes them along, live for everybody, as one step', async () => {
  await nodeTitled(ana.page, 'Load').locator('header').click();
  await nodeTitled(ana.page, 'Part')
    .locator('header')
    .click({ modifiers: ['Control'] });
  await hasCount(ana.page.locator('.react-flow__node.selected'), 2);
  await ana.page.keyboard.press('Shift+F');
  await hasFocus(ana.page.getByRole('textbox', { name: 'Title of the frame' }));
  await ana.page.keyboard.type('Preparation');
  await ana.page.keyboard.press('Enter');
  const title = ana.page.locator('.frame-handle').getByText('Preparation');
  await ben.page.locator('.frame-handle').getByText('Preparation').waitFor();
  await picture(ana.page, 'notes-03-frame');
  const before = await standsStill(nodeTitled(ben.page, 'Load'));
  const grip = await standsStill(title);
  await ana.page.mouse.move(grip.x + 8, grip.y + 8);
  await ana.page.mouse.down();
  await ana.page.mouse.move(grip.x + 8, grip.y - 132, { steps: 10 });
  await benSees('Load', ({ y }) => y < before.y - 60);
  await picture(ben.page, 'notes-04-frame-dragged-dark');
  await ana.page.mouse.up();
  await standsStill(nodeTitled(ben.page, 'Load'));
  await benSees('Load', ({ y }) => y < before.y - 60);
  await ana.page.keyboard.press('Control+z');
  await benSees('Load', ({ x, y }) => Math.abs(x - before.x) < 2 && Math.abs(y - before.y) < 2);
  await benSees('Part', ({ y }) => Math.abs(y - before.y) < 2);
});

test('an unconnected card that is dragged onto a connection goes into it, as one step with the move', async () => {
  const start = await standsStill(nodeTitled(ana.page, 'Part'));
  await drag(ana.page, nodeTitled(ana.page, 'Part').locator('header'), { x: start.x + 60, y: start.y - 150 });
  const aside = await standsStill(nodeTitled(ana.page, 'Part'));
  await edges(ben, 1);
  const wire = await standsStill(ana.page.locator('.react-flow__edge-path'));
  const head = await standsStill(nodeTitled(ana.page, 'Part').locator('header'));
  const onWire = { x: wire.x + wire.width / 2, y: wire.y + wire.height / 2 };
  await ana.page.mouse.move(head.x + head.width / 2, head.y + head.height / 2);
  await ana.page.mouse.down();
  await ana.page.mouse.move(onWire.x, onWire.y, { steps: 10 });
  await ana.page.locator('.react-flow__edge[data-drop-target]').waitFor({ state: 'attached' });
  await picture(ana.page, 'notes-05-splice');
  await ana.page.mouse.up();
  await edges(ben, 2);
  await ana.page.keyboard.press('Control+z');
  await edges(ben, 1);
  const back = await standsStill(nodeTitled(ana.page, 'Part'));
  expect(Math.hypot(back.x - aside.x, back.y - aside.y)).toBeLessThan(2);
  await ana.page.keyboard.press('Control+Shift+z');
  await edges(ben, 2);
});

test('the outline says what there is in the order in which it runs, and leads to it by keyboard', async () => {
  await ana.page.keyboard.press('Escape');
  await ana.page.keyboard.press('o');
  const tree = ana.page.getByRole('tree', { name: 'Outline of the pipeline' });
  await hasFocus(tree);
  await tree.getByRole('treeitem', { name: /^Load, feeds Part, std\/load_table/ }).waitFor();
  await tree.getByRole('treeitem', { name: /^Part, from Load · feeds Look, std\/sample/ }).waitFor();
  await tree.getByRole('treeitem', { name: /^Note: First: Ana writes/ }).waitFor();
  await ana.page.keyboard.press('Home');
  await hasFocus(tree.getByRole('treeitem', { name: /^Frame Preparation/ }));
  await ana.page.keyboard.press('ArrowDown');
  await hasFocus(tree.getByRole('treeitem', { name: /^Load/ }));
  await picture(ana.page, 'notes-06-outline');
  await ana.page.keyboard.press('Enter');
  await hasFocus(nodeTitled(ana.page, 'Load'));
  await ana.page.getByRole('heading', { name: 'Load', exact: true }).waitFor();
});

test('a port shows the table that came out of it, by mouse and by keyboard', async () => {
  await ana.page.keyboard.press('Control+Enter');
  await nodeTitled(ana.page, 'Load').locator('footer').getByText('Succeeded').waitFor({ timeout: 240_000 });
  const port = nodeTitled(ana.page, 'Load').getByLabel(/^Output dataset/);
  await port.click();
  const peek = ana.page.getByRole('dialog', { name: 'What is at this port' });
  await peek.getByRole('listitem').filter({ hasText: 'sepal length (cm)' }).getByText('4.3 – 7.9').waitFor();
  await peek.getByText('first 20 of 150 rows').waitFor();
  await picture(ana.page, 'notes-07-peek');
  await hasFocus(peek);
  await ana.page.keyboard.press('Escape');
  await peek.waitFor({ state: 'hidden' });
  await hasFocus(port);
  await nodeTitled(ana.page, 'Part').locator('header').click();
  await ana.page.keyboard.press('l');
  await peek.getByLabel('Port of Part').selectOption({ label: 'Input dataset of Part' });
  await peek.getByText('from dataset of Load').waitFor();
  await peek.getByRole('button', { name: 'Open the whole table' }).click();
  await ana.page.getByRole('dialog', { name: 'dataset' }).waitFor();
});

test('no page reported an error', () => {
  expect([...ana.errors, ...ben.errors]).toEqual([]);
});
