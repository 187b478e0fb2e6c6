/** Why an attempt still waits, in one sentence for people (RUNNER-3). Pure. */
import type { RunnerHeartbeat } from '@ensemble/protocol';

export interface WaitingAttempt {
  attemptId: string;
  pool: string;
  queuedAt: number;
}

export interface QueueNote {
  reason: string;
  /** 1-based; absent when no runner serves the pool. */
  position?: number;
}

/** All places change whenever one step begins: telling a thousand of them each time would flood the documents. */
const PLACES_TOLD = 20;

export function queueNotes(waiting: readonly WaitingAttempt[], runners: readonly RunnerHeartbeat[]): Map<string, QueueNote> {
  const notes = new Map<string, QueueNote>();
  for (const [pool, attempts] of Map.groupBy(waiting, (attempt) => attempt.pool)) {
    const ofPool = runners.filter((runner) => runner.pools.includes(pool));
    const served = ofPool.some((runner) => !runner.draining);
    const why = ofPool.length === 0 ? 'none is connected' : 'all of them are shutting down';
    for (const [index, { attemptId }] of attempts.toSorted((a, b) => a.queuedAt - b.queuedAt).entries()) {
      if (served && index >= PLACES_TOLD) notes.set(attemptId, { reason: `behind the first ${PLACES_TOLD} in the queue` });
      else if (served) notes.set(attemptId, { reason: `${ordinal(index + 1)} in the queue`, position: index + 1 });
      else notes.set(attemptId, { reason: `waits for a runner of pool ${pool}: ${why}` });
    }
  }
  return notes;
}

export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
