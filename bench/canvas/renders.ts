/** Counts what React renders, as its developer tools do: by the flag that every rendered component leaves on its fiber. */
import type { BrowserContext, Page } from 'playwright-core';

export interface Renders {
  /** Whole nodes of the canvas. */
  nodes: number;
  /** Components of any kind. */
  components: number;
}

interface Fiber {
  flags: number;
  memoizedProps: Record<string, unknown> | null;
  alternate: Fiber | null;
  child: Fiber | null;
  sibling: Fiber | null;
}

declare global {
  // oxlint-disable-next-line no-var -- the way to type a global
  var benchRenders: { counting: boolean; nodes: number; components: number } | undefined;
}

/** Before the page is opened: React looks for the hook once. */
export const watchRenders = (context: BrowserContext): Promise<unknown> =>
  context.addInitScript(() => {
    const kept = { counting: false, nodes: 0, components: 0 };
    globalThis.benchRenders = kept;
    const PERFORMED_WORK = 1;
    const COMPONENT = 'positionAbsoluteX';
    const visit = (root: Fiber): void => {
      const open: Fiber[] = [root];
      for (let fiber = open.pop(); fiber; fiber = open.pop()) {
        if ((fiber.flags & PERFORMED_WORK) !== 0) {
          kept.components += 1;
          if (fiber.memoizedProps && COMPONENT in fiber.memoizedProps) kept.nodes += 1;
        }
        // What React did not come to is shared with the tree before, flags of earlier commits and all.
        if (fiber.alternate?.child === fiber.child) continue;
        for (let child = fiber.child; child; child = child.sibling) open.push(child);
      }
    };
    Object.assign(globalThis, {
      __REACT_DEVTOOLS_GLOBAL_HOOK__: {
        supportsFiber: true,
        renderers: new Map(),
        inject: () => 1,
        checkDCE: () => undefined,
        onCommitFiberUnmount: () => undefined,
        onPostCommitFiberRoot: () => undefined,
        onCommitFiberRoot: (_id: number, { current }: { current: Fiber }) => kept.counting && visit(current),
      },
    });
  });

export async function rendersDuring(page: Page, what: () => Promise<void>): Promise<Renders> {
  await page.evaluate(() => globalThis.benchRenders && Object.assign(globalThis.benchRenders, { counting: true, nodes: 0, components: 0 }));
  await what();
  return page.evaluate(() => {
    const kept = globalThis.benchRenders;
    if (kept) kept.counting = false;
    return { nodes: kept?.nodes ?? Number.NaN, components: kept?.components ?? Number.NaN };
  });
}
