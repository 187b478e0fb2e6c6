import { describe, expect, it } from 'vitest';
import { canonicalJson } from './canonical-json.ts';
import { parseMemory } from './resources.ts';

describe('canonicalJson', () => {
  it('spells equal values equally, whatever the order of their keys', () => {
    expect(canonicalJson({ b: [1, { z: null, a: 'é' }], a: true })).toBe('{"a":true,"b":[1,{"a":"é","z":null}]}');
    expect(canonicalJson({ a: true, b: [1, { a: 'é', z: null }] })).toBe(canonicalJson({ b: [1, { z: null, a: 'é' }], a: true }));
  });

  it('leaves out undefined entries and keeps numbers apart that JSON cannot tell apart', () => {
    expect(canonicalJson({ a: undefined, b: [undefined] })).toBe('{"b":[null]}');
    expect(new Set([Number.NaN, Infinity, -Infinity, null, 'NaN'].map(canonicalJson)).size).toBe(5);
    expect(canonicalJson(-0)).toBe('0');
  });

  it('gives back plain JSON', () => {
    const value = { '': [], nested: { 'k"ey': 'line\nbreak', __proto__x: 1e300 } };
    expect(JSON.parse(canonicalJson(value))).toEqual(value);
  });

  it('refuses what is no JSON', () => expect(() => canonicalJson({ a: () => 1 })).toThrow('not function'));
});

describe('parseMemory', () => {
  it('reads binary and decimal units', () => {
    expect(['4GiB', '4G', '500MB', '1.5 gib', '1024', '2t', 7].map(parseMemory)).toEqual([
      2 ** 32,
      2 ** 32,
      5e8,
      1.5 * 2 ** 30,
      1024,
      2 ** 41,
      7,
    ]);
  });

  it('refuses everything else', () => {
    expect(['', '0', '-1GiB', 'GiB', '4 apples', '1e9', null, true, [], -5, '99999999TiB'].map(parseMemory)).toEqual(
      Array.from({ length: 11 }),
    );
  });
});
