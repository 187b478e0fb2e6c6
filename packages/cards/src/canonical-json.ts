/**
 * One spelling per JSON value, for content hashes and fingerprints. Knows nothing of hashing.
 *
 * Keys are sorted by UTF-16 code units; entries that are `undefined` are left out. Numbers JSON has
 * no word for are spelled `NaN`, `Infinity`, `-Infinity`, so that they never share a hash with null.
 */
export function canonicalJson(value: unknown): string {
  if (typeof value === 'number') return Number.isFinite(value) ? JSON.stringify(value) : String(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map((item) => canonicalJson(item === undefined ? null : item)).join(',')}]`;
  if (typeof value === 'object') {
    const entries = Object.entries(value)
      .filter(([, item]) => item !== undefined)
      .sort(([left], [right]) => (left < right ? -1 : left > right ? 1 : 0));
    return `{${entries.map(([key, item]) => `${JSON.stringify(key)}:${canonicalJson(item)}`).join(',')}}`;
  }
  throw new TypeError(`canonicalJson takes JSON values, not ${typeof value}; leave that entry out or turn it into a string.`);
}
