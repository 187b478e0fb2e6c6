/** Brings a database to the newest migration. Asks the schema engine only when something is missing: it is slow to load. */
import type { Sql } from './database.ts';
import { readMigrations } from './schema-files.ts';

type Engine = typeof import('./schema-engine.ts');
/** Makes the engine an adapter to this database, lends it, and puts it away. */
export type ConnectEngine = (
  engine: Engine,
  apply: (adapter: Parameters<Engine['applyMigrations']>[0]) => Promise<string[]>,
) => Promise<string[]>;

interface Recorded {
  migration_name: string;
  checksum: string;
  finished_at: Date | null;
}

async function recordedMigrations(sql: Sql): Promise<Recorded[]> {
  const [table] = await sql.query<{ present: boolean }>(`SELECT to_regclass('_prisma_migrations') IS NOT NULL AS present`);
  if (table?.present !== true) return [];
  return await sql.query<Recorded>(
    'SELECT migration_name, checksum, finished_at FROM _prisma_migrations WHERE rolled_back_at IS NULL ORDER BY migration_name',
  );
}

/**
 * Returns the names of the migrations it applied. Throws, with a sentence on how to mend it, for a database that a newer
 * version migrated, whose migrations were edited afterwards, or where one stopped half-way.
 */
export async function migrate(sql: Sql, connectEngine: ConnectEngine): Promise<string[]> {
  const migrations = readMigrations();
  const known = new Map(migrations.map((migration) => [migration.name, migration]));
  const recorded = await recordedMigrations(sql);
  for (const { migration_name: name, checksum, finished_at: finishedAt } of recorded) {
    const migration = known.get(name);
    if (!migration) {
      throw new Error(
        `The database was migrated by a newer version of Ensemble (migration ${name}): start that version, or use another database.`,
      );
    }
    if (migration.checksum !== checksum) {
      throw new Error(`Migration ${name} was changed after the database applied it: restore the file, or use another database.`);
    }
    if (finishedAt === null) {
      throw new Error(
        `Migration ${name} stopped half-way: restore the database from a backup, or mend it and mark it with "prisma migrate resolve".`,
      );
    }
  }
  if (recorded.length === migrations.length) return [];
  const engine = await import('./schema-engine.ts');
  return await connectEngine(engine, (adapter) => engine.applyMigrations(adapter, migrations));
}
