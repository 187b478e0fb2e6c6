/** People with real browsers: one Chromium, one context per person. */
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { type Browser, type BrowserContext, chromium, type Locator, type Page } from 'playwright-core';
import { repository } from './product.ts';

const pictures = path.join(repository, 'test-results/pictures');

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

export async function newPerson(browser: Browser, colorScheme: 'light' | 'dark' = 'light'): Promise<Person> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, colorScheme, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(15_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  return { context, page, errors };
}

export async function picture(page: Page, name: string): Promise<void> {
  mkdirSync(pictures, { recursive: true });
  await page.screenshot({ path: path.join(pictures, `${name}.png`) });
}

/** The node on the canvas that shows this title. */
export const nodeTitled = (page: Page, title: string): Locator =>
  page.locator('.react-flow__node').filter({ has: page.getByText(title, { exact: true }) });

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

/** Waits until the element stands still: what another person moved arrives a moment later. */
async function middle(target: Locator): Promise<{ x: number; y: number }> {
  let last = '';
  for (let look = 0; look < 50; look += 1) {
    const box = await target.boundingBox();
    const seen = JSON.stringify(box);
    if (box && seen === last) return { x: box.x + box.width / 2, y: box.y + box.height / 2 };
    last = seen;
    await target.page().waitForTimeout(150);
  }
  throw new Error(`not on the screen, or never still: ${target.toString()}`);
}
