/**
 * How the canvas feels with 500 to 10,000 nodes: the built web app in headless Chromium (software rendering) against a real
 * server, beside a page with nothing but React Flow and as many nodes.
 * `node bench/canvas.ts [--nodes 500,1000,2000,10000] [--web apps/web/dist]`
 */
import { parseArgs } from 'node:util';
import { documentName } from '@ensemble/protocol';
import { writeGraph } from '@ensemble/pipeline';
import { chromium } from 'playwright-core';
import type { Browser, Page } from 'playwright-core';
import { call, createPipeline, createProject, startRun } from '../tests/lib/api.ts';
import { removeDirectory, startProduct } from '../tests/lib/product.ts';
import type { Product } from '../tests/lib/product.ts';
import { flood, tapSocket } from './canvas/flood.ts';
import { framesDuring } from './canvas/frames.ts';
import type { FrameFigures } from './canvas/frames.ts';
import { CELL, dragNode, pan } from './canvas/gestures.ts';
import { servePeerPage } from './canvas/peer-page.ts';
import type { PeerPage } from './canvas/peer-page.ts';
import { dragByOthers, openSocket } from './canvas/people.ts';
import { rendersDuring, watchRenders } from './canvas/renders.ts';
import { machine, round, writeRecord } from './lib/report.ts';

const { values } = parseArgs({
  options: { nodes: { type: 'string', default: '500,1000,2000,10000' }, web: { type: 'string' } },
});
const sizes = values.nodes.split(',').map(Number);

const VIEW = { width: 1440, height: 900 };
const OTHERS = 10;
const OTHERS_MS = 4_000;
const FLOOD = { perSecond: 1_000, forMs: 4_000 };
/** Until the page has drawn the last of it. */
const SETTLE_MS = 1_500;

/** Rows of cards that each feed the next one: as wide as high on the canvas. */
const rowLength = (nodes: number): number => Math.max(1, Math.round(Math.sqrt((nodes * CELL.height) / CELL.width)));

function bigGraph(nodes: number) {
  const row = rowLength(nodes);
  const id = (index: number) => `n${index}`;
  const follows = Array.from({ length: nodes }, (_, index) => index).filter((index) => index % row !== 0);
  return {
    nodes: Array.from({ length: nodes }, (_, index) => ({
      id: id(index),
      card: index % row === 0 ? 'std/load_table' : 'std/sample',
      title: `Step ${index}`,
      position: { x: (index % row) * CELL.width, y: Math.floor(index / row) * CELL.height },
      config: {},
    })),
    edges: follows.map((index) => ({ source: id(index - 1), sourcePort: 'dataset', target: id(index), targetPort: 'dataset' })),
  };
}

async function signIn(product: Product, browser: Browser) {
  const context = await browser.newContext({ viewport: VIEW, reducedMotion: 'reduce' });
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const { body } = await call(product, 'POST', '/api/owner-link', {});
  await page.goto((body as { url: string }).url);
  await page.getByRole('textbox').fill('Ana');
  await page.getByRole('textbox').press('Enter');
  await page.getByRole('heading', { name: 'My first project' }).waitFor();
  const state = await context.storageState();
  await context.close();
  return state;
}

interface Opening {
  ms: number;
  /** Processor time of the page's main thread until then. */
  mainThreadMs: number;
}

/** Cards as elements, or painted on the bitmap of the far view. */
const CARDS = '.react-flow__node header, [data-painted]';

/** Until nodes are on the screen, painted. `near` is a small file of the same site, so that the process of the page exists. */
async function opened(page: Page, url: string, near: string, drawn = CARDS): Promise<Opening> {
  await page.goto(near);
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taskSeconds = async (): Promise<number> =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  const before = await taskSeconds();
  const from = performance.now();
  await page.goto(url, { waitUntil: 'commit' });
  await page.waitForFunction((cards) => document.querySelector(cards)?.checkVisibility(), drawn, { timeout: 120_000 });
  await page.evaluate(() => new Promise((painted) => requestAnimationFrame(() => requestAnimationFrame(painted))));
  const ms = Math.round(performance.now() - from);
  const mainThreadMs = Math.round(((await taskSeconds()) - before) * 1_000);
  await session.detach();
  return { ms, mainThreadMs };
}

/** From as far away as it goes to the size at which cards are read. */
async function comeClose(page: Page): Promise<void> {
  for (let press = 0; press < 30; press += 1) {
    const zoom = await page.evaluate(() => new DOMMatrix(getComputedStyle(document.querySelector('.react-flow__viewport')!).transform).a);
    if (zoom >= 0.8) return;
    await page.locator('.react-flow__controls-zoomin').click();
  }
}

type Figures = Record<string, FrameFigures>;

async function measureOurs(product: Product, browser: Browser, state: Awaited<ReturnType<typeof signIn>>, nodes: number) {
  const project = await createProject(product, `Canvas ${nodes}`);
  const pipeline = await createPipeline(product, project.id, `${nodes} nodes`);
  const name = documentName('pipeline', pipeline.id);
  const graph = bigGraph(nodes);
  const socket = await openSocket(product);
  const document = await socket.open(name);
  await document.edit((doc) => {
    const written = writeGraph(doc, graph, undefined);
    if (!written.ok) throw new Error(written.message);
  });
  const run = nodes > 2_000 ? undefined : await startRun(product, pipeline.id);
  const context = await browser.newContext({ viewport: VIEW, reducedMotion: 'reduce', storageState: state });
  const pageSocket = await tapSocket(context);
  await watchRenders(context);
  const page = await context.newPage();
  page.setDefaultTimeout(120_000);
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(error.message));
  const open = await opened(page, `${product.url}/pipelines/${pipeline.id}`, `${product.url}/icon.svg`);
  await page.getByLabel(/^Save state: Saved/).waitFor();
  const figures: Figures = {};
  figures['pan, all in view'] = await framesDuring(page, () => pan(page));
  figures['drag, all in view'] = await framesDuring(page, () => dragNode(page));
  const others = graph.nodes.slice(0, OTHERS).map(({ id }) => id);
  figures[`${OTHERS} others drag`] = await framesDuring(page, () => dragByOthers(product, name, others, OTHERS_MS));
  await comeClose(page);
  figures['pan, close'] = await framesDuring(page, () => pan(page));
  figures['drag, close'] = await framesDuring(page, () => dragNode(page));
  let floodRenders: { states: number; nodes: number; components: number } | undefined;
  if (run) {
    const runName = documentName('run', run.id);
    const runDocument = await socket.open(runName);
    let states = 0;
    await page.locator('.react-flow__controls-fitview').click();
    figures[`${FLOOD.perSecond} states a second`] = await framesDuring(page, async () => {
      await flood(pageSocket, runName, runDocument.doc, FLOOD);
    });
    // Counting takes time of its own.
    const renders = await rendersDuring(page, async () => {
      states = await flood(pageSocket, runName, runDocument.doc, { ...FLOOD, forMs: 1_000 });
      await page.waitForTimeout(SETTLE_MS);
    });
    floodRenders = { states, ...renders };
  }
  socket.terminate();
  await context.close();
  if (errors.length > 0) throw new Error(`The page reported: ${errors.join('; ')}`);
  return { open, figures, floodRenders };
}

async function measurePeer(peer: PeerPage, browser: Browser, nodes: number) {
  const context = await browser.newContext({ viewport: VIEW, reducedMotion: 'reduce' });
  const page = await context.newPage();
  const open = await opened(page, peer.url(nodes, rowLength(nodes)), peer.url(0, 1), '.react-flow__node');
  const figures: Figures = {
    'pan, all in view': await framesDuring(page, () => pan(page)),
    'drag, all in view': await framesDuring(page, () => dragNode(page)),
  };
  await context.close();
  return { open, figures };
}

/** Lazy parts that a canvas must not wait for. */
const HEAVY = /code-editor|chart-view|duckdb|ruff|elk-worker|data-table|markdown-text/;

/** A small pipeline with an empty cache: from the address to painted nodes. */
async function firstPaint(product: Product, browser: Browser, state: Awaited<ReturnType<typeof signIn>>) {
  const project = await createProject(product, 'First paint');
  const pipeline = await createPipeline(product, project.id, 'small');
  const socket = await openSocket(product);
  await (await socket.open(documentName('pipeline', pipeline.id))).edit((doc) => writeGraph(doc, bigGraph(12), undefined));
  socket.terminate();
  const times: number[] = [];
  const heavy = new Set<string>();
  let bytes = 0;
  for (let turn = 0; turn < 5; turn += 1) {
    const context = await browser.newContext({ viewport: VIEW, storageState: state });
    const page = await context.newPage();
    bytes = 0;
    page.on('response', (response) => {
      const { pathname } = new URL(response.url());
      if (HEAVY.test(pathname)) heavy.add(pathname);
      bytes += Number(response.headers()['content-length'] ?? 0);
    });
    times.push((await opened(page, `${product.url}/pipelines/${pipeline.id}`, `${product.url}/icon.svg`)).ms);
    await context.close();
  }
  return { medianMs: times.toSorted((a, b) => a - b)[2]!, times, transferredKilobytes: round(bytes / 1_000, 0), heavyAtStart: [...heavy] };
}

const product = await startProduct({ web: true, env: { ENSEMBLE_RUNNER: 'off', ...(values.web ? { ENSEMBLE_WEB_DIR: values.web } : {}) } });
const browser = await chromium.launch({
  executablePath: process.env.ENSEMBLE_CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-gpu', '--disable-background-networking'],
});
const peer = await servePeerPage();
try {
  const before = machine();
  const state = await signIn(product, browser);
  const paint = await firstPaint(product, browser, state);
  console.log(`first paint of a small canvas: ${paint.medianMs} ms; heavy parts at start: ${paint.heavyAtStart.join(', ') || 'none'}`);
  const results = [];
  for (const nodes of sizes) {
    const bare = await measurePeer(peer, browser, nodes);
    const ours = await measureOurs(product, browser, state, nodes);
    results.push({ nodes, ours: { open: ours.open, figures: ours.figures, flood: ours.floodRenders }, bareReactFlow: bare });
    const told = ({ ms, mainThreadMs }: Opening) => `${ms} ms, main thread ${mainThreadMs} ms`;
    console.log(`\n${nodes} nodes: open ${told(ours.open)} (bare React Flow ${told(bare.open)})`);
    console.table(
      Object.fromEntries([
        ...Object.entries(ours.figures),
        ...Object.entries(bare.figures).map(([what, figures]) => [`bare React Flow: ${what}`, figures]),
      ]),
    );
    if (ours.floodRenders) console.log('flood:', ours.floodRenders);
  }
  writeRecord('canvas', {
    bench: 'canvas',
    at: new Date().toISOString(),
    machine: { ...before, loadAverageAfter: machine().loadAverage },
    settings: { sizes, others: OTHERS, flood: FLOOD, view: VIEW, chromium: browser.version() },
    firstPaint: paint,
    results,
  });
} finally {
  peer.close();
  await browser.close();
  await product.stop();
  removeDirectory(product.directory);
}
