import { describe } from 'vitest';
import { openDatabase } from '../../platform/database/open-database.ts';
import { createMemoryJournal } from './memory-journal.ts';
import { databaseJournal } from './test-support/database-journal.ts';
import { journalContract } from './test-support/journal-contract.ts';

describe('the journal in memory', () => {
  journalContract(() => {
    const journal = createMemoryJournal();
    return Promise.resolve({
      journal,
      quarantined: (document) => Promise.resolve(journal.quarantined.filter((record) => record.document === document)),
      close: () => Promise.resolve(),
    });
  });
});

describe('the journal on PGlite', () => {
  journalContract(async () => databaseJournal(await openDatabase({ directory: 'memory://' })));
});
