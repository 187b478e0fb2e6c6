import { temporaryDatabase } from '@ensemble/testkit';
import { describe } from 'vitest';
import { openDatabase } from '../platform/database/open-database.ts';
import { cacheContract } from './test-orchestrator-cache.ts';

describe('the cache on PostgreSQL', () => {
  cacheContract(async () => {
    const { url, drop } = await temporaryDatabase('cache');
    const database = await openDatabase({ url, directory: '' });
    return { ...database, close: () => database.close().then(drop) };
  });
});
