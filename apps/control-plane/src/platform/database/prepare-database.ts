/** `node …/prepare-database.ts`: writes the empty database that `prepared-database.ts` unpacks, and removes those of other migrations. */
import { existsSync, mkdirSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { dumpEmptyDatabase } from './pglite-database.ts';
import { preparedFile } from './prepared-database.ts';

const file = preparedFile();
const folder = path.dirname(file);
if (!existsSync(file)) {
  mkdirSync(folder, { recursive: true });
  const half = `${file}.${process.pid}`;
  writeFileSync(half, await dumpEmptyDatabase());
  renameSync(half, file);
}
for (const name of readdirSync(folder)) if (name !== path.basename(file)) rmSync(path.join(folder, name), { force: true });
