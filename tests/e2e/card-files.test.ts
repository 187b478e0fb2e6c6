/** Two people and the card files of one project: made, renamed, thrown away, restored; what a change breaks is mended by a click. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, importFolder } from '../lib/api.ts';
import { enter, hasCount, hasFocus, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
import { folder } from '../lib/folders.ts';
import { type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let ben: Person;
let projectId = '';
let projectUrl = '';

beforeAll(async () => {
  product = await startProduct({ web: true });
  browser = await launchBrowser();
  [ana, ben] = [await newPerson(browser), await newPerson(browser, 'dark')];
  await enter(ana, ((await call(product, 'POST', '/api/owner-link', {})).body as { url: string }).url, 'Ana');
  const [project] = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  projectId = project!.id;
  projectUrl = `${product.url}/projects/${projectId}`;
  const invitation = await call(product, 'POST', `/api/projects/${projectId}/invitations`, { role: 'editor' });
  await enter(ben, (invitation.body as { url: string }).url, 'Ben');
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const tree = (page: Page): Locator => page.getByRole('tree', { name: 'Card files' });
const row = (page: Page, name: string): Locator => tree(page).getByRole('treeitem', { name });
const problems = (page: Page): Locator => page.getByRole('list', { name: 'Problems' }).getByRole('listitem');
const noProblems = (page: Page): Promise<void> => page.getByText('No problems', { exact: true }).waitFor();

/** Replaces a line of the code that is on the screen. */
async function changeLine(page: Page, present: string, next: string): Promise<void> {
  await page.locator('.monaco-editor .view-line', { hasText: present }).first().click();
  await page.keyboard.press('End');
  await page.keyboard.press('Shift+Home');
  await page.evaluate((text) => {
    const data = new DataTransfer();
    data.setData('text/plain', text);
    document.activeElement?.dispatchEvent(new ClipboardEvent('paste', { clipboardData: data, bubbles: true, cancelable: true }));
  }, next);
  await page.locator('.monaco-editor .view-line', { hasText: next }).first().waitFor();
}

test('a card from a template opens in the editor, and a colleague has it in their tree', async () => {
  await ben.page.getByText('No card of your own yet').waitFor();
  await picture(ben.page, 'card-files-none-dark');
  await ana.page.getByRole('region', { name: 'Card files' }).getByRole('button', { name: 'New card' }).click();
  await ana.page.getByRole('menuitem', { name: 'LLM prompt' }).waitFor();
  await picture(ana.page, 'card-files-templates');
  await ana.page.getByRole('menuitem', { name: 'Transform' }).click();
  const dialog = ana.page.getByRole('dialog', { name: 'New card' });
  await dialog.getByLabel('File').fill('prep/my-scale');
  await dialog.getByRole('button', { name: 'Create card' }).click();
  await dialog.getByText('Try "my_scale"').waitFor();
  await picture(ana.page, 'card-files-bad-name');
  await dialog.getByLabel('File').fill('prep/scale');
  await dialog.getByRole('button', { name: 'Create card' }).click();
  await ana.page.locator('.monaco-editor .view-line', { hasText: 'class Scale(BaseCard)' }).waitFor();
  await row(ben.page, 'Folder prep').waitFor();
  await row(ben.page, 'scale.py').waitFor();
});

test('it is renamed where it stands, by keyboard, and a name that cannot be says why', async () => {
  await row(ana.page, 'scale.py').focus();
  await ana.page.keyboard.press('F2');
  const field = ana.page.getByRole('textbox', { name: 'New name of the card file' });
  await field.fill('class');
  await field.press('Enter');
  await ana.page.getByRole('alert').getByText('a word of the Python language').waitFor();
  await picture(ana.page, 'card-files-rename');
  await field.fill('scaling');
  await field.press('Enter');
  await row(ana.page, 'scaling.py').waitFor();
  await row(ben.page, 'scaling.py').waitFor();
  await hasCount(row(ben.page, 'scale.py'), 0);
  await hasFocus(row(ana.page, 'scaling.py'));
});

/** From the menu of a row, as a right click opens it. */
async function chooseOf(page: Page, name: string, item: string): Promise<void> {
  await row(page, name).click({ button: 'right' });
  await page.getByRole('menuitem', { name: item }).click();
}

test('a folder is renamed by its menu, a file is dragged out of it, and a name with a folder moves it', async () => {
  await chooseOf(ben.page, 'Folder prep', 'Rename the folder');
  await ben.page.getByRole('textbox', { name: 'New name of the folder' }).fill('features');
  await ben.page.keyboard.press('Enter');
  await row(ana.page, 'Folder features').waitFor();
  await row(ben.page, 'scaling.py').dragTo(row(ben.page, 'Built-in cards'));
  await row(ana.page, 'scaling.py').and(ana.page.locator('[aria-level="1"]')).waitFor();
  await hasCount(row(ana.page, 'Folder features'), 0);
  await chooseOf(ben.page, 'scaling.py', 'Rename or move');
  await ben.page.getByRole('textbox', { name: 'New name of the card file' }).fill('prep/scaling');
  await ben.page.keyboard.press('Enter');
  await row(ana.page, 'Folder prep').waitFor();
  // The file that Ana has open went along, under the same cursor.
  await ana.page.getByTitle('cards/prep/scaling.py').first().waitFor();
});

test('a built-in card is found by a search and copied into the project', async () => {
  await ben.page.getByRole('searchbox', { name: 'Search card files' }).fill('impute');
  await row(ben.page, 'impute.py').hover();
  await picture(ben.page, 'card-files-search-dark');
  await ben.page.getByRole('button', { name: 'Copy impute.py into this project' }).click();
  await ben.page.locator('.monaco-editor .view-line', { hasText: 'class Impute(BaseCard)' }).waitFor();
  await row(ana.page, 'impute.py').first().waitFor();
  await row(ben.page, 'impute.py').first().dragTo(row(ben.page, 'Folder prep'));
  await row(ana.page, 'impute.py').and(ana.page.locator('[aria-level="2"][aria-setsize="2"]')).waitFor();
  await picture(ben.page, 'card-files-beside-code-dark');
});

test('ports that a card lost are mended by one click for all its nodes, and that is one step', async () => {
  const edges = ['load.dataset -> left.dataset', 'load.dataset -> right.dataset'];
  const nodes = [
    { id: 'load', card: 'std/load_table' },
    { id: 'left', card: 'scale' },
    { id: 'right', card: 'scale' },
  ];
  const { pipelineId } = await importFolder(product, projectId, folder(nodes, edges));
  await importFolder(product, projectId, {
    ...folder(
      [
        { id: 'load', card: 'std/load_table' },
        { id: 'far', card: 'scale' },
      ],
      ['load.dataset -> far.dataset'],
    ),
  });
  await ben.page.goto(`${product.url}/pipelines/${pipelineId}`);
  await nodeTitled(ben.page, 'right').waitFor();
  await ben.page.getByLabel('Card palette').getByText('scale', { exact: true }).waitFor();
  await ben.page
    .getByLabel('Side panel')
    .getByText(/^Problems/)
    .click();
  await noProblems(ben.page);

  await changeLine(ana.page, 'input_schema', 'input_schema = {"table": "dataframe"}');
  await ben.page.getByRole('button', { name: 'Connect to “table”' }).first().waitFor();
  await picture(ben.page, 'card-files-lost-ports-dark');
  await ben.page.getByRole('button', { name: 'Mend all 2 of “Scale”' }).click();
  await noProblems(ben.page);
  await ben.page.getByRole('button', { name: 'Undo' }).click();
  await ben.page.getByRole('button', { name: 'Mend all 2 of “Scale”' }).waitFor();
  await ben.page.getByRole('button', { name: 'Redo' }).click();
  await noProblems(ben.page);
});

test('a card type that changed takes its nodes along: here by an edit, elsewhere by the server', async () => {
  await changeLine(ana.page, 'card_type = ', 'card_type = "rescale"');
  const move = ben.page.getByRole('button', { name: 'Move 2 nodes to “rescale”' });
  await move.waitFor();
  await picture(ben.page, 'card-files-former-type-dark');
  await move.click();
  await noProblems(ben.page);

  await ana.page.getByRole('tab', { name: 'Used in' }).click();
  await ana.page.getByText('1 node in 1 pipeline still names “scale”').waitFor();
  await picture(ana.page, 'card-files-uses');
  await ana.page.getByRole('button', { name: 'Move 1 node to “rescale”' }).click();
  await ana.page.getByText('3 nodes in 2 pipelines').waitFor();
  await ana.page.getByRole('link', { name: 'far' }).waitFor();
});

test('a card in the trash stops its nodes, is not lost, and anybody who may edit brings it back', async () => {
  await row(ana.page, 'scaling.py').focus();
  await ana.page.keyboard.press('Delete');
  await ana.page.getByRole('heading', { name: 'cards/prep/scaling.py is in the trash' }).waitFor();
  await picture(ana.page, 'card-files-trashed');
  await problems(ben.page).filter({ hasText: 'is in the trash (cards/prep/scaling.py)' }).first().waitFor();
  await picture(ben.page, 'card-files-trash-problem-dark');
  await ana.page.goto(projectUrl);
  await row(ana.page, 'Trash (1)').click();
  await row(ana.page, 'prep/scaling.py').waitFor();
  await picture(ana.page, 'card-files-trash');
  await ben.page.getByRole('button', { name: 'Restore scaling.py' }).click();
  await noProblems(ben.page);
  await row(ana.page, 'scaling.py').waitFor();
  await hasCount(row(ana.page, 'Trash (1)'), 0);
  await row(ana.page, 'scaling.py').click();
  await ana.page.locator('.monaco-editor .view-line', { hasText: 'card_type = "rescale"' }).waitFor();
  // The two names that were refused are answered with an error, which the browser notes.
  const own = ({ errors }: Person) => errors.filter((message) => !message.includes('status of 400'));
  expect([own(ana), own(ben)]).toEqual([[], []]);
});
