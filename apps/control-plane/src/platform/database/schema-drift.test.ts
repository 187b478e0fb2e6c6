import { expect, test } from 'vitest';
import { diffMigrationsToSchema } from './schema-engine.ts';
import { readMigrations } from './schema-files.ts';

test('the migrations lead to the schema', async () => {
  expect(await diffMigrationsToSchema(readMigrations())).toBeUndefined();
});

test('the comparison notices a migration that is missing', async () => {
  expect(await diffMigrationsToSchema([])).toContain('CREATE TABLE "pipeline"');
});
