import type { PrismaClient } from './generated/client.ts';

/** One SQL session or transaction. Placeholders are `$1`, `$2` …; `bytea` goes in and out as Uint8Array. */
export interface Sql {
  query<Row extends object = Record<string, unknown>>(text: string, params?: readonly unknown[]): Promise<Row[]>;
}

/**
 * The database of this installation, migrated. PGlite has one session: keep every transaction short,
 * and inside `transaction` use only the session it hands you.
 */
export interface Database {
  readonly kind: 'pglite' | 'postgres';
  readonly prisma: PrismaClient;
  readonly sql: Sql;
  transaction<T>(work: (sql: Sql) => Promise<T>): Promise<T>;
  close(): Promise<void>;
}
