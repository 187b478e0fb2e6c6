/**
 * Copies an untrusted value into plain JSON, or says that it is none.
 * Refuses what a document cannot carry unchanged to another peer: keys named `__proto__` (the decoder
 * would set a prototype), lone surrogates (UTF-8 replaces them), NaN, infinities, binary and Yjs types.
 */
import type { JsonObject, JsonValue } from '@ensemble/cards';
import { LIMITS } from './layout.ts';

export type PlainReading = { ok: true; value: JsonValue } | { ok: false; reason: string };

interface Budget {
  values: number;
  text: number;
}

class NotPlain extends Error {}

/** `reason` completes the sentence "The value …". */
export function readPlainJson(value: unknown): PlainReading {
  try {
    return { ok: true, value: copy(value, 0, { values: LIMITS.configValues, text: LIMITS.configText }) };
  } catch (error) {
    if (error instanceof NotPlain) return { ok: false, reason: error.message };
    throw error;
  }
}

function copy(value: unknown, depth: number, budget: Budget): JsonValue {
  if (--budget.values < 0) throw new NotPlain(`holds more than ${LIMITS.configValues} entries`);
  if (value === null || typeof value === 'boolean') return value;
  if (typeof value === 'number') {
    if (!Number.isFinite(value)) throw new NotPlain('holds a number that is not finite');
    return Object.is(value, -0) ? 0 : value;
  }
  if (typeof value === 'string') return spend(value, budget);
  if (typeof value !== 'object') throw new NotPlain(`holds a ${typeof value}, which JSON cannot carry`);
  if (depth >= LIMITS.configDepth) throw new NotPlain(`is nested deeper than ${LIMITS.configDepth} levels`);
  if (Array.isArray(value)) return Array.from(value, (item: unknown) => copy(item, depth + 1, budget));
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) throw new NotPlain('holds an object that is not plain data');
  const plain: JsonObject = {};
  for (const [key, item] of Object.entries(value)) {
    if (key === '__proto__') throw new NotPlain('holds a key named "__proto__"');
    plain[spend(key, budget)] = copy(item, depth + 1, budget);
  }
  return plain;
}

function spend(text: string, budget: Budget): string {
  budget.text -= text.length;
  if (budget.text < 0) throw new NotPlain(`holds more than ${LIMITS.configText} characters`);
  if (!text.isWellFormed()) throw new NotPlain('holds text that is not valid Unicode');
  return text;
}

/** Structural equality of two plain values; the order of keys does not count. */
export function equalJson(a: JsonValue | undefined, b: JsonValue | undefined): boolean {
  if (a === b) return true;
  if (typeof a !== 'object' || typeof b !== 'object' || a === null || b === null) return false;
  if (Array.isArray(a) || Array.isArray(b)) {
    return Array.isArray(a) && Array.isArray(b) && a.length === b.length && a.every((item, index) => equalJson(item, b[index]));
  }
  const keys = Object.keys(a);
  return keys.length === Object.keys(b).length && keys.every((key) => Object.hasOwn(b, key) && equalJson(a[key], b[key]));
}
