import { temporaryDatabase, type TemporaryDatabase } from '@ensemble/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { ownDataContract } from './own-data-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await temporaryDatabase('owndata');
});
afterAll(() => temporary.drop());

describe('own data on PostgreSQL', () => {
  ownDataContract(() => openDatabase({ url: temporary.url, directory: '' }));
});
