import { describe } from 'vitest';
import { temporaryDatabase } from '@ensemble/testkit';
import { openDatabase } from '../../platform/database/open-database.ts';
import { databaseJournal } from './test-support/database-journal.ts';
import { journalContract } from './test-support/journal-contract.ts';

describe('the journal on PostgreSQL', () => {
  journalContract(async () => {
    const temporary = await temporaryDatabase('journal');
    const under = databaseJournal(await openDatabase({ url: temporary.url, directory: '' }));
    return { ...under, close: () => under.close().then(() => temporary.drop()) };
  });
});
