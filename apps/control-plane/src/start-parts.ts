/** Opens the real parts a configuration asks for, embedded or external, and closes them in the opposite order. */
import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { hostname } from 'node:os';
import path from 'node:path';
import { openStore, type ArtifactStore } from '@ensemble/artifact-store';
import type { RunnerBus } from './build-control-plane.ts';
import { repository, type Config } from './config.ts';
import type { Bus } from './platform/bus/bus.ts';
import { openNatsBus } from './platform/bus/nats-bus.ts';
import type { Database } from './platform/database/database.ts';
import { openDatabase } from './platform/database/open-database.ts';
import { startEmbeddedNats } from './platform/embedded/embedded-nats.ts';
import { startEmbeddedRunner } from './platform/embedded/embedded-runner.ts';
import type { Logger } from './platform/logger.ts';

const EMBEDDED_RUNNER = 'embedded';
export const sdkDirectory = path.join(repository, 'runner/python');
export const templatesDirectory = path.join(repository, 'templates');
const runnerProgram = path.join(repository, 'runner/daemon/src/main.ts');

export interface Parts {
  database: Database;
  bus: Bus;
  runnerBus: RunnerBus | undefined;
  artifacts: ArtifactStore;
  /** Begins to execute cards; nothing happens when the configuration has no runner. */
  startRunner(): Promise<void>;
  /** Ends the embedded runner first; what it was executing is taken up at the next start. */
  close(): Promise<void>;
}

export async function startParts(config: Config, logger: Logger): Promise<Parts> {
  const closers: (() => Promise<void>)[] = [];
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).toReversed())
      await closer().catch((error: unknown) => logger.warn({ err: error }, 'a part did not close properly'));
  };
  try {
    const inData = (name: string): string => path.join(config.dataDirectory, name);
    const artifactsDirectory = inData('artifacts');
    await mkdir(artifactsDirectory, { recursive: true });
    const artifacts = await openStore(artifactsDirectory, config.s3);
    const [database, nats] = await Promise.all([
      openDatabase({ url: config.databaseUrl, directory: inData('database') }).then((opened) => {
        closers.push(() => opened.close());
        return opened;
      }),
      startNats(config, logger).then((started) => {
        closers.push(started.stop);
        return started;
      }),
    ]);
    const bus = await openNatsBus({ url: nats.url, prefix: config.busPrefix, logger });
    closers.push(() => bus.close());
    return {
      database,
      bus,
      runnerBus: nats.runnerBus,
      artifacts,
      async startRunner() {
        if (!config.runner) return;
        requireFile(config.cardPython, 'the Python environment for cards');
        const runner = await startEmbeddedRunner({
          program: runnerProgram,
          directory: inData('runner'),
          natsUrl: nats.runnerUrl,
          prefix: config.busPrefix,
          artifactsDirectory,
          s3: config.s3,
          cardPython: config.cardPython,
          sdkDirectory,
          runnerId: EMBEDDED_RUNNER,
          name: `embedded on ${hostname()}`.slice(0, 100),
          pools: ['cpu'],
          ...config.runner,
          uv: config.uv,
          packageIndex: config.packageIndex,
          inherit: config.inherited,
          logger,
        });
        closers.push(() => runner.stop());
      },
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

interface StartedNats {
  url: string;
  runnerUrl: string;
  runnerBus: RunnerBus | undefined;
  stop(): Promise<void>;
}

async function startNats(config: Config, logger: Logger): Promise<StartedNats> {
  if (config.natsUrl !== undefined) return { url: config.natsUrl, runnerUrl: config.natsUrl, runnerBus: undefined, stop: async () => {} };
  requireFile(config.natsServer, 'nats-server');
  const nats = await startEmbeddedNats({
    binary: config.natsServer,
    directory: path.join(config.dataDirectory, 'nats'),
    prefix: config.busPrefix,
    runnerId: EMBEDDED_RUNNER,
    logger,
  });
  return { url: nats.url, runnerUrl: nats.runnerUrl, runnerBus: nats, stop: () => nats.stop() };
}

function requireFile(file: string, what: string): void {
  if (!existsSync(file)) throw new Error(`${file} is missing: "npm start" puts ${what} there; ENSEMBLE_CACHE_DIR names another place.`);
}
