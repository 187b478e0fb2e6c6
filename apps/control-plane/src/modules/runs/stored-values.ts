/** What cards and people write, made fit for PostgreSQL: neither `text` nor `jsonb` takes NUL or half a surrogate pair. */

/** JSON text for a `jsonb` parameter; characters that it refuses become U+FFFD. `undefined` becomes null. */
export function storableJson(value: unknown): string {
  const text = JSON.stringify(value) ?? 'null';
  // JSON.stringify writes NUL and lone surrogates as lower-case escapes, and nothing else that matches here.
  return text.replace(/\\(u0000|ud[89a-f][0-9a-f]{2}|[^])/g, (escape: string, body: string) => (body.length > 1 ? '\ufffd' : escape));
}

export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\ufffd');
