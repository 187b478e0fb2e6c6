import { afterAll, describe, expect, test } from 'vitest';
import { temporaryDatabase } from '@ensemble/testkit';
import type { TemporaryDatabase } from '@ensemble/testkit';
import { killCollaboration, killContract } from './test-support/kill-contract.ts';

const databases: TemporaryDatabase[] = [];
afterAll(() => Promise.all(databases.map((database) => database.drop())));

async function place(): Promise<string> {
  const database = await temporaryDatabase('kill');
  databases.push(database);
  return database.url;
}

describe('kill -9 on PostgreSQL', () => {
  killContract('postgres', place);

  test('one kill finds a journal that acknowledges too early', async () => {
    let lost = 0;
    // On a busy machine a kill may come when nothing was acknowledged for a while.
    for (let tries = 0; tries < 5 && lost === 0; tries += 1)
      lost = (await killCollaboration({ kind: 'postgres', place: await place(), kills: 1, hasty: true })).lost.length;
    expect(lost).toBeGreaterThan(0);
  });
});
