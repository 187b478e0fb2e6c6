import { describe, expect, test } from 'vitest';
import { contentDisposition } from './open-artifact.ts';
import { retryDelayMs } from './retry-policy.ts';
import { storableJson, storableText } from './stored-values.ts';

describe('names of downloads', () => {
  test('a name can neither break the header nor hide its ending', () => {
    expect(contentDisposition('attachment', 'a"b\r\n.html')).toBe(`attachment; filename="a_b__.html"; filename*=UTF-8''a%22b%0D%0A.html`);
    expect(contentDisposition('attachment', "größe (1)'.csv")).toBe(
      `attachment; filename="gr__e__1__.csv"; filename*=UTF-8''gr%C3%B6%C3%9Fe%20%281%29%27.csv`,
    );
  });
});

describe('back-off', () => {
  test('it doubles, has a ceiling, and jitters over its upper half', () => {
    expect([1, 2, 3].map((failures) => retryDelayMs(failures, 0))).toEqual([250, 500, 1_000]);
    expect(retryDelayMs(1, 0.999)).toBeCloseTo(500, -1);
    expect(retryDelayMs(40, 0.999)).toBeLessThanOrEqual(30_000);
  });
});

describe('text for the database', () => {
  test('what PostgreSQL refuses is replaced, everything else stays, in keys too', () => {
    const value = { 'k\0': ['\ud800', '\\u0000', '\\', '"', '😀', '\n'] };
    expect(JSON.parse(storableJson(value))).toEqual({ 'k\ufffd': ['\ufffd', '\\u0000', '\\', '"', '😀', '\n'] });
    expect(storableJson(undefined)).toBe('null');
    expect(storableText('a\0b\udfff')).toBe('a\ufffdb\ufffd');
  });
});
