/** People with real browsers: one Chromium, one context per person. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { reportOnFailure } from './failure-report.ts';
import { eventually, repository } from './product.ts';

const pictures = path.join(repository, 'test-results/pictures');
/** How many times slower than it is a page shall think that this processor is; races of the page show then. */
const SLOWER = Number(process.env.ENSEMBLE_TEST_SLOWER ?? 1);

export function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: process.env.ENSEMBLE_CHROMIUM ?? '/usr/bin/chromium',
    args: [
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}

export interface Person {
  context: BrowserContext;
  page: Page;
  /** Errors of the page and of its console: a test that looks at them finds what a person would not. */
  errors: string[];
}

let people = 0;

export async function newPerson(browser: Browser, colorScheme: 'light' | 'dark' = 'light'): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  context.setDefaultTimeout(60_000);
  const page = await context.newPage();
  if (SLOWER > 1) await (await context.newCDPSession(page)).send('Emulation.setCPUThrottlingRate', { rate: SLOWER });
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  people += 1;
  const picturedAs = `failed-${people}`;
  const forget = reportOnFailure(async (test) => {
    await Promise.all(context.pages().map((open, at) => picture(open, `${picturedAs}-${at}-${test}`)));
    return `Pictures: test-results/pictures/${picturedAs}-*-${test}.png`;
  });
  context.on('close', forget);
  return { context, page, errors };
}

/** Comes in by a one-time link under a name, to the page of the project it leads to. */
export async function enter({ page }: Person, link: string, name: string): Promise<void> {
  await page.goto(link);
  await page.getByRole('textbox').fill(name);
  await page
    .getByRole('button')
    .filter({ hasText: /sign in|join|enter|continue/i })
    .click();
  await page.getByRole('list', { name: 'Pipelines' }).waitFor();
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** Waits until so many are there. */
export const hasCount = (found: Locator, wanted: number): Promise<number> =>
  eventually(
    () => found.count(),
    (count) => count === wanted,
  );

/** Waits until keys go to this element, or to something in it. */
export const hasFocus = (target: Locator): Promise<boolean> =>
  eventually(
    () => target.evaluate((element) => element.contains(document.activeElement)),
    (isFocused) => isFocused,
  );

/** Closes a dialog, or a list that floats over the page, from inside it. */
export async function closeByEscape(dialog: Locator): Promise<void> {
  await hasFocus(dialog);
  await dialog.page().keyboard.press('Escape');
  await dialog.waitFor({ state: 'hidden' });
}

/** The node on the canvas that shows this title. */
export const nodeTitled = (page: Page, title: string): Locator =>
  page.locator('.react-flow__node').filter({ has: page.getByText(title, { exact: true }) });

/**
 * Chooses a node by its head, after the whole pipeline was brought on the screen: Playwright would scroll the canvas to a
 * node beside it, and the canvas scrolls back while the click is on its way.
 */
export async function chooseNode(page: Page, title: string): Promise<void> {
  await page.getByRole('button', { name: 'Fit View' }).click();
  await standsStill(nodeTitled(page, title));
  await nodeTitled(page, title).locator('header').click();
  await page.getByRole('heading', { name: title, exact: true }).waitFor();
}

/** Drags from the middle of one element to the middle of another, or to a point of the window, the way a hand does. */
export async function drag(page: Page, from: Locator, to: Locator | { x: number; y: number }): Promise<void> {
  // The palette is longer than the window.
  await from.scrollIntoViewIfNeeded();
  const start = await middle(from);
  const end = 'x' in to ? to : await middle(to);
  await page.mouse.move(start.x, start.y);
  await page.mouse.down();
  await page.mouse.move(end.x, end.y, { steps: 10 });
  await page.mouse.up();
}

/** Lets files go over a point of an element, as a file manager does. */
export async function dropFile(
  page: Page,
  selector: string,
  file: { name: string; text: string },
  at: { x: number; y: number },
): Promise<void> {
  const transfer = await page.evaluateHandle(({ name, text }) => {
    const data = new DataTransfer();
    data.items.add(new File([text], name));
    return data;
  }, file);
  for (const type of ['dragenter', 'dragover', 'drop'])
    await page.dispatchEvent(selector, type, { dataTransfer: transfer, clientX: at.x, clientY: at.y, bubbles: true, cancelable: true });
}

/** Where the element is once it moves no more: what another person moved, or a change of the zoom, arrives a moment later. */
export async function standsStill(target: Locator): Promise<{ x: number; y: number; width: number; height: number }> {
  let last = '';
  for (let look = 0; look < 200; look += 1) {
    const box = await target.boundingBox();
    const seen = JSON.stringify(box);
    if (box && seen === last) return box;
    last = seen;
    // Frames are what moves things: a busy page has few of them in any time.
    await target.page().waitForTimeout(150);
    await target.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  }
  throw new Error(`not on the screen, or never still: ${target.toString()}`);
}

const middle = async (target: Locator): Promise<{ x: number; y: number }> => {
  const { x, y, width, height } = await standsStill(target);
  return { x: x + width / 2, y: y + height / 2 };
};
