import type { Database } from './database.ts';

export interface DatabaseLocation {
  /** Of a PostgreSQL database; absent means the embedded one. */
  url?: string | undefined;
  /** Directory of the embedded database. One process at a time: the caller holds its lock. `memory://` for tests. */
  directory: string;
}

/** Opens and migrates the database. Throws one sentence when it cannot be reached or does not fit this version. */
export async function openDatabase(location: DatabaseLocation): Promise<Database> {
  if (location.url === undefined) return (await import('./pglite-database.ts')).openPglite(location.directory);
  return (await import('./postgres-database.ts')).openPostgres(location.url);
}
