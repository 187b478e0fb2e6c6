/** What a hand does on a canvas, as mouse events of the browser itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

const STEPS = 120;
const STEP_MS = 16;

interface Point {
  x: number;
  y: number;
}

/** Moves in a circle, back to where it began, with the button held. */
async function dragInCircle(page: Page, from: Point, radius: number): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= STEPS; step += 1) {
    const angle = (step / STEPS) * 2 * Math.PI;
    const next = performance.now() + STEP_MS;
    await page.mouse.move(from.x + radius * Math.sin(angle), from.y + radius * (1 - Math.cos(angle)));
    await pause(Math.max(0, next - performance.now()));
  }
  await page.mouse.up();
}

/** A point of the canvas where what matches lies on top, as near to the middle as there is one. */
async function pointOn(page: Page, selector: string): Promise<Point> {
  const found = await page.evaluate((wanted) => {
    const box = document.querySelector('.react-flow')!.getBoundingClientRect();
    const points: { x: number; y: number; far: number }[] = [];
    for (let x = box.left + 180; x < box.right - 180; x += 7)
      for (let y = box.top + 120; y < box.bottom - 120; y += 7)
        points.push({ x, y, far: Math.hypot(x - box.left - box.width / 2, y - box.top - box.height / 2) });
    points.sort((a, b) => a.far - b.far);
    return points.find(({ x, y }) => document.elementFromPoint(x, y)?.closest(wanted)) ?? null;
  }, selector);
  if (!found) throw new Error(`Nothing on the canvas matches ${selector}.`);
  return found;
}

export const pan = async (page: Page): Promise<void> => dragInCircle(page, await pointOn(page, '.react-flow__pane'), 90);

/** The header: not the ports, from which a drag would draw a connection. */
export const dragNode = async (page: Page, handle: string): Promise<void> => dragInCircle(page, await pointOn(page, handle), 70);
