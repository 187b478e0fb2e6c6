/** The daemon's settings: the only place that reads the environment. */
import { availableParallelism, hostname, totalmem } from 'node:os';
import { join } from 'node:path';
import { readS3Settings, type S3Settings } from '@ensemble/artifact-store';
import type { IsolationLevel } from '@ensemble/protocol';
import { z } from 'zod';

const whole = (fallback: number, minimum: number): z.ZodType<number, string | undefined> =>
  z
    .string()
    .regex(/^\d+$/, 'must be a whole number')
    .optional()
    .transform((text) => (text === undefined ? fallback : Number(text)))
    .refine((value) => value >= minimum, `must be at least ${minimum}`);

/** In bytes; of the container, where there is one with a limit. */
function machineMemory(): number {
  const limit = process.constrainedMemory();
  return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}

const imageDigest = z
  .string()
  .regex(/^(?:[a-z0-9][\w./:-]*@)?sha256:[0-9a-f]{64}$/, 'must be an image id or a digest, such as sha256:… or name@sha256:…, not a tag')
  .optional();

const socketAddress = z
  .string()
  .regex(/^unix:\/\/\//, 'must be a socket of this machine, such as unix:///var/run/docker.sock: containers get folders of this machine')
  .optional();

const Environment = z.object({
  ENSEMBLE_NATS_URL: z.string().min(1).optional(),
  ENSEMBLE_SERVER_URL: z
    .url({ protocol: /^https?$/ })
    .transform((url) => url.replace(/\/+$/, ''))
    .optional(),
  ENSEMBLE_RUNNER_TOKEN: z.string().min(1).optional(),
  ENSEMBLE_BUS_PREFIX: z
    .string()
    .regex(/^[A-Za-z0-9_-]+$/)
    .default('ensemble'),
  ENSEMBLE_ARTIFACTS_DIR: z.string().min(1),
  ENSEMBLE_RUNNER_DIR: z.string().min(1),
  ENSEMBLE_CARD_PYTHON: z.string().min(1),
  ENSEMBLE_SDK_DIR: z.string().default(join(import.meta.dirname, '..', '..', 'python')),
  ENSEMBLE_RUNNER_SLOTS: whole(availableParallelism(), 1),
  ENSEMBLE_RUNNER_POOLS: z
    .string()
    .default('cpu')
    .transform((text) => text.split(',').map((pool) => pool.trim()))
    .pipe(z.array(z.string().regex(/^[a-z0-9-]+$/)).min(1)),
  ENSEMBLE_RUNNER_CPUS: whole(availableParallelism(), 1),
  ENSEMBLE_RUNNER_MEMORY_MIB: whole(Math.floor(machineMemory() / 1024 ** 2), 1),
  ENSEMBLE_RUNNER_GPUS: whole(0, 0),
  ENSEMBLE_RUNNER_ID: z
    .string()
    .regex(/^[A-Za-z0-9_-]{1,64}$/, 'must be letters, digits, "-" and "_", at most 64')
    .optional(),
  ENSEMBLE_RUNNER_NAME: z.string().min(1).max(100).default(hostname()),
  ENSEMBLE_RUNNER_DRAIN_SECONDS: whole(3, 0),
  ENSEMBLE_RUNNER_SCRATCH_MIB: whole(4_096, 1),
  ENSEMBLE_RUNNER_IDLE_SCRATCH_SECONDS: whole(3_600, 1),
  ENSEMBLE_RUNNER_LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
  ENSEMBLE_WARM_LEVEL: z.enum(['card', 'container']).default('card'),
  ENSEMBLE_ISOLATION: z.enum(['L0', 'L1', 'L2', 'L3']).optional(),
  ENSEMBLE_ENGINE: z.enum(['process', 'docker']).optional(),
  ENSEMBLE_DOCKER_SOCKET: z.string().startsWith('/', 'must be an absolute path').optional(),
  DOCKER_HOST: socketAddress,
  ENSEMBLE_DOCKER_IMAGE: imageDigest,
  ENSEMBLE_DOCKER_GPU_IMAGE: imageDigest,
  ENSEMBLE_PARENT_PID: whole(0, 0),
  ENSEMBLE_UV: z.string().min(1).default('uv'),
  ENSEMBLE_ENVIRONMENTS_DIR: z.string().min(1).optional(),
  ENSEMBLE_RUNNER_ENVIRONMENTS_MIB: whole(20_480, 1),
});

export interface RunnerConfig {
  /** How it reaches the bus: by itself, or as a registered runner through the server's address. */
  way: { natsUrl: string } | { serverUrl: string; token: string | undefined };
  busPrefix: string;
  artifactsDir: string;
  /** The bucket that the directory is a cache of. */
  s3: S3Settings | undefined;
  workspace: string;
  cardPython: string;
  sdkDir: string;
  slots: number;
  cpus: number;
  memoryBytes: number;
  /** Undefined: one where it serves the pool `gpu`. */
  gpus: number | undefined;
  /** Undefined: the one that its folder remembers. */
  runnerId: string | undefined;
  pools: string[];
  /** Somebody named the pools: a registration may not choose others. */
  poolsNamed: boolean;
  name: string;
  drainMs: number;
  folderBytes: number;
  idleScratchMs: number;
  logLevel: string;
  isolation: IsolationLevel | undefined;
  /** Undefined: sandboxes of processes where they work, else containers. */
  engine: 'process' | 'docker' | undefined;
  docker: {
    socketPath: string;
    /** The only images that are ever started, by id or digest. Null: not set. */
    images: { cpu: string | null; gpu: string | null };
  };
  /** card: children of a zygote run the cards where that is safe. container: every card has a sandbox started for it. */
  warmLevel: 'card' | 'container';
  /** The daemon stops when this process is gone. Null: it serves on its own. */
  parentPid: number | null;
  /** The installer: a name on PATH, or a path. */
  uv: string;
  environmentsDir: string;
  environmentsBytes: number;
  /** How this machine reaches its package index: handed to the installer and to nobody else. */
  indexSettings: Record<string, string>;
}

/** The names that uv and pip read: indexes, local wheels, certificates, proxies. */
const isIndexSetting = (name: string): boolean =>
  /^(UV_|PIP_)[A-Z0-9_]+$/.test(name) || /^(SSL_CERT_(FILE|DIR)|(HTTPS?|ALL|NO)_PROXY)$/i.test(name);

function wayOf(settings: z.infer<typeof Environment>): RunnerConfig['way'] {
  const { ENSEMBLE_NATS_URL: natsUrl, ENSEMBLE_SERVER_URL: serverUrl, ENSEMBLE_RUNNER_TOKEN: token } = settings;
  if (natsUrl !== undefined) return { natsUrl };
  if (serverUrl !== undefined) return { serverUrl, token };
  throw new Error(
    "The runner's settings are not usable. ENSEMBLE_SERVER_URL: set it to the address of the server, with ENSEMBLE_RUNNER_TOKEN the first time; or ENSEMBLE_NATS_URL to its bus.",
  );
}

/** Throws one sentence that names every setting that is missing or wrong. */
export function readConfig(environment: NodeJS.ProcessEnv): RunnerConfig {
  // An empty value means that it is not set: process managers write it so.
  const given = Object.fromEntries(Object.entries(environment).filter(([, value]) => value !== ''));
  const parsed = Environment.safeParse(given);
  if (!parsed.success) {
    const problems = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The runner's settings are not usable. ${problems.join('; ')}.`);
  }
  const settings = parsed.data;
  return {
    way: wayOf(settings),
    busPrefix: settings.ENSEMBLE_BUS_PREFIX,
    artifactsDir: settings.ENSEMBLE_ARTIFACTS_DIR,
    s3: readS3Settings(environment),
    workspace: settings.ENSEMBLE_RUNNER_DIR,
    cardPython: settings.ENSEMBLE_CARD_PYTHON,
    sdkDir: settings.ENSEMBLE_SDK_DIR,
    slots: settings.ENSEMBLE_RUNNER_SLOTS,
    cpus: settings.ENSEMBLE_RUNNER_CPUS,
    memoryBytes: settings.ENSEMBLE_RUNNER_MEMORY_MIB * 1024 ** 2,
    gpus: given['ENSEMBLE_RUNNER_GPUS'] === undefined ? undefined : settings.ENSEMBLE_RUNNER_GPUS,
    runnerId: settings.ENSEMBLE_RUNNER_ID,
    pools: settings.ENSEMBLE_RUNNER_POOLS,
    poolsNamed: given['ENSEMBLE_RUNNER_POOLS'] !== undefined,
    name: settings.ENSEMBLE_RUNNER_NAME,
    drainMs: settings.ENSEMBLE_RUNNER_DRAIN_SECONDS * 1_000,
    folderBytes: settings.ENSEMBLE_RUNNER_SCRATCH_MIB * 1024 ** 2,
    idleScratchMs: settings.ENSEMBLE_RUNNER_IDLE_SCRATCH_SECONDS * 1_000,
    logLevel: settings.ENSEMBLE_RUNNER_LOG_LEVEL,
    isolation: settings.ENSEMBLE_ISOLATION,
    engine: settings.ENSEMBLE_ENGINE,
    docker: {
      socketPath: settings.ENSEMBLE_DOCKER_SOCKET ?? settings.DOCKER_HOST?.slice('unix://'.length) ?? '/var/run/docker.sock',
      images: { cpu: settings.ENSEMBLE_DOCKER_IMAGE ?? null, gpu: settings.ENSEMBLE_DOCKER_GPU_IMAGE ?? null },
    },
    warmLevel: settings.ENSEMBLE_WARM_LEVEL,
    parentPid: settings.ENSEMBLE_PARENT_PID === 0 ? null : settings.ENSEMBLE_PARENT_PID,
    uv: settings.ENSEMBLE_UV,
    environmentsDir: settings.ENSEMBLE_ENVIRONMENTS_DIR ?? join(settings.ENSEMBLE_RUNNER_DIR, 'environments'),
    environmentsBytes: settings.ENSEMBLE_RUNNER_ENVIRONMENTS_MIB * 1024 ** 2,
    indexSettings: Object.fromEntries(
      Object.entries(given).flatMap(([name, value]) => (isIndexSetting(name) ? [[name, value ?? '']] : [])),
    ),
  };
}
