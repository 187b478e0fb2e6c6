import { temporaryDatabase } from '@ensemble/testkit';
import { describe } from 'vitest';
import { openDatabase } from '../platform/database/open-database.ts';
import { orchestratorContract } from './test-orchestrator-contract.ts';

describe('runs on PostgreSQL', () => {
  orchestratorContract(async () => {
    const { url, drop } = await temporaryDatabase('runs');
    const database = await openDatabase({ url, directory: '' });
    return { ...database, close: () => database.close().then(drop) };
  });
});
