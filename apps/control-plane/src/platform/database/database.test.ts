import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { databaseContract } from './database-contract.ts';
import { openDatabase } from './open-database.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-database-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the database on PGlite', () => {
  databaseContract(() => openDatabase({ directory: path.join(directory, 'pglite') }));
});

test('what a killed first start left half made is made anew', async () => {
  const place = path.join(directory, 'killed');
  mkdirSync(`${place}.new`);
  writeFileSync(path.join(`${place}.new`, 'PG_VERSION'), '17');
  const database = await openDatabase({ directory: place });
  expect(await database.sql.query('SELECT id FROM project')).toEqual([]);
  await database.close();
  expect(existsSync(`${place}.new`)).toBe(false);
});
