/** Many people watch one attempt: the bus is asked once for all of them. Knows no person and no socket. */
import type { AttemptWatcher, Bus } from '../../platform/bus/bus.ts';

export interface WatchHub {
  /** Returns how to stop. */
  watch(runnerId: string, attemptId: string, watcher: AttemptWatcher): () => void;
  /** Attempts that are watched. */
  size(): number;
}

interface Shared {
  watchers: Set<AttemptWatcher>;
  wanted: string;
  stop(): void;
}

export function createWatchHub(bus: Pick<Bus, 'watchAttempt'>): WatchHub {
  const shared = new Map<string, Shared>();

  /** Asks for no more than somebody wants. */
  function renew(runnerId: string, attemptId: string, { watchers, ...before }: Shared): void {
    const log = [...watchers].some(({ onLog }) => onLog);
    const metrics = [...watchers].some(({ onMetrics }) => onMetrics);
    const wanted = `${log} ${metrics}`;
    if (wanted === before.wanted && watchers.size > 0) return;
    before.stop();
    shared.delete(attemptId);
    if (watchers.size === 0) return;
    const { stop } = bus.watchAttempt(runnerId, attemptId, {
      ...(log ? { onLog: (bytes) => watchers.forEach(({ onLog }) => onLog?.(bytes)) } : {}),
      ...(metrics ? { onMetrics: (news) => watchers.forEach(({ onMetrics }) => onMetrics?.(news)) } : {}),
    });
    shared.set(attemptId, { watchers, wanted, stop });
  }

  return {
    watch(runnerId, attemptId, watcher) {
      const entry = shared.get(attemptId) ?? { watchers: new Set(), wanted: '', stop: () => {} };
      entry.watchers.add(watcher);
      renew(runnerId, attemptId, entry);
      return () => {
        const now = shared.get(attemptId);
        if (now?.watchers.delete(watcher)) renew(runnerId, attemptId, now);
      };
    },
    size: () => shared.size,
  };
}
