import { expect, test } from 'vitest';
import { fileFacts } from './file-facts.ts';

test('a table is described by its format, its size in both directions and its bytes', () => {
  const columns = [{ name: 'a', type: 'BIGINT', kind: 'number' as const }];
  expect(fileFacts({ bytes: 3_100_000, profile: { format: 'csv', table: { rows: 1_000, columns }, note: null } })).toBe(
    'CSV · 1,000 rows · 1 column · 3.1 MB',
  );
});

test('a file that is no table, or was never looked into, has its bytes only', () => {
  expect(fileFacts({ bytes: 12, profile: { format: 'other', table: null, note: 'no table' } })).toBe('12 B');
  expect(fileFacts({ bytes: 12, profile: null })).toBe('12 B');
});
