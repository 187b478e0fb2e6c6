/**
 * Stands before the journal and knows whether it works. An update that could not be written is held and written again,
 * the same bytes, until it is durable or nobody waits for it. Ignores what updates mean.
 */
import { appendTimeoutMs } from './journal.ts';
import type { Journal, JournalEntry } from './journal.ts';

export type StorageState = 'ok' | 'unavailable';

export interface StorageGate {
  state(): StorageState;
  /**
   * Resolves with the row's id. Writing the same bytes again is harmless (Yjs updates are idempotent), while giving up
   * is not: the first try may still reach the database. Rejects with the signal's reason.
   */
  append(entry: JournalEntry, signal: AbortSignal): Promise<bigint>;
  stop(): void;
}

export interface StorageGateOptions {
  journal: Pick<Journal, 'append' | 'probe'>;
  /** An append that takes longer counts as failed; big ones get more. */
  timeoutMs: number;
  retryMs: { first: number; most: number };
  onState(state: StorageState, cause?: unknown): void;
}

export async function withDeadline<T>(work: Promise<T>, ms: number, what: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${ms} ms.`)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}

export function createStorageGate({ journal, timeoutMs, retryMs, onState }: StorageGateOptions): StorageGate {
  let state: StorageState = 'ok';
  let recovered = Promise.withResolvers<void>();
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;

  function probeIn(delayMs: number): void {
    timer = setTimeout(() => {
      withDeadline(journal.probe(), timeoutMs, 'The probe of the journal').then(
        () => {
          if (stopped) return;
          state = 'ok';
          onState(state);
          recovered.resolve();
        },
        () => {
          if (!stopped) probeIn(Math.min(delayMs * 2, retryMs.most));
        },
      );
    }, delayMs);
  }

  function failed(cause: unknown): void {
    if (state === 'unavailable' || stopped) return;
    state = 'unavailable';
    recovered = Promise.withResolvers<void>();
    onState(state, cause);
    probeIn(retryMs.first);
  }

  async function recovery(signal: AbortSignal): Promise<void> {
    const aborted = Promise.withResolvers<void>();
    const onAbort = () => aborted.resolve();
    signal.addEventListener('abort', onAbort, { once: true });
    try {
      if (!signal.aborted) await Promise.race([recovered.promise, aborted.promise]);
    } finally {
      signal.removeEventListener('abort', onAbort);
    }
  }

  return {
    state: () => state,
    async append(entry, signal) {
      for (;;) {
        signal.throwIfAborted();
        if (state === 'unavailable') {
          await recovery(signal);
          continue;
        }
        try {
          return await withDeadline(journal.append(entry), appendTimeoutMs(entry.bytes.byteLength, timeoutMs), 'The journal');
        } catch (cause) {
          signal.throwIfAborted();
          if (stopped) throw cause;
          failed(cause);
        }
      }
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}
