/** The runner daemon that comes with the product: a child process that gets what it needs through its environment and nothing more. */
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { s3Environment, type S3Settings } from '@ensemble/artifact-store';
import type { Logger } from '../logger.ts';
import { superviseChild } from './supervised-child.ts';

const STOP_GRACE_MS = 5_000;

export interface EmbeddedRunnerOptions {
  /** `runner/daemon/src/main.ts` */
  program: string;
  /** Of its own, inside the data directory. */
  directory: string;
  natsUrl: string;
  prefix: string;
  artifactsDirectory: string;
  /** Undefined: artifacts are in that directory only. */
  s3: S3Settings | undefined;
  cardPython: string;
  sdkDirectory: string;
  runnerId: string;
  name: string;
  pools: readonly string[];
  slots: number | undefined;
  isolation: string | undefined;
  warmLevel: string | undefined;
  /** What the runner reads about its engine. */
  engine: NodeJS.ProcessEnv;
  /** The installer of packages that cards require. */
  uv: string;
  /** How this machine reaches its package index. */
  packageIndex: NodeJS.ProcessEnv;
  /** What the child inherits of the machine's environment. */
  inherit: NodeJS.ProcessEnv;
  logger: Logger;
}

export interface EmbeddedRunner {
  readonly pid: number | undefined;
  /** It said that it takes work; it may have died and come back since. */
  readonly ready: boolean;
  stop(): Promise<void>;
}

export async function startEmbeddedRunner(options: EmbeddedRunnerOptions): Promise<EmbeddedRunner> {
  await mkdir(options.directory, { recursive: true, mode: 0o711 });
  let ready = false;
  const child = await superviseChild({
    name: 'runner',
    command: process.execPath,
    args: [options.program],
    cwd: options.directory,
    env: environment(options),
    recordFile: path.join(options.directory, 'runner.process.json'),
    logger: options.logger,
    onLine: (line, stream) => {
      if (stream === 'stdout' && line.startsWith('{')) ready = true;
      // Its own log lines, in the same form as ours.
      else process.stderr.write(`${line}\n`);
    },
    onExit: () => (ready = false),
  });
  return {
    get pid() {
      return child.pid;
    },
    get ready() {
      return ready;
    },
    stop: () => child.stop(STOP_GRACE_MS),
  };
}

function environment(options: EmbeddedRunnerOptions): NodeJS.ProcessEnv {
  return {
    ...options.inherit,
    ...options.packageIndex,
    ...options.engine,
    ENSEMBLE_UV: options.uv,
    ENSEMBLE_NATS_URL: options.natsUrl,
    ENSEMBLE_BUS_PREFIX: options.prefix,
    ENSEMBLE_ARTIFACTS_DIR: options.artifactsDirectory,
    ...(options.s3 === undefined ? {} : s3Environment(options.s3)),
    ENSEMBLE_RUNNER_DIR: options.directory,
    ENSEMBLE_CARD_PYTHON: options.cardPython,
    ENSEMBLE_SDK_DIR: options.sdkDirectory,
    ENSEMBLE_RUNNER_ID: options.runnerId,
    ENSEMBLE_RUNNER_NAME: options.name,
    ENSEMBLE_RUNNER_POOLS: options.pools.join(','),
    ENSEMBLE_RUNNER_LOG_LEVEL: options.logger.level,
    ENSEMBLE_PARENT_PID: String(process.pid),
    ...(options.slots === undefined ? {} : { ENSEMBLE_RUNNER_SLOTS: String(options.slots) }),
    ...(options.isolation === undefined ? {} : { ENSEMBLE_ISOLATION: options.isolation }),
    ...(options.warmLevel === undefined ? {} : { ENSEMBLE_WARM_LEVEL: options.warmLevel }),
  };
}
