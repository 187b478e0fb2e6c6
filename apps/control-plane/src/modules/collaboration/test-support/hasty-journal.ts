/** A journal that breaks COL-1: it says that a row is durable and writes it a little later. Proves that the kill test bites. */
import type { Journal } from '../journal.ts';

export function hastyJournal(journal: Journal, delayMs: number): Journal {
  let nextId = 0n;
  return {
    ...journal,
    append(entry) {
      setTimeout(() => void journal.append(entry).catch(() => {}), delayMs);
      return Promise.resolve((nextId -= 1n));
    },
  };
}
