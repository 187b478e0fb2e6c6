/** What a hand does on a canvas, as mouse events of the browser itself. */
import { setTimeout as pause } from 'node:timers/promises';
import type { Page } from 'playwright-core';

const STEPS = 120;
const STEP_MS = 16;
/** Where the cards of the benchmark lie: one in the corner of each cell. A drag starts at the head, where no port is. */
export const CELL = { width: 340, height: 220, card: { width: 248, height: 122, head: 46 } };

interface Point {
  x: number;
  y: number;
}

/** Moves in a circle, back to where it began, with the button held. `halfway` looks whether anything came of it. */
async function dragInCircle(page: Page, from: Point, radius: number, halfway: () => Promise<boolean>): Promise<void> {
  await page.mouse.move(from.x, from.y);
  await page.mouse.down();
  for (let step = 1; step <= STEPS; step += 1) {
    const angle = (step / STEPS) * 2 * Math.PI;
    const next = performance.now() + STEP_MS;
    await page.mouse.move(from.x + radius * Math.sin(angle), from.y + radius * (1 - Math.cos(angle)));
    if (step === STEPS / 2 && !(await halfway())) throw new Error('The gesture moved nothing.');
    await pause(Math.max(0, next - performance.now()));
  }
  await page.mouse.up();
}

/** A point on a card or between cards, as near to the middle of the canvas as there is one. */
async function pointOn(page: Page, wanted: 'card' | 'gap'): Promise<Point> {
  // Until the page has drawn where the last gesture left the canvas.
  await page.evaluate(() => new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn))));
  const found = await page.evaluate(
    ({ cell, on }) => {
      const box = document.querySelector('.react-flow')!.getBoundingClientRect();
      const view = new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')!).transform);
      // The canvas may end before the window does: with cards there is always one at the origin.
      const isWanted = (x: number, y: number): boolean => {
        const [left, top] = [(x - box.left - view.e) / view.a, (y - box.top - view.f) / view.a];
        const [across, down] = [left % cell.width, top % cell.height];
        if (left < 0 || top < 0) return false;
        if (on === 'gap') return across > cell.card.width + 30 && across < cell.width - 30;
        return across > 20 && across < cell.card.width - 20 && down > 6 && down < cell.card.head - 6;
      };
      // From far away cards are painted. Close up one may have been moved: an element says where it is.
      const takes = on === 'card' && !document.querySelector('[data-painted]') ? '.react-flow__node' : '.react-flow__pane';
      const isCanvas = (x: number, y: number): boolean => {
        const top = document.elementFromPoint(x, y);
        // A drag that begins on a connection moves nothing.
        return Boolean(top?.closest(takes)) && !top?.closest('.react-flow__edge');
      };
      // Mouse events know whole pixels only.
      const points: { x: number; y: number; far: number }[] = [];
      for (let x = Math.ceil(box.left) + 180; x < box.right - 180; x += 3)
        for (let y = Math.ceil(box.top) + 120; y < box.bottom - 120; y += 1)
          points.push({ x, y, far: Math.hypot(x - box.left - box.width / 2, y - box.top - box.height / 2) });
      points.sort((a, b) => a.far - b.far);
      return points.find(({ x, y }) => isWanted(x, y) && isCanvas(x, y)) ?? null;
    },
    { cell: CELL, on: wanted },
  );
  if (!found) throw new Error(`There is no ${wanted} in view.`);
  return found;
}

const transformOf = (page: Page): Promise<string> =>
  page.evaluate(() => getComputedStyle(document.querySelector('.react-flow__viewport')!).transform);

export async function pan(page: Page): Promise<void> {
  const from = await pointOn(page, 'gap');
  const before = await transformOf(page);
  await dragInCircle(page, from, 90, async () => (await transformOf(page)) !== before);
}

export async function dragNode(page: Page): Promise<void> {
  const from = await pointOn(page, 'card');
  await dragInCircle(page, from, 70, async () => (await page.locator('.react-flow__node.dragging').count()) === 1);
}
