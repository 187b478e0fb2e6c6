/** The embedded database: PGlite in one directory. It has a single session, and whoever opens it must hold the directory's lock. */
import { mkdirSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import type { Database, Sql } from './database.ts';
import { PrismaClient } from './generated/client.ts';
import { migrate } from './migrate.ts';
import { parameter, valueParsers } from './sql-values.ts';

const sqlOf = (session: Pick<PGlite, 'query'>): Sql => ({
  query: async <Row extends object>(text: string, params: readonly unknown[] = []) =>
    (await session.query<Row>(text, params.map(parameter))).rows,
});

/** `directory` is made when missing; `memory://` keeps everything in memory. */
export async function openPglite(directory: string): Promise<Database> {
  if (!directory.includes('://')) mkdirSync(directory, { recursive: true, mode: 0o700 });
  const pglite = await PGlite.create({ dataDir: directory, parsers: valueParsers });
  try {
    // The adapter writes and reads instants without a zone.
    await pglite.exec(`SET TIME ZONE 'UTC'`);
    const sql = sqlOf(pglite);
    await migrate(sql, (engine, apply) => apply(engine.engineAdapterForPglite(pglite)));
    const prisma = new PrismaClient({ adapter: new PrismaPGlite(pglite) });
    let closing: Promise<void> | undefined;
    return {
      kind: 'pglite',
      prisma,
      sql,
      transaction: async (work) => (await pglite.transaction(async (session) => ({ result: await work(sqlOf(session)) }))).result,
      close: () => (closing ??= prisma.$disconnect().then(() => pglite.close())),
    };
  } catch (error) {
    await pglite.close();
    throw error;
  }
}
