/**
 * Reading and writing keys of JSON objects whose keys come from people: `constructor` and
 * `__proto__` are ordinary names here.
 */
import type { JsonObject, JsonValue } from './manifest.ts';

export const isJsonObject = (value: unknown): value is JsonObject => typeof value === 'object' && value !== null && !Array.isArray(value);

export function getEntry(object: JsonObject, key: string): JsonValue | undefined {
  return Object.hasOwn(object, key) ? object[key] : undefined;
}

export function setEntry(object: JsonObject, key: string, value: JsonValue): void {
  // A plain assignment to "__proto__" would set the prototype instead of a key.
  Object.defineProperty(object, key, { value, enumerable: true, configurable: true, writable: true });
}
