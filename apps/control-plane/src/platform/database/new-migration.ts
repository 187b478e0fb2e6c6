/** `node …/new-migration.ts NAME`: writes the migration that leads from the present ones to the schema. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { diffMigrationsToSchema } from './schema-engine.ts';
import { migrationsDirectory, readMigrations } from './schema-files.ts';

const name = process.argv[2];
if (name === undefined || !/^[a-z0-9_]+$/.test(name))
  throw new Error('Say a name for the migration: lower-case letters, digits and underscores.');

const sql = await diffMigrationsToSchema(readMigrations());
if (sql === undefined) {
  console.log('The migrations already lead to the schema.');
} else {
  const folder = `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`;
  mkdirSync(path.join(migrationsDirectory, folder), { recursive: true });
  writeFileSync(path.join(migrationsDirectory, folder, 'migration.sql'), sql);
  writeFileSync(path.join(migrationsDirectory, 'migration_lock.toml'), '# Kept in version control.\nprovider = "postgresql"\n');
  console.log(`Wrote prisma/migrations/${folder}/migration.sql`);
}
