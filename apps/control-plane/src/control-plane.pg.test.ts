import { temporaryDatabase, type TemporaryDatabase } from '@ensemble/testkit';
import { afterAll, beforeAll, describe } from 'vitest';
import { controlPlaneContract } from './control-plane-contract.ts';
import { openDatabase } from './platform/database/open-database.ts';

let temporary: TemporaryDatabase;
beforeAll(async () => {
  temporary = await temporaryDatabase('api');
});
afterAll(() => temporary.drop());

describe('the HTTP API on PostgreSQL', () => {
  controlPlaneContract(() => openDatabase({ url: temporary.url, directory: '' }));
});
