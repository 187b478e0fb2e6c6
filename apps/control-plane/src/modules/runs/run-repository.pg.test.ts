import { temporaryDatabase } from '@ensemble/testkit';
import { describe } from 'vitest';
import { openDatabase } from '../../platform/database/open-database.ts';
import { runRepositoryContract } from './test-repository-contract.ts';

describe('the repository of runs on PostgreSQL', () => {
  runRepositoryContract(async () => {
    const { url, drop } = await temporaryDatabase('runrows');
    const database = await openDatabase({ url, directory: '' });
    return { ...database, close: () => database.close().then(drop) };
  });
});
