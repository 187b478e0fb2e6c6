/** What tests of the orchestrator let happen in its world: runs to the end, time that passes. */
import { eventually } from '@ensemble/testkit';
import { expect } from 'vitest';
import type { World } from './test-orchestrator.ts';

/** Claims and finishes everything on the queue until there is nothing left. */
export async function runToTheEnd(w: World): Promise<void> {
  while (w.bus.queue.size > 0) {
    for (const assignment of w.bus.queue.values()) {
      expect(await w.claim(assignment)).toEqual({ go: true });
      await w.finish(assignment);
    }
    await settled(w);
  }
}

/** Publishing follows the commit; wait for it as a runner would. */
export const settled = (w: World): Promise<unknown> => w.orchestrator.runs.publishWaiting();

/** Everything that was begun is done. */
export async function idle(w: World): Promise<void> {
  await eventually('nothing is under way', () => w.orchestrator.runs.isIdle());
}

/** Time passes, the sweep comes by every second, and what it began is done. */
export async function passes(w: World, ms: number): Promise<void> {
  for (let left = ms; left > 0; left -= 1_000) {
    w.now += Math.min(left, 1_000);
    w.offerRoom();
    w.orchestrator.sweep();
    await eventually('the sweep is over', () => !w.orchestrator.isSweeping());
    await idle(w);
  }
}
