import { expect, test } from 'vitest';
import { createTokenBucket } from './token-bucket.ts';

test('a burst is allowed once and comes back with time', () => {
  let now = 0;
  const bucket = createTokenBucket({ perSecond: 10, burst: 3, now: () => now });
  expect([1, 1, 1, 1].map((wanted) => bucket.take(wanted))).toEqual([true, true, true, false]);
  now = 100;
  expect([bucket.take(1), bucket.take(1)]).toEqual([true, false]);
  now = 100_000;
  expect([bucket.take(4), bucket.take(3), bucket.take(1)]).toEqual([false, true, false]);
});

test('a clock that jumps back gives nothing and breaks nothing', () => {
  let now = 10_000;
  const bucket = createTokenBucket({ perSecond: 1, burst: 1, now: () => now });
  expect(bucket.take(1)).toBe(true);
  now = 0;
  expect(bucket.take(1)).toBe(false);
  now = 1_000;
  expect(bucket.take(1)).toBe(true);
});
