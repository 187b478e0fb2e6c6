/** Two people write a card and run it by itself: what it makes, prints and raises is beside the code, for both. */
import type { Browser, Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, finished, importFolder, startRun } from '../lib/api.ts';
import { enter, launchBrowser, newPerson, type Person, picture } from '../lib/browser.ts';
import { card, folder } from '../lib/folders.ts';
import { type Product, removeDirectory, startProduct } from '../lib/product.ts';

let product: Product;
let browser: Browser;
let ana: Person;
let ben: Person;
let projectId = '';
let pipelineId = '';
let cardUrl = '';

const CARD_MS = 240_000;
/** What it multiplies by is the last thing in the file, where the keyboard gets to without counting lines. */
const times = `${card(
  'times',
  `
import time
made = storage.load_json(inputs["data"])["made"]
print("times", FACTOR, flush=True)
for epoch in range(30):
    self.log_metric("train/loss", 1 / (epoch + 1), epoch)
    self.log_metric("val/loss", 1.2 / (epoch + 1), epoch)
print("\\033[32mINFO\\033[0m measured", flush=True)
time.sleep(config["seconds"])
return {"value": storage.save_json("_p", "_n", "value", {"product": made * FACTOR, "inverse": 1 / FACTOR})}`,
  { data: 'json' },
).trimStart()}
FACTOR = 2`;
const RAISING_LINE = times.split('\n').findIndex((line) => line.includes('1 / FACTOR')) + 1;

beforeAll(async () => {
  product = await startProduct({ web: true, env: { ENSEMBLE_WARM_LEVEL: 'card' } });
  browser = await launchBrowser();
  [ana, ben] = [await newPerson(browser), await newPerson(browser, 'dark')];
  await enter(ana, ((await call(product, 'POST', '/api/owner-link', {})).body as { url: string }).url, 'Ana');
  const [project] = (await (await ana.page.request.get(`${product.url}/api/projects`)).json()) as { id: string }[];
  projectId = project!.id;
  const invitation = await call(product, 'POST', `/api/projects/${projectId}/invitations`, { role: 'editor' });
  await enter(ben, (invitation.body as { url: string }).url, 'Ben');
  const make = card('make', 'return {"value": storage.save_json("_p", "_n", "value", {"made": 21})}');
  const nodes = [
    { id: 'make', card: 'make' },
    { id: 'times', card: 'times' },
  ];
  ({ pipelineId } = await importFolder(
    product,
    projectId,
    folder(nodes, ['make.value -> times.data'], { 'make.py': make, 'times.py': times }),
  ));
  const [hit] = (await call(product, 'GET', `/api/projects/${projectId}/cards/search?text=FACTOR`)).body as { cardId: string }[];
  cardUrl = `${product.url}/projects/${projectId}/cards/${hit!.cardId}`;
});
afterAll(async () => {
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

const panel = ({ page }: Person): Locator => page.getByRole('region', { name: 'Run this card' });
const trial = (person: Person, number: number): Locator => panel(person).getByRole('region', { name: `Trial ${number}`, exact: true });
const ended = (person: Person, number: number, state: string): Promise<void> =>
  trial(person, number)
    .and(person.page.locator(`[data-state="${state}"]`))
    .waitFor({ timeout: CARD_MS });

/** From a node of the canvas, or from nowhere. */
async function openRun({ page }: Person, nodeId?: string): Promise<void> {
  await page.goto(nodeId === undefined ? cardUrl : `${cardUrl}?pipeline=${pipelineId}&node=${nodeId}`);
  await page.locator('.monaco-editor .view-line').first().waitFor();
  await page.getByRole('tab', { name: /^Run/ }).click();
}

/** Puts another factor at the end of the file, by the keyboard. */
async function setFactor(page: Page, factor: string): Promise<void> {
  await page.locator('.monaco-editor').first().click();
  await page.keyboard.press('Control+End');
  await page.keyboard.press('Backspace');
  await page.keyboard.type(factor);
  await page.locator('.monaco-editor .view-line', { hasText: `FACTOR = ${factor}` }).waitFor();
}

test('without anything to run on, the panel says which input is missing and what to do', async () => {
  await openRun(ana, 'times');
  await panel(ana).getByText('as in times').waitFor();
  await panel(ana).getByText('Run a pipeline in which a card makes a json').waitFor();
  await panel(ana).getByRole('button', { name: 'Run card' }).click();
  await panel(ana).getByText('The input “data” has nothing to run on yet.', { exact: false }).waitFor();
  await picture(ana.page, 'trial-01-missing-input');
});

test('edit, run, and both see preview, print and state beside the code', async () => {
  await finished(product, (await startRun(product, pipelineId)).id);
  await openRun(ben);
  // Without reloading: the project told Ana's page that there was a run.
  for (const { page } of [ana, ben])
    await page.getByRole('combobox', { name: 'Input data' }).getByText('make: value, run 1 of').waitFor({ state: 'attached' });
  await setFactor(ana.page, '3');
  await ana.page.keyboard.press('Control+Enter');
  for (const person of [ana, ben]) {
    await ended(person, 1, 'succeeded');
    await trial(person, 1).getByText('63', { exact: true }).waitFor();
    await trial(person, 1).getByRole('log').getByText('times 3').waitFor();
    await trial(person, 1)
      .getByRole('figure', { name: /^Curve of loss: train.loss 0.03333, val.loss 0.04$/ })
      .waitFor();
  }
  await trial(ben, 1).getByText('Ana', { exact: false }).first().waitFor();
  await trial(ana, 1).getByText('you', { exact: false }).first().waitFor();
  await picture(ana.page, 'trial-02-preview-light');
  await picture(ben.page, 'trial-03-preview-dark');
});

test('a card that raises shows its line to both, and the code says when it is another', async () => {
  await setFactor(ben.page, '0');
  await ben.page.keyboard.press('Control+Enter');
  for (const person of [ana, ben]) {
    await ended(person, 2, 'failed');
    await trial(person, 2).getByText('ZeroDivisionError', { exact: false }).first().waitFor();
    await trial(person, 2)
      .getByRole('button', { name: `cards/times.py, line ${RAISING_LINE}` })
      .waitFor();
    await person.page.locator('.monaco-editor [class*="errorLine"]').first().waitFor({ state: 'attached' });
  }
  await picture(ben.page, 'trial-04-error-dark');
  await picture(ana.page, 'trial-05-error-light');
  // A frame of the traceback leads to its line.
  await trial(ana, 2).getByRole('region', { name: 'Traceback' }).getByRole('button').first().click();
  await ana.page.keyboard.press('Home');
  await ana.page.locator('.monaco-editor .line-numbers.active-line-number', { hasText: String(RAISING_LINE) }).waitFor();
  await setFactor(ana.page, '4');
  for (const person of [ana, ben]) await trial(person, 2).getByText('The code changed since this trial.').waitFor();
});

test('a colleague’s trial is announced, both see it and its end, and none of it is in the pipeline', async () => {
  await panel(ana).getByRole('textbox', { name: 'Seconds' }).fill('600');
  await ana.page.keyboard.press('Control+Enter');
  await panel(ben).getByText('Ana is running this card.').waitFor();
  await trial(ben, 3).getByRole('log').getByText('times 4').waitFor({ timeout: CARD_MS });
  await picture(ben.page, 'trial-06-running-dark');
  // While it runs, both see the same log and curve; a link to a line opens it on a page of its own.
  for (const person of [ana, ben])
    await trial(person, 3)
      .getByRole('figure', { name: /^Curve of loss: train.loss 0.0333/ })
      .waitFor();
  await trial(ana, 3).getByRole('textbox', { name: 'Search the log' }).fill('MEASURED');
  await trial(ana, 3).getByText('0 of 1', { exact: true }).waitFor();
  await trial(ana, 3).getByRole('button', { name: 'Next match' }).click();
  await trial(ana, 3).getByText('1 of 1', { exact: true }).waitFor();
  const [link] = await Promise.all([
    trial(ben, 3).getByRole('link', { name: 'Open the log on a page of its own' }).getAttribute('href'),
    picture(ana.page, 'trial-07-log-light'),
  ]);
  const logPage = await ben.context.newPage();
  await logPage.goto(`${product.url}${link}&at=8`);
  await logPage.getByRole('log').locator('[data-mark="current"]', { hasText: 'INFO measured' }).waitFor();
  await picture(logPage, 'trial-08-log-page-dark');
  await logPage.close();
  // Whose it is may cancel it; an editor may not cancel what others run.
  await panel(ana).getByRole('button', { name: 'Cancel' }).click();
  for (const person of [ana, ben]) await ended(person, 3, 'cancelled');
  // The settings of the last trial are what the next one starts with, for whoever opens the card.
  await openRun(ben);
  expect(await panel(ben).getByRole('textbox', { name: 'Seconds' }).inputValue()).toBe('600');
  const runs = (await call(product, 'GET', `/api/pipelines/${pipelineId}/runs`)).body as { number: number }[];
  expect(runs.map(({ number }) => number)).toEqual([1]);
  expect(ana.errors.concat(ben.errors).filter((error) => !error.includes('422'))).toEqual([]);
});
