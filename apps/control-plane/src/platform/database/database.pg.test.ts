import { randomBytes } from 'node:crypto';
import pg from 'pg';
import { afterAll, beforeAll, describe } from 'vitest';
import { databaseContract } from './database-contract.ts';
import { openDatabase } from './open-database.ts';

const server = process.env.ENSEMBLE_TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';
const name = `ensemble_database_${randomBytes(4).toString('hex')}`;
const url = new URL(server);
url.pathname = `/${name}`;

async function administer(sql: string): Promise<void> {
  const client = new pg.Client({ connectionString: server });
  await client.connect();
  await client.query(sql);
  await client.end();
}

beforeAll(() => administer(`CREATE DATABASE "${name}"`));
afterAll(() => administer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`));

describe('the database on PostgreSQL', () => {
  databaseContract(() => openDatabase({ url: url.href, directory: '' }));
});
