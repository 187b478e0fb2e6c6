/** Two people write one card in two browsers; a third may only look. What counts is what the server has in the end. */
import { openProvider } from '@ensemble/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, importFolder } from '../lib/api.ts';
import { editAtRandom } from '../lib/edit-at-random.ts';
import { enter, hasCount, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
import { card, folder } from '../lib/folders.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let ben: Person;
let vera: Person;
let projectId = '';
let pipelineUrl = '';

const SOURCE = card('scale', 'print("scaling")', { dataset: 'dataframe' }).trimStart();
/** Pyright is read, fed and has to look through pandas, on whatever machine this is. */
const TYPES_START_MS = 120_000;
const urls = new Map<string, string>();
const ids = new Map<string, string>();

beforeAll(async () => {
  product = await startProduct({ web: true });
  browser = await launchBrowser();
  [ana, ben, vera] = [await newPerson(browser), await newPerson(browser, 'dark'), await newPerson(browser)];
  await enter(ana, ((await call(product, 'POST', '/api/owner-link', {})).body as { url: string }).url, 'Ana');
  const [project] = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  projectId = project!.id;
  const invite = async (role: string) =>
    ((await call(product, 'POST', `/api/projects/${projectId}/invitations`, { role })).body as { url: string }).url;
  await enter(ben, await invite('editor'), 'Ben');
  await enter(vera, await invite('viewer'), 'Vera');
  const files = {
    'scale.py': SOURCE,
    'busy.py': SOURCE.replaceAll('"scale"', '"busy"'),
    'long.py': SOURCE.replaceAll('"scale"', '"long"'),
    'typed.py': SOURCE.replaceAll('"scale"', '"typed"'),
  };
  const { pipelineId } = await importFolder(product, projectId, folder([{ id: 'scale', card: 'scale' }], [], files));
  pipelineUrl = `${product.url}/pipelines/${pipelineId}`;
  for (const name of ['scale', 'busy', 'long', 'typed']) {
    const found = (
      await call(product, 'GET', `/api/projects/${projectId}/cards/search?text=${encodeURIComponent(`card_type = "${name}"`)}`)
    ).body as { cardId: string }[];
    ids.set(name, found[0]!.cardId);
    urls.set(name, `${product.url}/projects/${projectId}/cards/${found[0]!.cardId}`);
  }
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

/** What the server gives to whoever opens the card now. */
async function stored(name: string): Promise<string> {
  const client = await openProvider({
    url: `${product.url.replace('http', 'ws')}/collab`,
    documentName: `card:${ids.get(name)!}`,
    headers: { authorization: `Bearer ${product.token}` },
  });
  const source = client.doc.getText('source').toJSON();
  client.destroy();
  return source;
}

async function open({ page }: Person, name: string): Promise<void> {
  await page.goto(urls.get(name)!);
  await page.locator('.monaco-editor .view-line', { hasText: 'class Card' }).waitFor();
  await page.getByRole('heading', { name: 'Its form, to try' }).waitFor();
}

/** Puts the cursor behind a line that can be seen. */
async function atEndOf({ page }: Person, text: string): Promise<void> {
  await page.locator('.monaco-editor .view-line', { hasText: text }).first().click();
  await page.keyboard.press('End');
}

async function left({ page }: Person, steps: number): Promise<void> {
  for (let step = 0; step < steps; step += 1) await page.keyboard.press('ArrowLeft');
}

const shows = ({ page }: Person, text: string): Promise<void> =>
  page.locator('.monaco-editor .view-line', { hasText: text }).first().waitFor();

/** What the clipboard would get: the whole text of the editor, as it copies everything. */
async function textOf({ page }: Person): Promise<string> {
  // The lines themselves are as long as the text; this is the part that can be seen.
  await page
    .locator('.monaco-editor .overflow-guard')
    .first()
    .click({ position: { x: 300, y: 24 } });
  await page.keyboard.press('Control+A');
  return page.evaluate(() => {
    const data = new DataTransfer();
    document.activeElement?.dispatchEvent(new ClipboardEvent('copy', { clipboardData: data, bubbles: true, cancelable: true }));
    return data.getData('text/plain');
  });
}

const paste = (page: Page, text: string): Promise<void> =>
  page.evaluate((pasted) => {
    const data = new DataTransfer();
    data.setData('text/plain', pasted);
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, text);

/** Both editors and the server have one text; resolves with it. */
async function agreed(name: string): Promise<string> {
  const texts = await eventually(
    async () => [await textOf(ana), await textOf(ben), await stored(name)],
    (found) => new Set(found).size === 1,
  );
  return texts[0]!;
}

test('from a node to its code, and a colleague’s cursor with their name', async () => {
  await ana.page.goto(pipelineUrl);
  await nodeTitled(ana.page, 'scale').locator('header').click();
  await ana.page.getByRole('tab', { name: 'Code' }).click();
  await ana.page.getByRole('link', { name: 'Open editor' }).click();
  await shows(ana, 'class Card');
  await open(ben, 'scale');
  await atEndOf(ben, 'display_name');
  await ana.page.getByRole('link', { name: 'Back to' }).click();
  await ana.page.getByRole('link', { name: /^Ben, in scale\.py, line \d+: click to follow/ }).click();
  await ana.page.getByText(/^You follow Ben/).waitFor();
  await ana.page.getByRole('button', { name: /^Ben, in this file/ }).click();
  await ana.page.locator('.monaco-editor').getByText('Ben', { exact: true }).waitFor({ state: 'attached' });
  await picture(ana.page, 'card-editor');
});

test('both type at once, one pastes from Windows, and my undo leaves the other’s typing alone', async () => {
  await atEndOf(ana, 'display_name');
  await atEndOf(ben, 'category');
  const letters = (person: Person, word: string) => person.page.keyboard.type(word, { delay: 5 });
  await Promise.all([letters(ana, '  # first of ana'), letters(ben, '  # first of ben')]);
  await ana.page.keyboard.press('Enter');
  await paste(ana.page, 'retries = 1\r\n    cache = False');
  await shows(ben, 'cache = False');
  await shows(ana, '# first of ben');
  const both = await agreed('scale');
  expect(both).not.toContain('\r');
  expect(both).toMatch(/display_name = "scale" {2}# first of ana\n {4}retries = 1\n {4}cache = False\n/);

  await atEndOf(ben, '# first of ben');
  await ben.page.keyboard.type(', more');
  await shows(ana, '# first of ben, more');
  await atEndOf(ana, 'cache = False');
  // By the editor's own keys, then by the button: both end at the same history.
  for (const key of ['Control+z', 'Control+z']) await ana.page.keyboard.press(key);
  await eventually(
    () => stored('scale'),
    (text) => !text.includes('retries'),
  );
  await ana.page.getByRole('button', { name: 'Undo' }).click();
  await eventually(
    () => stored('scale'),
    (text) => !text.includes('# first of ana') && text.includes('# first of ben, more'),
  );
  await ana.page.getByRole('button', { name: 'Redo' }).click();
  await eventually(
    () => stored('scale'),
    (text) => text.includes('# first of ana'),
  );
  await agreed('scale');
});

test('several cursors of one person and a colleague in the same lines', async () => {
  await atEndOf(ana, 'return storage.load_json');
  await left(ana, 'ts["value"])'.length);
  // All places of the word that the cursor is in.
  await ana.page.keyboard.press('Control+F2');
  await atEndOf(ben, 'category');
  await Promise.all([ana.page.keyboard.type('made'), ben.page.keyboard.type('!')]);
  await eventually(
    () => stored('scale'),
    (text) => text.includes('(self, made, storage)') && text.includes('load_json(made["value"])') && text.includes('more!'),
  );
  await agreed('scale');
});

test('both see what is wrong, nobody is held up, and the mended card is everywhere', async () => {
  await vera.page.goto(pipelineUrl);
  await nodeTitled(vera.page, 'scale')
    .getByLabel(/^Input dataset/)
    .waitFor();
  const nameCardType = async (from: string, to: string) => {
    await atEndOf(ana, from);
    await ana.page.keyboard.press('Home');
    await ana.page.keyboard.press('Control+Shift+ArrowRight');
    await ana.page.keyboard.type(to);
  };
  await nameCardType('card_type', 'kind_of_card');
  for (const { page } of [ana, ben])
    await page
      .getByRole('list', { name: 'Problems of this card' })
      .getByText(/card_type/)
      .first()
      .waitFor();
  await ben.page.getByText('This draft has errors').waitFor();
  // The last valid card stays in use, and its node says what is the matter.
  await nodeTitled(vera.page, 'scale')
    .getByRole('img', { name: /problem/ })
    .waitFor();
  expect(
    await nodeTitled(vera.page, 'scale')
      .getByLabel(/^Input dataset/)
      .count(),
  ).toBe(1);
  // A click on a problem goes to its line.
  await ben.page.getByRole('list', { name: 'Problems of this card' }).getByRole('button').first().click();

  await nameCardType('kind_of_card', 'card_type');
  await atEndOf(ana, 'input_schema');
  await left(ana, '":"dataframe"}'.length);
  await ana.page.keyboard.press('Control+Shift+ArrowLeft');
  await ana.page.keyboard.type('table');
  await nodeTitled(vera.page, 'scale')
    .getByLabel(/^Input table/)
    .waitFor();
  await ben.page.getByLabel(/Inputs: table \(dataframe\)/).waitFor();
  await ben.page.getByText('No problems: this is a valid card.').waitFor();
  await picture(ben.page, 'card-editor-dark');
});

test('what the card declares is offered, and formatting is one step of undo', async () => {
  await atEndOf(ana, 'print("scaling")');
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.type('rate = config["');
  await ana.page.locator('.suggest-widget').getByText('seconds', { exact: true }).first().waitFor();
  await ana.page.keyboard.press('Enter');
  await shows(ana, 'rate = config["seconds"]');
  await ana.page.keyboard.press('End');
  await ana.page.keyboard.type("; half=  rate/2 ; print( 'half',half )");
  const untidy = await agreed('scale');
  await ana.page.getByRole('button', { name: 'Format' }).click();
  await shows(ben, 'half = rate / 2');
  const tidy = await agreed('scale');
  expect(tidy).toContain('print("half", half)');
  await ana.page.keyboard.press('Control+z');
  await eventually(
    () => stored('scale'),
    (text) => text === untidy,
  );
});

test('types of libraries are checked, offered and explained to whoever asked for them', async () => {
  await open(ana, 'typed');
  await ana.page.getByRole('button', { name: 'Settings of the code editor' }).click();
  await ana.page.getByRole('switch', { name: 'Type checking and library completion' }).press('Space');
  await picture(ana.page, 'card-editor-settings');
  await ana.page.keyboard.press('Escape');
  await atEndOf(ana, 'print("scaling")');
  await ana.page.keyboard.press('Enter');
  await paste(ana.page, 'table = storage.load_dataframe(inputs["dataset"]).head("five")');
  await ana.page
    .getByRole('list', { name: 'Problems of this card' })
    .getByText(/cannot be assigned to parameter "n" of type "int" in function "head"/)
    .waitFor({ timeout: TYPES_START_MS });
  await ana.page.getByText('1 warning, 1 type note', { exact: true }).waitFor();
  // It is a doubt of one person's editor: the card is valid, for them and for everybody.
  await open(ben, 'typed');
  await shows(ben, 'head("five")');
  await ben.page.getByText('1 warning', { exact: true }).waitFor();
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.type('table.groupb');
  await ana.page.locator('.suggest-widget').getByText('groupby', { exact: true }).first().waitFor();
  await picture(ana.page, 'card-editor-types');
  await ana.page.keyboard.press('Enter');
  await shows(ben, 'table.groupby');
  // What the editor shows of the word under the cursor, by its own keys.
  await ana.page.keyboard.press('Control+k');
  await ana.page.keyboard.press('Control+i');
  await ana.page.locator('.monaco-hover').getByText('Group DataFrame using a mapper').first().waitFor();
  await picture(ana.page, 'card-editor-hover');
  await ana.page.keyboard.press('Escape');
  // What the editor knows of the card SDK itself is told once.
  await ana.page.keyboard.press('Enter');
  await ana.page.keyboard.type('storage.load_datafr');
  await ana.page.locator('.suggest-widget').getByText('load_dataframe', { exact: true }).first().waitFor();
  await hasCount(ana.page.locator('.suggest-widget .monaco-list-row'), 1);
  await ana.page.keyboard.press('Escape');
});

test('a colleague is followed into another file and to the line, until one moves oneself', async () => {
  await open(ben, 'long');
  await ben.page.locator('.monaco-editor').first().click();
  await ben.page.keyboard.press('Control+End');
  await paste(ben.page, Array.from({ length: 10_000 }, (_, at) => `# line ${at}`).join('\r\n'));
  await shows(ben, '# line 9999');
  await ana.page.getByRole('button', { name: /^Ben, in .*long\.py/ }).click();
  await shows(ana, '# line 9999');
  await ben.page.keyboard.press('Control+Home');
  await shows(ana, 'class Card');
  expect((await stored('long')).split('\n').length).toBeGreaterThan(10_000);
  // My own key ends it: what Ben does now does not move me.
  await ana.page.locator('.monaco-editor .view-line', { hasText: 'class Card' }).click();
  await ana.page.getByText(/^You follow Ben/).waitFor({ state: 'hidden' });
  await ben.page.keyboard.press('Control+End');
  await shows(ben, '# line 9999');
  expect(await ana.page.locator('.monaco-editor .view-line', { hasText: 'class Card' }).count()).toBe(1);
  expect(await agreed('long')).not.toContain('\r');
});

test('whoever may only look is told why, and changes nothing', async () => {
  await open(vera, 'scale');
  const before = await stored('scale');
  await vera.page.getByText('read-only', { exact: true }).hover();
  await vera.page.getByText('To edit, ask an owner of this project for editor rights').first().waitFor();
  await atEndOf(vera, 'class Card');
  await vera.page.keyboard.type('x');
  await paste(vera.page, 'pasted');
  await open(ana, 'scale');
  await atEndOf(ana, 'display_name');
  await ana.page.keyboard.type('  # seen by vera');
  await shows(vera, '# seen by vera');
  expect(await stored('scale')).toBe(before.replace(/(display_name = .*)/, '$1  # seen by vera'));
  expect(await vera.page.getByRole('button', { name: 'Format' }).count()).toBe(0);
});

const SEED = Number(process.env.ENSEMBLE_SEED ?? 20_261_122);
const EDITS_EACH = process.env.ENSEMBLE_LONG ? 5_000 : 150;

test(`${2 * EDITS_EACH} random edits of both leave editors and server equal (seed ${SEED})`, async () => {
  await Promise.all([open(ana, 'busy'), open(ben, 'busy')]);
  for (const { page } of [ana, ben])
    await page
      .locator('.monaco-editor .overflow-guard')
      .first()
      .click({ position: { x: 300, y: 24 } });
  const before = await stored('busy');
  const made = await Promise.all([ana, ben].map(({ page }, at) => page.evaluate(editAtRandom, { seed: SEED + at, edits: EDITS_EACH })));
  expect(made.every(({ edits, moves }) => edits === EDITS_EACH && moves > EDITS_EACH / 5)).toBe(true);
  for (const { page } of [ana, ben]) await page.getByLabel(/^Save state: Saved/).waitFor();
  const text = await agreed('busy');
  expect(text).not.toBe(before);
  // What each browser keeps for itself is the same document: it is what a new page starts with.
  await Promise.all([ana.page.reload(), ben.page.reload()]);
  await eventually(
    async () => [await textOf(ana), await textOf(ben)],
    (found) => found.every((one) => one === text),
  );
  // Monaco draws a line once with the colours of its old text when edits come this fast, and says so; the text is what counts.
  for (const { errors } of [ana, ben, vera]) expect(errors.filter((error) => !error.includes('Token length and text length'))).toEqual([]);
});
