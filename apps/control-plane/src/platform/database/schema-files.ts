/** The Prisma schema and the migrations of this repository, in the shapes Prisma's schema engine takes. Knows no database. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';

const prismaDirectory = path.resolve(import.meta.dirname, '../../../../../prisma');
export const migrationsDirectory = path.join(prismaDirectory, 'migrations');

const schemaPath = path.join(prismaDirectory, 'schema.prisma');
const lockPath = path.join(migrationsDirectory, 'migration_lock.toml');

export const readSchema = () => ({ path: schemaPath, content: readFileSync(schemaPath, 'utf8') });

export interface MigrationFile {
  name: string;
  sql: string;
  /** SHA-256 of the file, as Prisma records it in `_prisma_migrations`. */
  checksum: string;
}

/** All migrations, oldest first. */
export function readMigrations(): MigrationFile[] {
  if (!existsSync(migrationsDirectory)) return [];
  return readdirSync(migrationsDirectory, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort()
    .map((name) => {
      const sql = readFileSync(path.join(migrationsDirectory, name, 'migration.sql'), 'utf8');
      return { name, sql, checksum: createHash('sha256').update(sql).digest('hex') };
    });
}

/** The schema engine's `MigrationList`. */
export const migrationList = (migrations: MigrationFile[]) => ({
  baseDir: migrationsDirectory,
  shadowDbInitScript: '',
  lockfile: { path: './migration_lock.toml', content: existsSync(lockPath) ? readFileSync(lockPath, 'utf8') : null },
  migrationDirectories: migrations.map(({ name, sql }) => ({
    path: name,
    migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
  })),
});
