/**
 * Prisma Migrate without its downloaded binary: the schema engine that npm ships as WebAssembly, driven as a library.
 * The record it keeps (`_prisma_migrations`) is the one the real command line reads. Holds the work-rounds the
 * driver adapters need; nothing else in the control plane talks to the engine.
 */
import { PGlite } from '@electric-sql/pglite';
import { PrismaPg } from '@prisma/adapter-pg';
import {
  bindMigrationAwareSqlAdapterFactory,
  type SqlDriverAdapter,
  type SqlMigrationAwareDriverAdapterFactory,
} from '@prisma/driver-adapter-utils';
import { SchemaEngine } from '@prisma/schema-engine-wasm';
import type pg from 'pg';
import { PrismaPGlite } from 'pglite-prisma-adapter';
import { migrationList, readSchema, type MigrationFile } from './schema-files.ts';

const filters = { externalTables: [], externalEnums: [] };

/** Catalogue queries return `"char"` columns, which the pg adapter refuses (prisma/orm#27403). */
const OID_CHAR = 18;
const OID_BPCHAR = 1042;

function presentCharAsBpchar(pool: pg.Pool): void {
  const query = pool.query.bind(pool) as (...args: unknown[]) => Promise<pg.QueryResult>;
  const patched = async (...args: unknown[]): Promise<pg.QueryResult> => {
    const result = await query(...args);
    for (const one of Array.isArray(result) ? (result as pg.QueryResult[]) : [result]) {
      for (const field of one.fields) if (field.dataTypeID === OID_CHAR) field.dataTypeID = OID_BPCHAR;
    }
    return result;
  };
  Object.assign(pool, { query: patched });
}

/** A migration is sent as one script: one implicit transaction, `$$` bodies intact, and awaited. */
function withScripts(adapter: SqlDriverAdapter, run: (sql: string) => Promise<unknown>): SqlDriverAdapter {
  return Object.assign(adapter, { executeScript: async (sql: string) => void (await run(sql)) });
}

/** The adapters' own shadow database may be the main one: ours is always a fresh database in memory. */
async function connectToShadowDb(): Promise<SqlDriverAdapter> {
  const shadow = await PGlite.create();
  const adapter = await new PrismaPGlite(shadow).connect();
  return Object.assign(
    withScripts(adapter, (sql) => shadow.exec(sql)),
    { dispose: () => shadow.close() },
  );
}

/** @public imported on demand */
export function engineAdapterForPglite(pglite: PGlite): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPGlite(pglite);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, { connect: async () => withScripts(await connect(), (sql) => pglite.exec(sql)), connectToShadowDb });
}

/** `pool` is used up: give the engine one of its own. @public imported on demand */
export function engineAdapterForPostgres(pool: pg.Pool): SqlMigrationAwareDriverAdapterFactory {
  presentCharAsBpchar(pool);
  const factory = new PrismaPg(pool);
  const connect = factory.connect.bind(factory);
  return Object.assign(factory, {
    connect: async () => withScripts(await connect(), (sql) => pool.query(sql)) as Awaited<ReturnType<typeof connect>>,
    connectToShadowDb: connectToShadowDb as typeof factory.connectToShadowDb,
  });
}

async function withEngine<T>(adapter: SqlMigrationAwareDriverAdapterFactory, work: (engine: SchemaEngine) => Promise<T>): Promise<T> {
  const schema = readSchema();
  const bound = bindMigrationAwareSqlAdapterFactory(adapter);
  const engine = await SchemaEngine.new({ datamodels: [[schema.path, schema.content]] }, () => {}, bound);
  try {
    return await work(engine);
  } finally {
    engine.free();
  }
}

/** Applies what is missing and returns the names of what it applied. */
export async function applyMigrations(adapter: SqlMigrationAwareDriverAdapterFactory, migrations: MigrationFile[]): Promise<string[]> {
  const output = await withEngine(adapter, (engine) => engine.applyMigrations({ migrationsList: migrationList(migrations), filters }));
  return output.appliedMigrationNames;
}

/** SQL that leads from the migrations to the schema; undefined when they already agree. */
export async function diffMigrationsToSchema(migrations: MigrationFile[]): Promise<string | undefined> {
  const main = await PGlite.create();
  try {
    const result = await withEngine(engineAdapterForPglite(main), (engine) =>
      engine.diff({
        from: migrations.length === 0 ? { tag: 'empty' } : { tag: 'migrations', ...migrationList(migrations) },
        to: { tag: 'schemaDatamodel', files: [readSchema()] },
        script: true,
        exitCode: true,
        filters,
      }),
    );
    return result.exitCode === 2 ? (result.stdout ?? undefined) : undefined;
  } finally {
    await main.close();
  }
}
