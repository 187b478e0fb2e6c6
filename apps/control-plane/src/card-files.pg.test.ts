import { temporaryDatabase, type TemporaryDatabase } from '@ensemble/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { cardFilesContract } from './card-files-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await temporaryDatabase('cardfiles');
});
afterAll(() => temporary.drop());

describe('card files on PostgreSQL', () => {
  cardFilesContract(() => openDatabase({ url: temporary.url, directory: '' }));
});
