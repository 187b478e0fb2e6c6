/** The runner daemon's process: settings in, sandboxed cards out. Serves until it is told to stop or its parent is gone. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { destination, pino } from 'pino';
import { startRunner } from './start-runner.ts';
import { readConfig } from './config.ts';

const PARENT_CHECK_MS = 500;

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

/** A runner is the same one after a restart: what it left is its own. */
async function rememberedId(workspace: string): Promise<string> {
  const file = join(workspace, 'runner-id');
  const known = await readFile(file, 'utf8').catch(() => '');
  if (/^[A-Za-z0-9_-]{1,64}$/.test(known)) return known;
  const fresh = `r-${randomBytes(9).toString('base64url')}`;
  await writeFile(file, fresh);
  return fresh;
}

// Staged folders are read by the cards' users.
process.umask(0o022);

try {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel }, destination(2));
  await mkdir(config.workspace, { recursive: true });
  const runnerId = config.runnerId ?? (await rememberedId(config.workspace));
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string };
  const runner = await startRunner({ ...config, runnerId, version, outboxFolder: join(config.workspace, 'outbox') }, logger);

  let stopping = false;
  const stop = (reason: string): void => {
    if (stopping) return;
    stopping = true;
    logger.info({ reason }, 'stopping');
    runner.stop().then(() => process.exit(0), fail);
  };
  process.on('SIGTERM', () => stop('SIGTERM'));
  process.on('SIGINT', () => stop('SIGINT'));
  const { parentPid } = config;
  if (parentPid !== null) {
    setInterval(() => {
      if (process.ppid !== parentPid) stop('its parent is gone');
    }, PARENT_CHECK_MS);
  }
  process.stdout.write(`${JSON.stringify({ ready: true, runnerId, isolation: runner.isolation })}\n`);
} catch (error) {
  fail(error);
}
