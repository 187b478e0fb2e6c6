/** Two people in two browsers build one pipeline, run it and watch it. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, importFolder } from '../lib/api.ts';
import { card, folder, sleepCard } from '../lib/folders.ts';
import { drag, hasCount, launchBrowser, newPerson, nodeTitled, type Person, picture, standsStill } from '../lib/browser.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let ben: Person;
let pipelineUrl = '';

beforeAll(async () => {
  product = await startProduct({ web: true });
  browser = await launchBrowser();
  [ana, ben] = [await newPerson(browser), await newPerson(browser, 'dark')];
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const add = async (person: Person, card: string): Promise<void> => {
  await person.page.getByRole('button', { name: `Add ${card} to canvas` }).click();
};
const CARD_MS = 240_000;
const showsState = (page: Page, title: string, state: RegExp) =>
  nodeTitled(page, title).locator('footer').getByText(state).waitFor({ timeout: CARD_MS });
const edges = (person: Person, count: number) => hasCount(person.page.locator('.react-flow__edge'), count);
const saved = (person: Person) => person.page.getByLabel(/^Save state: Saved/).waitFor();
/** Puts the head of a node at a point of the window, and waits until both people see it there and it is saved. */
const place = async (person: Person, title: string, x: number, y: number): Promise<void> => {
  await drag(person.page, nodeTitled(person.page, title).locator('header'), { x, y });
  const { x: left, y: top } = await standsStill(nodeTitled(person.page, title));
  await eventually(
    () => Promise.all([ana, ben].map(({ page }) => nodeTitled(page, title).boundingBox())),
    (boxes) => boxes.every((box) => box !== null && Math.abs(box.x - left) < 2 && Math.abs(box.y - top) < 2),
  );
  await saved(person);
};

test('the owner enters by the link, and it works once', async () => {
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  const { url } = body as { url: string };
  await ana.page.goto(url);
  await ana.page.getByRole('textbox').fill('Ana');
  await picture(ana.page, '01-owner-link');
  await ana.page
    .getByRole('button')
    .filter({ hasText: /sign in|join|enter|continue/i })
    .click();
  await ana.page.getByRole('heading', { name: 'My first project' }).waitFor();
  await picture(ana.page, '02-project');
  await ben.page.goto(url);
  await ben.page
    .getByText(/already|used|expired/i)
    .first()
    .waitFor();
  await picture(ben.page, '03-used-link');
});

test('a colleague joins by an invitation and a name', async () => {
  await ana.page.getByRole('button', { name: 'Invite' }).click();
  await ana.page.getByRole('button', { name: 'Make a link' }).click();
  const link = await eventually(
    () => ana.page.getByLabel('Invitation link', { exact: true }).inputValue(),
    (value) => value !== '',
  );
  await picture(ana.page, '04-invite');
  await ana.page.getByRole('button', { name: 'Done' }).click();
  await ben.page.goto(link);
  await ben.page.getByRole('textbox').fill('Ben');
  await picture(ben.page, '05-invitation');
  await ben.page.getByRole('button').filter({ hasText: /join/i }).click();
  await ben.page.getByRole('heading', { name: 'My first project' }).waitFor();
});

test('both build one pipeline at once', async () => {
  await ana.page.getByRole('list', { name: 'Pipelines' }).getByRole('link').first().click();
  await ana.page.getByLabel('Card palette').getByText('std/split').waitFor();
  pipelineUrl = ana.page.url();
  await ben.page.goto(pipelineUrl);
  await ben.page.getByLabel('Card palette').getByText('std/split').waitFor();
  await picture(ana.page, '06-empty-canvas');

  await add(ana, 'Load table');
  await nodeTitled(ben.page, 'Load table').waitFor();
  await place(ana, 'Load table', 345, 380);
  // A card dragged from the palette, the other way to add one.
  await drag(ben.page, ben.page.getByLabel('Card palette').getByText('std/split'), ben.page.getByLabel('Pipeline canvas'));
  await nodeTitled(ana.page, 'Split').waitFor();
  await place(ben, 'Split', 690, 380);
  await drag(
    ana.page,
    nodeTitled(ana.page, 'Load table').getByLabel(/^Output dataset/),
    nodeTitled(ana.page, 'Split').getByLabel(/^Input dataset/),
  );
  await edges(ben, 1);

  // Ana's undo takes back her edge and leaves Ben's card alone; redo brings it back.
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await edges(ben, 0);
  expect(await nodeTitled(ana.page, 'Split').count()).toBe(1);
  await ana.page.getByRole('button', { name: 'Redo' }).click();
  await edges(ben, 1);
  await saved(ana);
});

test('the keyboard connects as well, and a refused edge says why', async () => {
  await add(ana, 'Train classifier');
  await place(ana, 'Train classifier', 925, 190);
  await add(ben, 'Evaluate');
  await place(ben, 'Evaluate', 925, 580);

  // Without a mouse: the node's menu lists what fits.
  await nodeTitled(ben.page, 'Split').click();
  await ben.page.getByRole('button', { name: 'Connect…' }).click();
  await ben.page.getByRole('dialog').waitFor();
  await picture(ben.page, '07-connect-dialog');
  await ben.page
    .getByRole('list', { name: 'Possible connections' })
    .getByRole('button')
    .filter({ hasText: 'Train classifier' })
    .filter({ hasText: /^train/ })
    .first()
    .press('Enter');
  await edges(ana, 2);

  const refused = nodeTitled(ana.page, 'Train classifier').getByLabel(/^Output model/);
  await drag(ana.page, refused, nodeTitled(ana.page, 'Evaluate').getByLabel(/^Input test/));
  await ana.page
    .getByText(/model.*(dataframe|table)|dataframe.*model/i)
    .first()
    .waitFor();
  await picture(ana.page, '08-refused-edge');
  await drag(ana.page, refused, nodeTitled(ana.page, 'Evaluate').getByLabel(/^Input model/));
  await drag(
    ana.page,
    nodeTitled(ana.page, 'Split').getByLabel(/^Output test/),
    nodeTitled(ana.page, 'Evaluate').getByLabel(/^Input test/),
  );
  await edges(ben, 4);
  await saved(ana);
});

test('a config field is live for everybody, and its problem is told', async () => {
  await nodeTitled(ana.page, 'Split').locator('header').click();
  await nodeTitled(ben.page, 'Split').locator('header').click();
  await ana.page.getByLabel('Test share', { exact: true }).fill('7');
  await eventually(
    () => ben.page.getByLabel('Test share', { exact: true }).inputValue(),
    (value) => value === '7',
  );
  await nodeTitled(ben.page, 'Split')
    .getByLabel(/problem/)
    .waitFor();
  await picture(ben.page, '09-config-problem');
  await ben.page.getByLabel('Test share', { exact: true }).fill('0.3');
  await eventually(
    () => ana.page.getByLabel('Test share', { exact: true }).inputValue(),
    (value) => value === '0.3',
  );
});

test('cursor and selection of the other person are shown with the name', async () => {
  await ben.page.getByLabel('Pipeline canvas').hover({ position: { x: 420, y: 120 } });
  await ben.page.mouse.move(700, 200, { steps: 5 });
  await ana.page.locator('[class*=cursor]').filter({ hasText: 'Ben' }).first().waitFor();
  await nodeTitled(ana.page, 'Split').getByText('Ben').waitFor();
  await picture(ana.page, '10-presence');
});

test('Ana runs it; Ben sees every step live, and the result', async () => {
  await ana.page.getByRole('button', { name: 'Run', exact: true }).click();
  await ben.page.getByRole('button', { name: /^Run 1, / }).waitFor();
  // Editing goes on during the run; the run holds its own version, and the node says that it drifted.
  await nodeTitled(ben.page, 'Train classifier').locator('header').click();
  await ben.page.getByLabel('Model', { exact: true }).selectOption({ label: 'random_forest' });
  await nodeTitled(ana.page, 'Train classifier').getByLabel('Changed since this run').waitFor();
  for (const title of ['Load table', 'Split', 'Train classifier', 'Evaluate']) await showsState(ben.page, title, /succeeded/i);
  await nodeTitled(ben.page, 'Evaluate').locator('header').click();
  await ben.page.getByRole('tab', { name: 'Result' }).click();
  await ben.page.getByText('accuracy', { exact: true }).waitFor();
  await picture(ben.page, '11-result-dark');
  await nodeTitled(ana.page, 'Split').locator('header').click();
  await ana.page.getByRole('tab', { name: 'Result' }).click();
  await ana.page.getByRole('table').first().waitFor();
  await picture(ana.page, '12-result-light');
  await ben.page.getByRole('button', { name: /^Run 1, succeeded/ }).click();
  await ben.page.getByText(/Isolation/).waitFor();
  await picture(ben.page, '13-runs-panel');
});

test('who opens the page in the middle of a run sees all of it, and Cancel ends it for everybody', async () => {
  const [project] = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  const sleeping = folder(
    [
      { id: 'first', card: 'sleep', config: { seconds: 0 } },
      { id: 'slow', card: 'sleep', config: { seconds: 900 } },
      { id: 'last', card: 'after' },
    ],
    ['slow.value -> last.data'],
    { 'sleep.py': sleepCard, 'after.py': card('after', 'pass', { data: 'json' }) },
  );
  const { pipelineId } = await importFolder(product, project?.id ?? '', sleeping);
  await ana.page.goto(`${product.url}/pipelines/${pipelineId}`);
  await nodeTitled(ana.page, 'slow').waitFor();
  await ana.page.getByRole('button', { name: 'Run', exact: true }).click();
  await showsState(ana.page, 'first', /succeeded/i);
  const late = await ben.context.newPage();
  await late.goto(`${product.url}/pipelines/${pipelineId}`);
  await showsState(late, 'slow', /running/i);
  await showsState(late, 'first', /succeeded/i);
  await nodeTitled(late, 'slow').locator('header').click();
  await late.getByRole('tab', { name: 'Log' }).click();
  await late.getByText('sleeping').waitFor({ timeout: CARD_MS });
  await picture(late, '16-mid-run');
  await ana.page.getByRole('button', { name: 'Cancel run' }).click();
  await showsState(late, 'slow', /cancelled/i);
  await showsState(late, 'last', /cancelled/i);
  await late.close();
  await ana.page.goto(pipelineUrl);
});

test('Ben reloads and everything is there', async () => {
  await saved(ben);
  await ben.page.reload();
  for (const title of ['Load table', 'Split', 'Train classifier', 'Evaluate']) await showsState(ben.page, title, /succeeded/i);
  await edges(ben, 4);
  await nodeTitled(ben.page, 'Train classifier').locator('header').click();
  await ben.page.getByRole('tab', { name: 'Config' }).click();
  await eventually(
    () => ben.page.getByLabel('Model', { exact: true }).locator('option:checked').innerText(),
    (model) => model === 'random_forest',
  );
});

test('the server is killed and comes back: Offline, then saved, and nothing is lost', async () => {
  const { directory, url } = product;
  await product.kill();
  await ben.page.getByLabel(/^Save state: Offline/).waitFor();
  await nodeTitled(ben.page, 'Evaluate').locator('header').click();
  await ben.page.getByRole('tab', { name: 'Config' }).click();
  await ben.page.getByLabel('Title', { exact: true }).fill('Scores');
  await picture(ben.page, '14-offline');
  product = await startProduct({ web: true, directory, port: Number(new URL(url).port) });
  await nodeTitled(ana.page, 'Scores').waitFor({ timeout: CARD_MS });
  await saved(ben);
});

test('a viewer sees everything and can change nothing', async () => {
  const projectId = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  const made = await ana.page.request.post(`${product.url}/api/projects/${projectId[0]?.id}/invitations`, {
    data: { role: 'viewer' },
    headers: { origin: product.url },
  });
  const { url } = (await made.json()) as { url: string };
  const vera = await newPerson(browser);
  await vera.page.goto(url);
  await vera.page.getByRole('textbox').fill('Vera');
  await vera.page.getByRole('button').filter({ hasText: /join/i }).click();
  await vera.page.getByRole('heading', { name: 'My first project' }).waitFor();
  await vera.page.goto(pipelineUrl);
  await nodeTitled(vera.page, 'Scores').waitFor();
  await showsState(vera.page, 'Scores', /succeeded/i);
  expect(await vera.page.getByRole('button', { name: 'Add Split to canvas' }).count()).toBe(0);
  await picture(vera.page, '15-viewer');
  await vera.context.close();
});

test('no page reported an error', () => {
  // Killing the server on purpose is the only thing a console may complain about.
  const real = [...ana.errors, ...ben.errors].filter(
    (text) => !/net::ERR_(CONNECTION_|EMPTY_RESPONSE|SOCKET_)|WebSocket connection|status of (4\d\d|503)/.test(text),
  );
  expect(real).toEqual([]);
});
