/** How long the frames of a page took while something went on in it, and what its main thread computed in that time. */
import type { Page } from 'playwright-core';
import { quantiles, round } from '../lib/report.ts';

export interface FrameFigures {
  frames: number;
  /** Milliseconds from one frame to the next; 16.7 is the least a browser draws. */
  medianMs: number;
  p95Ms: number;
  /** Processor time of the page's main thread per frame, all of it. Depends less on the load of the machine. */
  mainThreadMs: number;
}

declare global {
  // oxlint-disable-next-line no-var -- the way to type a global
  var benchFrames: { times: number[]; running: boolean } | undefined;
}

export async function framesDuring(page: Page, what: () => Promise<void>): Promise<FrameFigures> {
  const session = await page.context().newCDPSession(page);
  await session.send('Performance.enable', { timeDomain: 'threadTicks' });
  const taskSeconds = async (): Promise<number> =>
    (await session.send('Performance.getMetrics')).metrics.find(({ name }) => name === 'TaskDuration')?.value ?? Number.NaN;
  await page.evaluate(() => {
    const kept = { times: [] as number[], running: true };
    globalThis.benchFrames = kept;
    let last = performance.now();
    const frame = (): void => {
      const now = performance.now();
      kept.times.push(now - last);
      last = now;
      if (kept.running) requestAnimationFrame(frame);
    };
    requestAnimationFrame(frame);
  });
  const before = await taskSeconds();
  await what();
  const after = await taskSeconds();
  const times = await page.evaluate(() => {
    const kept = globalThis.benchFrames;
    if (kept) kept.running = false;
    return kept?.times ?? [];
  });
  await session.detach();
  const { p50, p95 } = quantiles(times);
  return { frames: times.length, medianMs: p50, p95Ms: p95, mainThreadMs: round(((after - before) * 1_000) / Math.max(1, times.length)) };
}
