import { temporaryDatabase } from '@ensemble/testkit';
import { describe } from 'vitest';
import { openDatabase } from '../platform/database/open-database.ts';
import { trialsContract } from './test-orchestrator-trials.ts';

describe('trials on PostgreSQL', () => {
  trialsContract(async () => {
    const { url, drop } = await temporaryDatabase('trials');
    const database = await openDatabase({ url, directory: '' });
    return { ...database, close: () => database.close().then(drop) };
  });
});
