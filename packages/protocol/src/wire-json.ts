/**
 * One encoding for JSON that may hold NaN and infinities, used wherever a card's numbers travel
 * (harness files, results, HTTP, `jsonb`). Plain JSON stays as it is; a non-finite number becomes
 * `{"$number": "NaN" | "Infinity" | "-Infinity"}`, and an object that has the single key `$number`
 * or `$escaped` is wrapped as `{"$escaped": …}` so that decoding is the exact inverse.
 * Python writes the same in `ensemble/wire_json.py`; both read `runner/contract/wire-json.json`.
 */
export type WireValue = null | boolean | number | string | WireValue[] | { [key: string]: WireValue };

const isMarker = (value: object): boolean => {
  const keys = Object.keys(value);
  return keys.length === 1 && (keys[0] === '$number' || keys[0] === '$escaped');
};

const define = (target: { [key: string]: WireValue }, key: string, value: WireValue): void => {
  // A plain assignment to "__proto__" would set the prototype instead of a key.
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};

/** Turns numbers that JSON cannot carry into markers. */
export function encodeWire(value: WireValue): WireValue {
  if (typeof value === 'number') return Number.isFinite(value) ? value : { $number: String(value) };
  if (Array.isArray(value)) return value.map(encodeWire);
  if (value === null || typeof value !== 'object') return value;
  const encoded: { [key: string]: WireValue } = {};
  for (const [key, item] of Object.entries(value)) define(encoded, key, encodeWire(item));
  return isMarker(value) ? { $escaped: encoded } : encoded;
}

/** The exact inverse of `encodeWire`. */
export function decodeWire(value: WireValue): WireValue {
  if (Array.isArray(value)) return value.map(decodeWire);
  if (value === null || typeof value !== 'object') return value;
  if (isMarker(value)) {
    if (typeof value.$number === 'string') return Number(value.$number);
    const inner = value.$escaped;
    if (inner !== null && typeof inner === 'object' && !Array.isArray(inner)) return decodeEntries(inner);
  }
  return decodeEntries(value);
}

function decodeEntries(value: { [key: string]: WireValue }): WireValue {
  const decoded: { [key: string]: WireValue } = {};
  for (const [key, item] of Object.entries(value)) define(decoded, key, decodeWire(item));
  return decoded;
}
