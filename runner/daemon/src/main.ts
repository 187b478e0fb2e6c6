/** The runner daemon's process: settings in, sandboxed cards out. Serves until it is told to stop or its parent is gone. */
import { randomBytes } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { destination, pino } from 'pino';
import { startRunner } from './start-runner.ts';
import { readConfig } from './config.ts';

const PARENT_CHECK_MS = 500;

function fail(error: unknown): never {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exit(1);
}

// Staged folders are read by the cards' users.
process.umask(0o022);

try {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel }, destination(2));
  await mkdir(config.workspace, { recursive: true });
  const runnerId = `r-${randomBytes(9).toString('base64url')}`;
  const runner = await startRunner({ ...config, runnerId, outboxFolder: join(config.workspace, 'outbox') }, logger);

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
