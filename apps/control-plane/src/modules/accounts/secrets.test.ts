import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { writeOperatorToken } from './operator-token.ts';
import { loadInstanceSecrets } from './secrets.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-secrets-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

test('secrets are made once, kept, and readable by this user alone', () => {
  const first = loadInstanceSecrets(directory);
  expect(loadInstanceSecrets(directory)).toEqual(first);
  expect(statSync(path.join(directory, 'secrets.json')).mode & 0o777).toBe(0o600);
});

test('a file of secrets that cannot be read is named and not replaced', () => {
  const data = mkdtempSync(path.join(directory, 'broken-'));
  writeFileSync(path.join(data, 'secrets.json'), '{"instanceId":');
  expect(() => loadInstanceSecrets(data)).toThrow(/secrets\.json cannot be read/);
});

test('the operator token is new at every start, and only the newest counts', () => {
  const old = writeOperatorToken(directory);
  const present = writeOperatorToken(directory);
  expect(statSync(path.join(directory, 'local-token')).mode & 0o777).toBe(0o600);
  const token = readFileSync(path.join(directory, 'local-token'), 'utf8').trim();
  expect(present.matches(token)).toBe(true);
  for (const wrong of ['', 'null', token.slice(0, -1), `${token} `]) expect(present.matches(wrong)).toBe(false);
  expect(old.matches(token)).toBe(false);
});
