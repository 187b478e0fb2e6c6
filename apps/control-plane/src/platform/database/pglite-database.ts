/** The embedded database: PGlite in one directory. It has a single session, and whoever opens it must hold the directory's lock. */
import { existsSync, mkdirSync, renameSync, rmSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { Database, Sql } from './database.ts';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';
import { openPreparedDatabase } from './prepared-database.ts';
import { parameter, valueParsers } from './sql-values.ts';

const sqlOf = (session: Pick<PGlite, 'query'>): Sql => ({
  query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
    (await session.query<Row>(text, params.map(parameter))).rows,
});

const open = (dataDir: string, loadDataDir?: Blob): Promise<PGlite> =>
  PGlite.create({ dataDir, parsers: valueParsers, ...(loadDataDir ? { loadDataDir } : {}) });

const migratePglite = (pglite: PGlite): Promise<string[]> =>
  migrate(sqlOf(pglite), (engine, apply) => apply(engine.engineAdapterForPglite(pglite)));

/** A directory is there with a whole database in it, or not at all. */
async function makeDirectory(directory: string): Promise<void> {
  const fresh = `${directory}.new`;
  rmSync(fresh, { recursive: true, force: true });
  mkdirSync(fresh, { recursive: true, mode: 0o700 });
  await (await open(fresh, await openPreparedDatabase())).close();
  renameSync(fresh, directory);
}

/** `directory` is made when missing; `memory://` keeps everything in memory. */
export async function openPglite(directory: string): Promise<Database> {
  const inMemory = directory.includes('://');
  if (!inMemory && !existsSync(directory)) await makeDirectory(directory);
  const pglite = await open(directory, inMemory ? await openPreparedDatabase() : undefined);
  try {
    // The adapter writes and reads instants without a zone.
    await pglite.exec(`SET TIME ZONE 'UTC'`);
    await migratePglite(pglite);
    const prisma = new PrismaClient({ adapter: new PrismaPGlite(pglite) });
    let closing: Promise<void> | undefined;
    return {
      kind: 'pglite',
      prisma,
      sql: sqlOf(pglite),
      transaction: async (work) => (await pglite.transaction(async (session) => ({ result: await work(sqlOf(session)) }))).result,
      close: () => (closing ??= prisma.$disconnect().then(() => pglite.close())),
    };
  } catch (error) {
    await pglite.close();
    throw error;
  }
}

/** A tar of a database that has every table and no row. */
export async function dumpEmptyDatabase(): Promise<Uint8Array> {
  const pglite = await open('memory://');
  await migratePglite(pglite);
  const dump = new Uint8Array(await (await pglite.dumpDataDir('none')).arrayBuffer());
  await pglite.close();
  return dump;
}
