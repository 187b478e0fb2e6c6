/**
 * One meaning of values for both databases. Out: `int8` is a bigint, `timestamp` and `timestamptz` are Dates (the former
 * read as UTC), `json` and `jsonb` are parsed, `bytea` is a Uint8Array. In: JSON goes as text (`JSON.stringify`).
 */
const OID = { int8: 20, timestamp: 1114, timestamptz: 1184 } as const;

const readInstant = (text: string): Date =>
  new Date(text.endsWith('infinity') ? NaN : text.replace(' ', 'T').replace(/([+-]\d{2})$/, '$1:00'));

export const valueParsers: Record<number, (text: string) => unknown> = {
  [OID.int8]: (text) => BigInt(text),
  [OID.timestamp]: (text) => readInstant(`${text}Z`),
  [OID.timestamptz]: readInstant,
};

/** The drivers write a Date in local time, which a `timestamp` column would keep. */
export const parameter = (value: unknown): unknown => (value instanceof Date ? value.toISOString() : value);
