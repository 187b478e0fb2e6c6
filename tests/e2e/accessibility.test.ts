/** What axe finds on every page, in both themes: nothing serious, and no page logs an error. Also the way into a pipeline by a template, by keyboard. */
import { AxeBuilder } from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call } from '../lib/api.ts';
import { chooseNode, closeByEscape, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
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

/** Serious and critical findings on the page as it is now, in light and in dark. */
async function expectAccessible(name: string): Promise<void> {
  const found: string[] = [];
  for (const colorScheme of ['light', 'dark'] as const) {
    await ana.page.emulateMedia({ colorScheme });
    await ana.page.waitForFunction((scheme) => {
      const drawn = document.documentElement.dataset['mantineColorScheme'];
      return matchMedia(`(prefers-color-scheme: ${scheme})`).matches && (drawn === undefined || drawn === scheme);
    }, colorScheme);
    await ana.page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
    // A colour on its way is neither the old nor the new one.
    await ana.page.waitForFunction(() =>
      document
        .getAnimations()
        .every(({ playState, effect }) => playState !== 'running' || effect?.getComputedTiming().endTime === Infinity),
    );
    if (process.env.ENSEMBLE_PICTURES) await picture(ana.page, `accessibility-${name}-${colorScheme}`);
    const axe = new AxeBuilder({ page: ana.page });
    // A theme changes colours and nothing else.
    const { violations, passes } = await (colorScheme === 'light' ? axe : axe.withRules('color-contrast')).analyze();
    expect(passes.length, `axe looked at ${name}`).toBeGreaterThan(colorScheme === 'light' ? 5 : 0);
    for (const { id, impact, nodes } of violations) {
      if (impact !== 'serious' && impact !== 'critical') continue;
      for (const node of nodes)
        found.push(`${name}, ${colorScheme}: ${id} (${impact}) ${node.html.slice(0, 160)} ${node.failureSummary ?? ''}`);
    }
  }
  expect(found).toEqual([]);
}

test('the pages of somebody without a session: the way in, and a link that is none', async () => {
  await ana.page.goto(product.url);
  await ana.page.getByRole('heading', { name: 'You need a link to sign in' }).waitFor();
  await expectAccessible('signed-out');
  await ana.page.goto(`${product.url}/join/nothing`);
  await ana.page.getByText('This link cannot be used').waitFor();
  await expectAccessible('join-refused');
});

test('the join page', async () => {
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await ana.page.goto((body as { url: string }).url);
  await ana.page.getByRole('textbox').fill('Ana');
  await expectAccessible('join');
  await ana.page.getByRole('textbox').press('Enter');
  await ana.page.getByRole('heading', { name: 'My first project' }).waitFor();
});

test('the project page, and its dialog for a new pipeline', async () => {
  await expectAccessible('project');
  await ana.page.getByRole('button', { name: 'New pipeline' }).click();
  await ana.page.getByRole('dialog').getByRole('heading', { name: 'Or start from a template' }).waitFor();
  await expectAccessible('new-pipeline');
  await closeByEscape(ana.page.getByRole('dialog'));
});

test('the invitation, with its link', async () => {
  await ana.page.getByRole('button', { name: 'Invite' }).click();
  await ana.page.getByRole('button', { name: 'Make a link' }).click();
  await ana.page.getByRole('dialog').getByText('It works once').waitFor();
  await expectAccessible('invitation');
  await ana.page.getByRole('button', { name: 'Done' }).click();
  await ana.page.getByRole('dialog').waitFor({ state: 'hidden' });
});

test('a project with a file', async () => {
  const file = { name: 'cities.csv', mimeType: 'text/csv', buffer: Buffer.from('city,people\nBern,134\n') };
  await ana.page.getByLabel('Files to upload').setInputFiles(file);
  await ana.page.getByRole('button', { name: /^Look into cities.csv/ }).waitFor();
  await expectAccessible('project-file');
});

test('the editor of an empty pipeline, its keys and its commands', async () => {
  await ana.page.getByRole('list', { name: 'Pipelines' }).getByRole('link').first().click();
  await ana.page.getByLabel('Card palette').getByText('std/split').waitFor();
  await expectAccessible('editor-empty');
  await ana.page.keyboard.press('?');
  await ana.page.getByRole('dialog').getByText('Command palette').waitFor();
  await expectAccessible('keys');
  await closeByEscape(ana.page.getByRole('dialog'));
  await ana.page.keyboard.press('Control+k');
  await ana.page.getByPlaceholder('What do you want to do?').waitFor();
  await expectAccessible('commands');
  await closeByEscape(ana.page.getByRole('dialog'));
});

test('the start page; a template is used by keyboard alone', async () => {
  await ana.page.goto(product.url);
  const use = ana.page.getByRole('button', { name: 'Use this template: Iris classification' });
  await use.waitFor();
  await expectAccessible('start');
  await use.focus();
  await ana.page.keyboard.press('Enter');
  await ana.page.getByRole('menuitem', { name: 'My first project' }).waitFor();
  await expectAccessible('template-menu');
  await ana.page.getByRole('menuitem', { name: 'My first project' }).press('Enter');
  await nodeTitled(ana.page, 'Train a random forest').waitFor();
  await expectAccessible('editor-nodes');
});

test('the editor with a result', async () => {
  await ana.page.getByRole('button', { name: 'Run', exact: true }).click();
  const load = nodeTitled(ana.page, 'Load iris');
  await load
    .locator('footer')
    .getByText(/succeeded/i)
    .waitFor({ timeout: 240_000 });
  await chooseNode(ana.page, 'Load iris');
  await ana.page.getByRole('tab', { name: 'Result' }).click();
  await ana.page.getByRole('table').first().waitFor();
  await expectAccessible('editor-result');
});

test('a pinned result, and an old run as it was', async () => {
  await ana.page.getByRole('button', { name: 'Pin this result' }).click();
  await nodeTitled(ana.page, 'Load iris')
    .getByLabel(/^Pinned: runs take the result of run 1/)
    .waitFor();
  await ana.page.getByRole('region', { name: 'Pinned result' }).getByRole('link', { name: 'run 1' }).waitFor();
  await expectAccessible('editor-pinned');
  await ana.page.getByRole('region', { name: 'Pinned result' }).getByRole('link', { name: 'run 1' }).click();
  await ana.page.getByText(/^Run 1 of .* by Ana, as it was\.$/).waitFor();
  await nodeTitled(ana.page, 'Train a random forest').waitFor();
  await ana.page.getByRole('list', { name: 'Steps' }).getByText('Evaluate').waitFor();
  await expectAccessible('old-run');
});

test('a card file beside its code, the settings of the editor, and a trial that offers the columns of what it runs on', async () => {
  const [project] = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  await ana.page.goto(`${product.url}/projects/${project!.id}/cards/builtin-drop`);
  await ana.page.locator('.monaco-editor .view-line', { hasText: 'class Drop' }).waitFor();
  await ana.page.getByText('No problems: this is a valid card.').waitFor();
  await ana.page.getByRole('button', { name: 'Settings of the code editor' }).click();
  await ana.page.getByRole('switch', { name: 'Type checking and library completion' }).waitFor();
  await expectAccessible('card-file');
  await ana.page.keyboard.press('Escape');
  await ana.page.getByRole('tab', { name: /^Run/ }).click();
  const input = ana.page.getByRole('combobox', { name: 'Input dataset' });
  await input.selectOption(await input.locator('option', { hasText: 'Load iris' }).first().getAttribute('value'));
  await ana.page.getByRole('region', { name: 'Run this card' }).getByPlaceholder('Choose columns').click();
  await ana.page.getByRole('option', { name: /^target/ }).waitFor();
  await ana.page.keyboard.press('Escape');
  await ana.page.getByRole('option', { name: /^target/ }).waitFor({ state: 'hidden' });
  await expectAccessible('card-file-trial');
});

test('the description of the API, which its content security policy lets be shown', async () => {
  await ana.page.goto(product.url);
  await ana.page.getByRole('button', { name: 'Account of Ana' }).click();
  expect(await ana.page.getByRole('menuitem', { name: 'HTTP API' }).getAttribute('href')).toBe('/api/docs');
  await ana.page.goto(`${product.url}/api/docs`);
  await ana.page.locator('summary').filter({ hasText: 'The projects of the person who asks' }).click();
  await ana.page.getByText('getProjects', { exact: true }).waitFor();
  await expectAccessible('api');
});

test('the runners: what is there, cordoned and given work again, and a new one registered', async () => {
  await ana.page.goto(`${product.url}/runners`);
  const machine = ana.page.getByRole('article', { name: /^Runner embedded/ });
  await machine.getByText('online').waitFor();
  await expectAccessible('runners');
  await machine.getByRole('button', { name: /^What to do with/ }).click();
  await ana.page.getByRole('menuitem', { name: 'Cordon: nothing new' }).click();
  await machine.getByText('takes nothing new').waitFor();
  await ana.page.getByText('No runner takes work').waitFor();
  await machine.getByRole('button', { name: /^What to do with/ }).click();
  await ana.page.getByRole('menuitem', { name: 'Give it work again' }).click();
  await ana.page.getByText('Pool cpu').waitFor();
  await ana.page.getByRole('button', { name: 'Register a runner' }).click();
  await ana.page.getByLabel('What the token is for').fill('The lab');
  await ana.page.getByRole('button', { name: 'Make a token' }).click();
  await ana.page.getByText('It is shown only now').waitFor();
  expect(await ana.page.getByLabel('On the other machine').inputValue()).toMatch(/ENSEMBLE_RUNNER_TOKEN=enst_\S{43} npm run runner$/);
  await expectAccessible('runner-token');
  await ana.page.getByRole('button', { name: 'Done' }).click();
  await ana.page.getByRole('region', { name: 'Registration tokens' }).getByText('not used yet').waitFor();
});

test('pages about what is not there, and the last resort', async () => {
  for (const address of ['pipelines', 'projects']) {
    await ana.page.goto(`${product.url}/${address}/nothing`);
    await ana.page.getByRole('link', { name: 'Go to your projects' }).waitFor();
    await expectAccessible(`missing-${address}`);
  }
  await ana.page.goto(`${product.url}/nothing/here`);
  await ana.page.getByRole('heading', { name: 'There is nothing at this address' }).waitFor();
  await expectAccessible('nothing-here');
  await ana.page.route('**/assets/editor-page*', (route) => route.abort());
  await ana.page.goto(`${product.url}/pipelines/nothing`);
  await ana.page.getByRole('button', { name: 'Reload the page' }).waitFor();
  await expectAccessible('crash');
});

test('no page reported an error, besides the answers that were not there', () => {
  expect(ana.errors.filter((message) => !/^Failed to load resource: (net::ERR_FAILED|.* status of 404)/.test(message))).toEqual([]);
});
