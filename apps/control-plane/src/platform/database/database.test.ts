import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { databaseContract } from './database-contract.ts';
import { openDatabase } from './open-database.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-database-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

describe('the database on PGlite', () => {
  databaseContract(() => openDatabase({ directory: path.join(directory, 'pglite') }));
});
