/** Writes Prisma's client into its git-ignored folder, unless it is already newer than the schema. Needs no engine download. */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';

const root = path.resolve(import.meta.dirname, '..');
const schema = path.join(root, 'prisma/schema.prisma');
const client = path.join(root, 'apps/control-plane/src/platform/database/generated/client.ts');

const upToDate = existsSync(client) && statSync(client).mtimeMs > statSync(schema).mtimeMs;
if (!upToDate) {
  const { status } = spawnSync(path.join(root, 'node_modules/.bin/prisma'), ['generate', '--schema', schema], {
    cwd: root,
    stdio: 'inherit',
    // The engine that `generate` looks for is never run; naming any program stops the download.
    env: { ...process.env, PRISMA_SCHEMA_ENGINE_BINARY: '/bin/true', CHECKPOINT_DISABLE: '1' },
  });
  process.exitCode = status ?? 1;
}
