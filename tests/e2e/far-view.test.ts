/** A big pipeline from far away: painted on one bitmap, and yet everything can be taken, by mouse and by keyboard. */
import { documentName } from '@ensemble/protocol';
import { addFrame, readPipeline, writeGraph } from '@ensemble/pipeline';
import { openRawSocket } from '@ensemble/testkit';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { call, createPipeline, createProject, startRun } from '../lib/api.ts';
import { drag, hasCount, hasFocus, launchBrowser, newPerson, nodeTitled, type Person, picture } from '../lib/browser.ts';
import { eventually, type Product, removeDirectory, startProduct } from '../lib/product.ts';

const ROW = 20;
const CELL = { width: 340, height: 220 };
const NODES = 300;

let product: Product;
let browser: Browser;
let ana: Person;
let page: Page;
let pipelineId = '';
let socket: Awaited<ReturnType<typeof openRawSocket>>;
let document: Awaited<ReturnType<typeof socket.open>>;

const id = (index: number): string => `n${String(index).padStart(3, '0')}`;
const cornerOf = (index: number) => ({ x: (index % ROW) * CELL.width, y: Math.floor(index / ROW) * CELL.height });

beforeAll(async () => {
  product = await startProduct({ web: true, env: { ENSEMBLE_RUNNER: 'off' } });
  browser = await launchBrowser();
  ana = await newPerson(browser);
  page = ana.page;
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await page.goto((body as { url: string }).url);
  await page.getByRole('textbox').fill('Ana');
  await page.getByRole('textbox').press('Enter');
  await page.getByRole('heading', { name: 'My first project' }).waitFor();
  const project = await createProject(product, 'Far');
  ({ id: pipelineId } = await createPipeline(product, project.id, 'Seen from afar'));
  const url = `${product.url.replace(/^http/, 'ws')}/collab`;
  socket = await openRawSocket({ url, headers: { authorization: `Bearer ${product.token}` } });
  document = await socket.open(documentName('pipeline', pipelineId));
  const indexes = Array.from({ length: NODES }, (_, index) => index);
  await document.edit((doc) => {
    const nodes = indexes.map((index) => ({
      id: id(index),
      card: index % ROW === 0 ? 'std/load_table' : 'std/sample',
      title: `Step ${index}`,
      position: cornerOf(index),
      config: {},
    }));
    const edges = indexes
      .filter((index) => index % ROW !== 0)
      .map((index) => ({ source: id(index - 1), sourcePort: 'dataset', target: id(index), targetPort: 'dataset' }));
    writeGraph(doc, { nodes, edges }, undefined);
    addFrame(
      doc,
      { id: 'frame', title: 'All that is first', position: { x: -100, y: -160 }, size: { width: 1_400, height: 1_100 } },
      undefined,
    );
  });
  await page.goto(`${product.url}/pipelines/${pipelineId}`);
  await page.locator('[data-painted]').waitFor();
});
afterAll(async () => {
  socket?.terminate();
  await browser?.close();
  await product?.stop();
  if (product) removeDirectory(product.directory);
});

/** Where a point of the canvas is on the screen, in whole pixels as mouse events have them. */
const onScreen = (x: number, y: number): Promise<{ x: number; y: number }> =>
  page.evaluate(
    (at) => {
      const box = globalThis.document.querySelector('.react-flow')!.getBoundingClientRect();
      const view = new DOMMatrix(getComputedStyle(globalThis.document.querySelector('.react-flow__viewport')!).transform);
      return { x: Math.round(box.left + view.e + at.x * view.a), y: Math.round(box.top + view.f + at.y * view.a) };
    },
    { x, y },
  );
/** A point of a card that lies where it was first, beside its title. */
const cardAt = (index: number) => onScreen(cornerOf(index).x + 124, cornerOf(index).y + 100);
/** What is painted there: red, green, blue. */
const colorAt = (x: number, y: number): Promise<number[]> =>
  page.locator('[data-painted]').evaluate(
    (canvas, at) => {
      const bitmap = canvas as HTMLCanvasElement;
      const box = bitmap.getBoundingClientRect();
      const ratio = bitmap.width / box.width;
      return [...bitmap.getContext('2d')!.getImageData((at.x - box.left) * ratio, (at.y - box.top) * ratio, 1, 1).data].slice(0, 3);
    },
    { x, y },
  );
const painted = async (at: { x: number; y: number }, wanted: readonly number[]): Promise<void> => {
  await eventually(
    () => colorAt(at.x, at.y),
    (color) => color.every((part, index) => Math.abs(part - wanted[index]!) <= 6),
  );
};
const positions = () => new Map([...readPipeline(document.doc).nodes.values()].map((node) => [node.id, node.position]));
/** Waits until these nodes lie so far from where they were first, all of them alike, and nothing else has moved. */
const movedTogether = (indexes: readonly number[], atLeast: number) =>
  eventually(
    () => {
      const now = positions();
      return Array.from({ length: NODES }, (_, index) => ({
        index,
        dx: (now.get(id(index))?.x ?? Number.NaN) - cornerOf(index).x,
        dy: (now.get(id(index))?.y ?? Number.NaN) - cornerOf(index).y,
      })).filter(({ dx, dy }) => dx !== 0 || dy !== 0);
    },
    (moved) =>
      moved.length === indexes.length &&
      moved.every(
        ({ index, dx, dy }) => indexes.includes(index) && dx === moved[0]!.dx && dy === moved[0]!.dy && Math.hypot(dx, dy) >= atLeast,
      ),
  );
const hold = async (from: { x: number; y: number }, by: { x: number; y: number }, keys?: 'Shift') => {
  await page.mouse.move(from.x, from.y);
  if (keys) await page.keyboard.down(keys);
  await page.mouse.down();
  await page.mouse.move(from.x + by.x, from.y + by.y, { steps: 8 });
  await page.mouse.up();
  if (keys) await page.keyboard.up(keys);
};
const selectedCards = (): Promise<string | null> => page.getByRole('complementary', { name: 'Details' }).textContent();

test('three hundred cards are painted, and a click takes the one under the pointer', async () => {
  expect(await page.locator('.react-flow__node').count()).toBeLessThan(10);
  const at = await cardAt(147);
  await page.mouse.click(at.x, at.y);
  await page.getByRole('heading', { name: 'Step 147', exact: true }).waitFor();
  expect(await page.getByTitle('Step 147').count()).toBe(1);
  await page.mouse.click(at.x, at.y, { button: 'right' });
  await page.getByRole('menuitem', { name: 'Connect…' }).waitFor();
  await page.keyboard.press('Escape');
  await page.getByRole('menuitem', { name: 'Connect…' }).waitFor({ state: 'hidden' });
  await picture(page, 'far-01-selected');
});

test('a card is dragged, and put back by one undo', async () => {
  await hold(await cardAt(147), { x: 30, y: 42 });
  await movedTogether([147], 100);
  await page.keyboard.press('Control+z');
  await movedTogether([], 0);
});

test('a box selects what lies in it, a drag of one of them moves them all, and one undo puts all back', async () => {
  const from = await onScreen(cornerOf(123).x - 40, cornerOf(123).y - 30);
  const to = await onScreen(cornerOf(145).x + 280, cornerOf(145).y + 160);
  const chosen = [123, 124, 125, 143, 144, 145];
  await hold(from, { x: to.x - from.x, y: to.y - from.y }, 'Shift');
  await eventually(selectedCards, (text) => text?.includes('6 selected') === true);
  await hold(await cardAt(144), { x: 10, y: 60 });
  await movedTogether(chosen, 100);
  await picture(page, 'far-02-box-moved');
  await page.keyboard.press('Control+z');
  await movedTogether([], 0);
  const nowhere = await onScreen(cornerOf(147).x - 46, cornerOf(147).y + 160);
  await page.mouse.click(nowhere.x, nowhere.y);
  await eventually(selectedCards, (text) => text?.includes('Nothing selected') === true);
});

test('a frame is taken by its title and carries its cards', async () => {
  const title = await onScreen(20, -160);
  await hold({ x: title.x, y: title.y - 8 }, { x: 24, y: 12 });
  const carried = [0, 1, 2, 3].flatMap((row) => [0, 1, 2, 3].map((column) => row * ROW + column));
  await movedTogether(carried, 50);
  await page.keyboard.press('Control+z');
  await movedTogether([], 0);
});

test("a colleague's drag is painted where they hold it, in their colour", async () => {
  const place = { x: cornerOf(211).x + 180, y: cornerOf(211).y + 100 };
  // Nothing lies between the columns there.
  const middle = await onScreen(place.x + 114, place.y + 70);
  const before = await colorAt(middle.x, middle.y);
  document.setPresence({ selection: [id(210)], drag: { ids: [id(210)], dx: place.x - cornerOf(210).x, dy: place.y - cornerOf(210).y } });
  await painted(middle, [255, 255, 255]);
  expect(before).not.toEqual([255, 255, 255]);
  await picture(page, 'far-03-colleague');
  document.setPresence({ selection: [], drag: null });
  await painted(middle, before);
});

test('the states of a run are painted', async () => {
  await startRun(product, pipelineId);
  const [queued, waiting] = [await cardAt(20), await cardAt(25)];
  // A sixth of the colour of what waits for a runner, on the surface.
  await painted(queued, [237, 229, 214]);
  await painted(waiting, [255, 255, 255]);
  await picture(page, 'far-04-run');
});

test('Tab goes from node to node, also where none is an element yet', async () => {
  const named = (title: string) => page.getByRole('group', { name: `Node ${title}`, exact: true });
  const at = await cardAt(5);
  await page.mouse.click(at.x, at.y);
  await hasFocus(named('Step 5'));
  for (const next of [6, 7, 8]) {
    await page.keyboard.press('Tab');
    await hasFocus(named(`Step ${next}`));
  }
  await page.keyboard.press('Enter');
  await page.getByRole('heading', { name: 'Step 8', exact: true }).waitFor();
  await page.keyboard.press('ArrowDown');
  await movedTogether([8], 1);
  await page.keyboard.press('Control+z');
  await movedTogether([], 0);
  await page.keyboard.press('Shift+Tab');
  await hasFocus(named('Step 7'));
});

test('a card from the palette lands where it is dropped, and Delete removes it', async () => {
  const at = await onScreen(cornerOf(290).x + 124, cornerOf(290).y + 320);
  await drag(page, page.getByLabel('Card palette').getByText('std/describe'), at);
  await page.getByRole('heading', { name: 'Describe', exact: true }).waitFor();
  await eventually(
    () => positions().size,
    (size) => size === NODES + 1,
  );
  await painted({ x: at.x, y: at.y + 8 }, [255, 255, 255]);
  await page.mouse.click(at.x, at.y + 6);
  await page.keyboard.press('Delete');
  await eventually(
    () => positions().size,
    (size) => size === NODES,
  );
});

test('a double click comes close to a card, and far away again it is still selected', async () => {
  const at = await cardAt(147);
  await page.mouse.dblclick(at.x, at.y);
  await nodeTitled(page, 'Step 147').locator('header').waitFor();
  await hasCount(page.locator('[data-painted]'), 0);
  await hasCount(page.locator('.react-flow__node.selected'), 1);
  await picture(page, 'far-05-close');
  await page.getByRole('button', { name: 'Fit View' }).click();
  await page.locator('[data-painted]').waitFor();
  await hasCount(page.locator('.react-flow__edge'), 0);
  await hasCount(page.locator('.react-flow__node.selected'), 1);
  await page.getByRole('heading', { name: 'Step 147', exact: true }).waitFor();
});

test('the dark theme paints anew', async () => {
  const at = await cardAt(147);
  await page.getByRole('button', { name: /theme|dark/i }).click();
  await painted(at, [26, 29, 36]);
  await picture(page, 'far-06-dark');
  expect(ana.errors).toEqual([]);
});
