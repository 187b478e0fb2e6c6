/** The runner daemon's process: settings in, sandboxed cards out. Serves until it is told to stop or its parent is gone. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { destination, pino, type Logger } from 'pino';
import { RUNNER_BUS_PATH } from '@ensemble/protocol';
import { readConfig, type RunnerConfig } from './config.ts';
import { obtainRegistration } from './link/registration.ts';
import { startRunner, type RunnerIdentity } from './start-runner.ts';

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

async function findEntrance(
  config: RunnerConfig,
  logger: Logger,
): Promise<Omit<RunnerIdentity, 'version' | 'outboxFolder'> & Pick<RunnerConfig, 'busPrefix' | 'pools'>> {
  const { way, name, workspace, pools, busPrefix } = config;
  if ('natsUrl' in way)
    return { runnerId: config.runnerId ?? (await rememberedId(workspace)), bus: { url: way.natsUrl }, busPrefix, pools };
  const wish = { ...way, name, pools: config.poolsNamed ? pools : undefined, workspace };
  const registration = await obtainRegistration(wish, (reason) => logger.warn({ reason }, 'the server is not reachable; trying again'));
  const headers = { authorization: `Bearer ${registration.secret}` };
  return {
    runnerId: registration.runnerId,
    pools: registration.pools,
    busPrefix: registration.busPrefix,
    bus: { url: `${way.serverUrl.replace(/^http/, 'ws')}${RUNNER_BUS_PATH}`, door: { headers, seed: registration.seed } },
    artifactDoor: { serverUrl: way.serverUrl, headers },
  };
}

// Staged folders are read by the cards' users.
process.umask(0o022);

try {
  const config = readConfig(process.env);
  const logger = pino({ level: config.logLevel }, destination(2));
  await mkdir(config.workspace, { recursive: true });
  const { version } = JSON.parse(await readFile(join(import.meta.dirname, '../../../package.json'), 'utf8')) as { version: string };
  const entrance = await findEntrance(config, logger);
  const { runnerId } = entrance;
  const runner = await startRunner({ ...config, ...entrance, version, outboxFolder: join(config.workspace, 'outbox') }, logger);

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
