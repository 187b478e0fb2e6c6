import { temporaryDatabase, type TemporaryDatabase } from '@ensemble/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { transferContract } from './transfer-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await temporaryDatabase('transfer');
});
afterAll(() => temporary.drop());

describe('import and export on PostgreSQL', () => {
  transferContract(() => openDatabase({ url: temporary.url, directory: '' }));
});
