import type { Database } from '../../../platform/database/database.ts';
import { createSqlJournal } from '../sql-journal.ts';
import type { JournalUnderTest } from './journal-contract.ts';

/** The journal on an open, migrated database, for the contract. */
export const databaseJournal = (database: Database): JournalUnderTest => ({
  journal: createSqlJournal(database),
  quarantined: (document) =>
    database.sql.query('SELECT actor, bytes, problem FROM document_quarantine WHERE document = $1 ORDER BY id', [document]),
  close: () => database.close(),
});
