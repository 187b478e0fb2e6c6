/** A journal whose writing a test can hold, break and mend. What it is built on does the work. */
import type { Journal, JournalEntry } from '../journal.ts';

export interface GatedJournal extends Journal {
  /** Entries that were asked to be written, in order. */
  readonly asked: JournalEntry[];
  /** Appends wait until `release`. */
  hold(): void;
  release(): void;
  /** Everything rejects until `mend`. */
  fail(): void;
  mend(): void;
}

export function gateJournal(journal: Journal): GatedJournal {
  let held = Promise.resolve();
  let release = (): void => {};
  let broken = false;
  const asked: JournalEntry[] = [];
  const working = async <T>(work: () => Promise<T>): Promise<T> => {
    if (broken) throw new Error('the database is down');
    return work();
  };
  return {
    asked,
    async append(entry) {
      asked.push(entry);
      await held;
      return working(() => journal.append(entry));
    },
    load: (document) => working(() => journal.load(document)),
    checkpoint: (document, checkpoint) => working(() => journal.checkpoint(document, checkpoint)),
    quarantine: (document, record) => working(() => journal.quarantine(document, record)),
    timeline: (document, page) => working(() => journal.timeline(document, page)),
    probe: () => working(() => journal.probe()),
    hold() {
      const gate = Promise.withResolvers<void>();
      held = gate.promise;
      release = gate.resolve;
    },
    release: () => release(),
    fail: () => void (broken = true),
    mend: () => void (broken = false),
  };
}
