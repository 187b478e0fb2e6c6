import { expect, test } from 'vitest';
import { edgeId } from './model.ts';
import { shortHash } from './short-hash.ts';

test('the hash is the same text everywhere and for ever: edge ids in stored documents depend on it', () => {
  expect(shortHash('')).toMatchInlineSnapshot(`"7ec309570c470c694fd2b098f7c05872"`);
  expect(edgeId({ source: 'a', sourcePort: 'data', target: 'b', targetPort: 'data' })).toMatchInlineSnapshot(
    `"686d4ca8dd006a5fe8ce5d85ce2d3a70"`,
  );
});

test('200,000 edges that differ in one character have ids of their own', () => {
  const ids = new Set<string>();
  for (let node = 0; node < 1_000; node++) {
    for (let other = 0; other < 200; other++) {
      ids.add(edgeId({ source: `n${node}`, sourcePort: 'o', target: `n${other}`, targetPort: 'i' }));
    }
  }
  expect(ids.size).toBe(200_000);
  // No lane is constant or a copy of another.
  for (const lane of [0, 8, 16, 24]) expect(new Set([...ids].map((id) => id.slice(lane, lane + 8))).size).toBeGreaterThan(199_000);
});

test('ends that run together are told apart', () => {
  const ends = (source: string, sourcePort: string) => edgeId({ source, sourcePort, target: 't', targetPort: 'p' });
  expect(ends('a', 'bc')).not.toBe(ends('ab', 'c'));
  expect(ends('a","b', '')).not.toBe(ends('a', 'b'));
});
