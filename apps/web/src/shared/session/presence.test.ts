import { MAX_AWARENESS_BYTES } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { firstIds } from './presence.ts';

test('a selection of thousands of nodes fits into what the server takes, two lists at once', () => {
  const ids = Array.from({ length: 3_000 }, (_, index) => `node-${index}-ü`);
  const first = firstIds(ids);
  expect(first.length).toBeGreaterThan(50);
  expect(first).toEqual(ids.slice(0, first.length));
  expect(2 * new TextEncoder().encode(JSON.stringify(first)).length).toBeLessThan(MAX_AWARENESS_BYTES - 1_000);
  expect(firstIds(['a', 'b'])).toEqual(['a', 'b']);
});
