/** A result is pinned and stands for its card; an old run is opened as the pipeline was then. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, importFolder } from '../lib/api.ts';
import { hasCount, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
import { card, folder } from '../lib/folders.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let page: Page;
let pipelineUrl = '';

const feed = card('feed', 'pass');
const make = card('make', 'return {"value": storage.save_json("_p", "_n", "value", {"made": config["seconds"]})}', { data: 'json' });
const use = card(
  'use',
  'made = storage.load_json(inputs["data"])["made"]\nreturn {"value": storage.save_json("_p", "_n", "value", {"used": made + 100})}',
  { data: 'json' },
);

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
  await page.getByRole('list', { name: 'Pipelines' }).waitFor();
  const [project] = (await (await page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  const nodes = [
    { id: 'feed', card: 'feed' },
    { id: 'make', card: 'make', config: { seconds: 1 } },
    { id: 'use', card: 'use' },
  ];
  const cards = { 'feed.py': feed, 'make.py': make, 'use.py': use };
  const { pipelineId } = await importFolder(
    product,
    project!.id,
    folder(nodes, ['feed.value -> make.data', 'make.value -> use.data'], cards),
  );
  pipelineUrl = `${product.url}/pipelines/${pipelineId}`;
  await page.goto(pipelineUrl);
  await nodeTitled(page, 'use').waitFor();
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const footer = (title: string): Locator => nodeTitled(page, title).locator('footer');
const panel = (): Locator => page.getByRole('complementary', { name: 'Details' });
const open = async (title: string, tab: 'Config' | 'Result' | 'Code'): Promise<void> => {
  await nodeTitled(page, title).locator('header').click();
  await panel().getByRole('heading', { name: title }).waitFor();
  await panel().getByRole('tab', { name: tab }).click();
};
/** Runs the pipeline and waits for the end of that run. */
const run = async (number: number): Promise<void> => {
  await page.getByLabel(/^Save state: Saved/).waitFor();
  await page.getByRole('button', { name: 'Run', exact: true }).click();
  await page.getByRole('button', { name: `Run ${number}, succeeded. Show runs` }).waitFor({ timeout: 240_000 });
};
/** The result of a card shows this number under this name. */
const shows = async (title: string, name: string, value: string): Promise<void> => {
  await open(title, 'Result');
  await panel().getByText(name, { exact: true }).waitFor();
  await panel().getByText(value, { exact: true }).waitFor();
};

test('a pinned result stands for its card, says when it is old, and can be taken off', async () => {
  await run(1);
  await shows('make', 'made', '1');
  await panel().getByRole('button', { name: 'Pin this result' }).click();
  const mark = nodeTitled(page, 'make').getByLabel(/^Pinned: runs take the result of run 1/);
  await mark.waitFor();
  expect(
    await nodeTitled(page, 'make')
      .getByLabel(/have changed since/)
      .count(),
  ).toBe(0);
  await picture(page, 'pins-01-pinned');

  await open('make', 'Config');
  await panel().getByRole('textbox', { name: 'Seconds' }).fill('5');
  await panel().getByRole('textbox', { name: 'Seconds' }).press('Enter');
  await nodeTitled(page, 'make')
    .getByLabel(/have changed since/)
    .waitFor();
  await panel().getByText('Changed since: its settings', { exact: false }).waitFor();
  await picture(page, 'pins-02-changed');

  await run(2);
  await footer('make').getByText('pinned', { exact: true }).waitFor();
  await footer('feed').getByText('Not run: only feeds pinned cards').waitFor();
  await panel().getByText('Not run, because only pinned cards need it: feed.').waitFor();
  await picture(page, 'pins-03-run');
  await shows('use', 'used', '101');
  await shows('make', 'made', '1');

  // The key does the same as the button.
  await nodeTitled(page, 'make').locator('header').click();
  await page.keyboard.press('p');
  await mark.waitFor({ state: 'detached' });
  await run(3);
  await footer('feed').getByText('Succeeded').waitFor();
  await shows('use', 'used', '105');
  // The result of this run can be pinned from the menu, and the key of undo takes that back.
  await nodeTitled(page, 'make').locator('header').click({ button: 'right' });
  await page.getByRole('menuitem', { name: 'Pin the result, or not any more' }).click();
  await nodeTitled(page, 'make')
    .getByLabel(/^Pinned: runs take the result of run 3/)
    .waitFor();
  await picture(page, 'pins-06-repinned');
  await page.keyboard.press('Control+z');
  await hasCount(nodeTitled(page, 'make').getByLabel(/^Pinned:/), 0);
  // One card alone, on what there is: it is executed, and the card before it is not.
  await nodeTitled(page, 'use').locator('header').click();
  await page.getByRole('button', { name: 'Run a part' }).click();
  await page.getByRole('menuitem', { name: 'Run only the selected card, on what there is' }).hover();
  await picture(page, 'pins-07-parts');
  await page.getByRole('menuitem', { name: 'Run only the selected card, on what there is' }).click();
  await page.getByRole('button', { name: 'Run 4, succeeded. Show runs' }).waitFor({ timeout: 240_000 });
  await page.getByText('Only the chosen cards, on what there was').waitFor();
  await page.getByText('Taken from run 3: only a part was run.').waitFor();
  await picture(page, 'pins-08-only');
  expect(ana.errors).toEqual([]);
});

test('an old run opens as it was, whatever the pipeline has become, and changes nothing', async () => {
  await page.emulateMedia({ colorScheme: 'dark', reducedMotion: 'reduce' });
  await open('make', 'Code');
  const code = panel().locator('.monaco-editor');
  await code.getByText('BaseCard').first().waitFor();
  await code.locator('.view-line').first().click();
  await page.keyboard.press('Control+Home');
  await page.keyboard.type('# written later\n');
  await code.getByText('# written later').waitFor();
  await nodeTitled(page, 'feed').locator('header').click();
  await page.keyboard.press('Delete');
  await hasCount(page.locator('.react-flow__node'), 2);
  await page.getByLabel(/^Save state: Saved/).waitFor();

  await panel().getByText('Runs', { exact: true }).click();
  await panel().getByRole('link', { name: 'Open run 1 as it was' }).click();
  await page.getByText(/^Run 1 of .* by Ana, as it was\.$/).waitFor();
  await nodeTitled(page, 'feed').waitFor();
  await hasCount(page.locator('.react-flow__node'), 3);
  await hasCount(page.locator('.react-flow__edge'), 2);
  for (const title of ['feed', 'make', 'use']) await footer(title).getByText('Succeeded').waitFor();
  // Nothing has changed since, seen from there.
  await hasCount(page.getByLabel('Changed since this run'), 0);
  await picture(page, 'pins-04-old-run');
  await open('make', 'Config');
  await eventually(
    () => panel().getByRole('textbox', { name: 'Seconds' }).inputValue(),
    (value) => value === '1',
  );
  expect(await panel().getByRole('textbox', { name: 'Seconds' }).isEditable()).toBe(false);
  await shows('use', 'used', '101');
  await open('make', 'Code');
  await code.getByText('BaseCard').first().waitFor();
  expect(await code.getByText('# written later').count()).toBe(0);
  await picture(page, 'pins-05-old-code');

  // Keys and the hand change nothing.
  const place = () => nodeTitled(page, 'make').evaluate((node) => (node as { style?: { transform: string } }).style?.transform);
  const before = await place();
  await nodeTitled(page, 'make').locator('header').click();
  for (const keys of ['Delete', 'p', 'b', 'Control+z', 'Shift+ArrowDown', 'Shift+T']) await page.keyboard.press(keys);
  await nodeTitled(page, 'make').locator('header').hover();
  await page.mouse.down();
  await page.mouse.move(700, 700, { steps: 5 });
  await page.mouse.up();
  await hasCount(page.locator('.react-flow__node'), 3);
  expect(await place()).toBe(before);

  const address = page.url();
  await page.reload();
  await page.getByText(/^Run 1 of .* by Ana, as it was\.$/).waitFor();
  await hasCount(page.locator('.react-flow__node'), 3);
  expect(await place()).toBe(before);
  await page.getByRole('link', { name: 'Back to the present' }).click();
  await page.getByLabel('Card palette').getByText('std/split').waitFor();
  await hasCount(page.locator('.react-flow__node'), 2);
  await open('make', 'Config');
  await eventually(
    () => panel().getByRole('textbox', { name: 'Seconds' }).inputValue(),
    (value) => value === '5',
  );
  expect(ana.errors).toEqual([]);

  // An address that leads nowhere says so, and where to go.
  await page.goto(`${address}x`);
  await page.getByText('This run is not here').waitFor();
  await page.getByRole('link', { name: 'Open the pipeline as it is now' }).click();
  await nodeTitled(page, 'make').waitFor();
});
