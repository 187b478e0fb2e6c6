import type { RunDocumentStep } from '@ensemble/protocol';

/** Steps as people read a run: what has started in that order, then what waits, by title. Pure. */
export function orderSteps(steps: ReadonlyMap<string, RunDocumentStep>): [string, RunDocumentStep][] {
  const last = Number.MAX_SAFE_INTEGER;
  return [...steps].sort(
    ([, a], [, b]) =>
      (a.startedAt ?? last) - (b.startedAt ?? last) || (a.position ?? last) - (b.position ?? last) || a.title.localeCompare(b.title),
  );
}
