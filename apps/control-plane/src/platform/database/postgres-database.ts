/** PostgreSQL by its URL: one pool for Prisma and for hand-written SQL, so that both heal together after a restart of the server. */
import { PrismaPg } from '@prisma/adapter-pg';
import pg from 'pg';
import type { Database, Sql } from './database.ts';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';
import { parameter, valueParsers } from './sql-values.ts';

const MAX_CONNECTIONS = 10;
const CONNECT_TIMEOUT_MS = 5_000;

const types: pg.CustomTypesConfig = {
  getTypeParser: ((oid: number, format?: 'text' | 'binary') =>
    format === 'binary'
      ? pg.types.getTypeParser(oid, 'binary')
      : (valueParsers[oid] ?? pg.types.getTypeParser(oid, 'text'))) as pg.CustomTypesConfig['getTypeParser'],
};

const sqlOf = (session: Pick<pg.Pool | pg.PoolClient, 'query'>): Sql => ({
  query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
    (await session.query<Row>({ text, values: params.map(parameter), types })).rows,
});

function openPool(url: string, max: number): pg.Pool {
  const pool = new pg.Pool({ connectionString: url, max, connectionTimeoutMillis: CONNECT_TIMEOUT_MS, options: '-c timezone=UTC' });
  // An idle connection that breaks is replaced by the pool; without a listener it would end the process.
  pool.on('error', () => {});
  // The same for a connection that breaks while a transaction holds it: its query rejects, which is enough.
  pool.on('connect', (client) => void client.on('error', () => {}));
  return pool;
}

async function inTransaction<T>(pool: pg.Pool, work: (sql: Sql) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  let broken: Error | undefined;
  try {
    await client.query('BEGIN');
    const result = await work(sqlOf(client));
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch((cause: Error) => (broken = cause));
    throw error;
  } finally {
    client.release(broken);
  }
}

/** Two control planes that start at once on one database migrate one after the other: the lock is held by a session. */
async function migrateAlone(pool: pg.Pool, url: string): Promise<void> {
  const client = await pool.connect();
  try {
    await client.query(`SELECT pg_advisory_lock(hashtext('ensemble migrations'))`);
    await migrate(sqlOf(client), async (engine, apply) => {
      const own = openPool(url, 1);
      try {
        return await apply(engine.engineAdapterForPostgres(own));
      } finally {
        await own.end();
      }
    });
  } finally {
    client.release(true);
  }
}

export async function openPostgres(url: string): Promise<Database> {
  const pool = openPool(url, MAX_CONNECTIONS);
  try {
    await migrateAlone(pool, url);
    const prisma = new PrismaClient({ adapter: new PrismaPg(pool) });
    let closing: Promise<void> | undefined;
    return {
      kind: 'postgres',
      prisma,
      sql: sqlOf(pool),
      transaction: (work) => inTransaction(pool, work),
      close: () => (closing ??= prisma.$disconnect().then(() => pool.end())),
    };
  } catch (error) {
    await pool.end();
    throw error;
  }
}
