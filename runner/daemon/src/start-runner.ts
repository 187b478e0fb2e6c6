/** Puts a runner together from its settings: store, engine, link. Reads no environment and ends no process. */
import { availableParallelism, freemem, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { openCachedStore, openHttpArtifacts, openStore, type ArtifactStore } from '@ensemble/artifact-store';
import { busNames, runnerArtifactPath, type IsolationLevel } from '@ensemble/protocol';
import type { Logger } from 'pino';
import type { RunnerConfig } from './config.ts';
import { findEngine } from './engines/find-engine.ts';
import { findLauncherPython, findPython } from './engines/process/find-python.ts';
import { claimSlotUids } from './engines/process/slot-uids.ts';
import { connectToNats, type BusAddress } from './link/nats-connection.ts';
import { openEnvironments } from './environments/open-environments.ts';
import { environmentPorts, servePreparation } from './link/environment-link.ts';
import { RunnerLink } from './link/runner-link.ts';

const SCRATCH_CHECK_MS = 60_000;
/** Between SIGTERM and SIGKILL: long enough to close a file, short enough that nobody waits for a cancel. */
const GRACE_SECONDS = 0.2;
const MAX_ZYGOTES = 32;
const ZYGOTE_IDLE_MS = 5 * 60_000;
const BUBBLEWRAP = '/usr/bin/bwrap';

export interface RunnerIdentity {
  runnerId: string;
  version: string;
  outboxFolder: string;
  bus: BusAddress;
  /** Where artifacts are when they are not in `artifactsDir`, which then only keeps what passed through. */
  artifactDoor?: { serverUrl: string; headers: Record<string, string> };
}

export interface Runner {
  isolation: IsolationLevel;
  /** Drains and disconnects. */
  stop(): Promise<void>;
}

/** Throws one sentence when nothing can be served here. */
export async function startRunner(config: RunnerConfig & RunnerIdentity, logger: Logger): Promise<Runner> {
  const python = await findPython(config.cardPython);
  const launcherPython = await findLauncherPython(python.interpreter);
  const standing = {
    processes: 256,
    openFiles: 1_024,
    folderBytes: config.folderBytes,
    folderEntries: 100_000,
    sharedMemoryBytes: 64 * 1024 ** 2,
    threads: Math.max(1, Math.floor(availableParallelism() / config.slots)),
  };
  const { engine, pools, gpus } = await findEngine(
    config,
    {
      workspace: config.workspace,
      python: { environment: python.environment, base: python.base, sdk: config.sdkDir, bubblewrap: BUBBLEWRAP },
      launcherPython,
      uidOf: await claimSlotUids(),
      graceSeconds: GRACE_SECONDS,
      standing,
      warm:
        config.warmLevel === 'container'
          ? null
          : {
              perKey: config.slots,
              total: Math.min(MAX_ZYGOTES, 2 * config.slots + 2),
              idleMs: ZYGOTE_IDLE_MS,
              onRefused: (reason) => logger.warn({ reason }, 'a warm sandbox ended; cards run in fresh ones meanwhile'),
            },
    },
    logger,
  );

  const store = await openArtifacts(config);
  const nc = await connectToNats(
    config.bus,
    busNames(config.busPrefix).inbox(config.runnerId),
    `ensemble runner ${config.name}`,
    (reason) => logger.warn({ reason }, 'the message bus is not reachable; trying again'),
  );
  const environmentLink = { nc, prefix: config.busPrefix, runnerId: config.runnerId };
  const environments = await openEnvironments({
    root: config.environmentsDir,
    uv: config.uv,
    maxBytes: config.environmentsBytes,
    settings: config.indexSettings,
    python,
    sdkDir: config.sdkDir,
    launcherPython,
    engine,
    store,
    slot: config.slots,
    ...environmentPorts(environmentLink),
  });
  const link = new RunnerLink({
    nc,
    prefix: config.busPrefix,
    runnerId: config.runnerId,
    name: config.name,
    version: config.version,
    pools,
    capacity: { slots: config.slots, cpus: config.cpus, memoryBytes: config.memoryBytes, gpus },
    load: () => ({
      cpu: Math.min(1, (loadavg()[0] ?? 0) / availableParallelism()),
      memoryBytes: totalmem() - freemem(),
    }),
    outboxFolder: config.outboxFolder,
    attemptPorts: {
      engine,
      store,
      environments,
      folderBytes: config.folderBytes,
      logsFolder: join(config.workspace, 'logs'),
      clock: () => performance.now(),
    },
    logger,
  });
  await link.start();
  engine.keepWarm();
  servePreparation(environmentLink, (requirements) => void environments.prepare(requirements));
  const scratchTimer = setInterval(() => {
    engine.removeIdleScratch(config.idleScratchMs).catch((error: unknown) => logger.warn({ err: error }, 'old scratch was not removed'));
  }, SCRATCH_CHECK_MS);
  return {
    isolation: engine.isolation,
    stop: async () => {
      clearInterval(scratchTimer);
      await link.drain(config.drainMs);
      await engine.close();
      await environments.stop();
      await Promise.race([nc.flush(), new Promise((resolve) => setTimeout(resolve, 1_000))]);
      await nc.close();
    },
  };
}

/** S3 directly where there is one, else through the server where the folder is not shared with it. */
async function openArtifacts({ artifactsDir, artifactDoor, s3 }: RunnerConfig & RunnerIdentity): Promise<ArtifactStore> {
  if (artifactDoor === undefined || s3 !== undefined) return await openStore(artifactsDir, s3);
  const { serverUrl, headers } = artifactDoor;
  return await openCachedStore(
    artifactsDir,
    openHttpArtifacts({ urlOf: (sha256) => `${serverUrl}${runnerArtifactPath(sha256)}`, headers }),
  );
}
