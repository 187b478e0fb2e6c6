/** A PostgreSQL database that lives as long as a test. Knows nothing of its tables. */
import { randomBytes } from 'node:crypto';
import pg from 'pg';

export const TEST_POSTGRES = process.env.ENSEMBLE_TEST_DATABASE_URL ?? 'postgresql://postgres@127.0.0.1:5432/postgres';

export interface TemporaryDatabase {
  url: string;
  /** Reads it from outside, past whatever the product would say of it. */
  query<Row extends object>(text: string, params?: readonly unknown[]): Promise<Row[]>;
  drop(): Promise<void>;
}

async function administer(statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: TEST_POSTGRES });
  await client.connect();
  try {
    await client.query(statement);
  } finally {
    await client.end();
  }
}

/** `label` becomes part of the name: lower-case letters. */
export async function temporaryDatabase(label: string): Promise<TemporaryDatabase> {
  const name = `ensemble_${label}_${randomBytes(4).toString('hex')}`;
  await administer(`CREATE DATABASE "${name}"`);
  const url = new URL(TEST_POSTGRES);
  url.pathname = `/${name}`;
  const pool = new pg.Pool({ connectionString: url.href, max: 1 });
  pool.on('error', () => {});
  return {
    url: url.href,
    query: async <Row extends object>(text: string, params: readonly unknown[] = []) => (await pool.query<Row>(text, [...params])).rows,
    async drop() {
      await pool.end();
      await administer(`DROP DATABASE IF EXISTS "${name}" WITH (FORCE)`);
    },
  };
}
