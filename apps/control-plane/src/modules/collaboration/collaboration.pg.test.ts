/** The module on a real PostgreSQL whose sessions are cut while people write. */
import pg from 'pg';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import * as Y from 'yjs';
import { eventually, temporaryDatabase } from '@ensemble/testkit';
import type { TemporaryDatabase } from '@ensemble/testkit';
import type { Database } from '../../platform/database/database.ts';
import { openDatabase } from '../../platform/database/open-database.ts';
import { loadDocument } from './load-document.ts';
import { createSqlJournal } from './sql-journal.ts';
import { serveCollaboration } from './test-support/serve-collaboration.ts';

vi.spyOn(console, 'error').mockImplementation(() => {});

const DOC = 'pipeline:one';
let temporary: TemporaryDatabase;
let database: Database;
let surgeon: pg.Client;
beforeAll(async () => {
  temporary = await temporaryDatabase('collaboration');
  database = await openDatabase({ url: temporary.url, directory: '' });
  surgeon = new pg.Client({ connectionString: temporary.url });
  await surgeon.connect();
});
afterAll(async () => {
  await surgeon.end();
  await database.close();
  await temporary.drop();
});

test('when every session of the database is cut again and again, edits wait, all are acknowledged and all are there', async () => {
  const served = await serveCollaboration({
    journal: createSqlJournal(database),
    timing: { retryMs: { first: 10, most: 50 } },
  });
  const people = await Promise.all(['ada', 'bob', 'eve'].map((user) => served.open(user, DOC)));
  const done = new AbortController();
  let cuts = 0;
  const cutting = (async () => {
    while (!done.signal.aborted) {
      const { rowCount } = await surgeon.query(
        'SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()',
      );
      cuts += rowCount ?? 0;
      await new Promise((resolve) => setTimeout(resolve, 30));
    }
  })();
  let written = 0;
  const isBitten = (): boolean => cuts > 3 && served.log.some(({ message }) => message.includes('cannot be written'));
  const work = people.map(async (person, index) => {
    for (let n = 0; n < 60 || (n < 5_000 && !isBitten()); n += 1) {
      await person.edit((doc) => doc.getMap('meta').set(`${index}-${n}`, n));
      written += 1;
    }
  });
  await Promise.all(work);
  done.abort();
  await cutting;
  expect(isBitten()).toBe(true);
  await eventually('the storage is back', () => served.collaboration.storage() === 'ok');
  await served.stop();
  const doc = new Y.Doc();
  const loaded = await loadDocument(doc, DOC, createSqlJournal(database));
  expect([doc.getMap('meta').size, loaded.quarantined]).toEqual([written, []]);
});
