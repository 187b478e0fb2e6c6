import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe } from 'vitest';
import { killContract } from './test-support/kill-contract.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-kill-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
let places = 0;

describe('kill -9 on PGlite', () => {
  killContract('pglite', () => Promise.resolve(path.join(directory, String((places += 1)))));
});
