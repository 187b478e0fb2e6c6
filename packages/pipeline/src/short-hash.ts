/**
 * A deterministic 128-bit hash of a text, computed synchronously (Web Crypto is not).
 * For ids and comparisons among people who may edit anyway; it proves nothing against an attacker.
 */

/** 32 lower-case hexadecimal digits: four 32-bit lanes over the same characters. */
export function shortHash(text: string): string {
  let a = 0x165667b1 ^ text.length;
  let b = 0x2cacfb63 ^ text.length;
  let c = 0x4303f915 ^ text.length;
  let d = 0x595a9ec7 ^ text.length;
  for (let index = 0; index < text.length; index++) {
    const code = text.charCodeAt(index);
    a = Math.imul(a ^ code, 0x9e3779b1);
    a = (a << 13) | (a >>> 19);
    b = Math.imul(b ^ code, 0x85ebca77);
    b = (b << 13) | (b >>> 19);
    c = Math.imul(c ^ code, 0xc2b2ae3d);
    c = (c << 13) | (c >>> 19);
    d = Math.imul(d ^ code, 0x27d4eb2f);
    d = (d << 13) | (d >>> 19);
  }
  return digits(a) + digits(b) + digits(c) + digits(d);
}

/** Spreads the last characters over all bits. */
function digits(lane: number): string {
  let state = Math.imul(lane ^ (lane >>> 16), 0x7feb352d);
  state = Math.imul(state ^ (state >>> 15), 0x846ca68b);
  return ((state ^ (state >>> 16)) >>> 0).toString(16).padStart(8, '0');
}
