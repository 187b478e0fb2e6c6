/**
 * An empty embedded database, migrated, kept as a file: to unpack it takes a fifth of the time that making one takes.
 * `prepare-database.ts` writes it; without it everything works, only the first start is slower.
 */
import { createHash } from 'node:crypto';
import { existsSync, openAsBlob } from 'node:fs';
import path from 'node:path';
import { readMigrations } from './schema-files.ts';

const folder = path.resolve(import.meta.dirname, '../../../../../.cache/database');

/** Named after what it was migrated by, so that another state of the migrations never takes it. */
export function preparedFile(): string {
  const print = createHash('sha256').update(JSON.stringify(readMigrations().map(({ name, checksum }) => [name, checksum])));
  return path.join(folder, `${print.digest('hex')}.tar`);
}

/** For `loadDataDir` of PGlite; undefined when nobody has prepared one. */
export async function openPreparedDatabase(): Promise<Blob | undefined> {
  const file = preparedFile();
  return existsSync(file) ? await openAsBlob(file) : undefined;
}
