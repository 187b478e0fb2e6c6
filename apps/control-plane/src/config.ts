/** Everything that can be set from outside, and the only place that reads it. `ENVIRONMENT` is what the documentation lists. */
import path from 'node:path';
import { readS3Settings, type S3Settings } from '@ensemble/artifact-store';
import { LOG_LEVELS, type LogLevel } from './platform/logger.ts';

export const repository = path.resolve(import.meta.dirname, '../../..');

interface Variable {
  name: string;
  /** As shown to people; absent when there is none. */
  default?: string;
  description: string;
}

/** In the order of the documentation. */
export const ENVIRONMENT = [
  {
    name: 'ENSEMBLE_DATA_DIR',
    default: '.ensemble',
    description: 'Directory of everything this installation keeps; one server at a time.',
  },
  { name: 'ENSEMBLE_HOST', default: '127.0.0.1', description: 'Address to listen on.' },
  { name: 'ENSEMBLE_PORT', default: '4380', description: 'Port to listen on; 0 takes a free one.' },
  {
    name: 'ENSEMBLE_PUBLIC_URL',
    description: 'Address people open when it is not the one listened on, such as https://ensemble.example.org.',
  },
  { name: 'DATABASE_URL', description: 'PostgreSQL to use instead of the embedded database.' },
  { name: 'S3_BUCKET', description: 'Bucket to keep artifacts in; the data directory then only holds copies.' },
  { name: 'S3_ENDPOINT', description: 'Address of an S3-compatible store that is not AWS, such as https://s3.example.org.' },
  { name: 'S3_REGION', default: 'us-east-1', description: 'Region of the bucket.' },
  { name: 'S3_PREFIX', description: 'Folder inside the bucket.' },
  { name: 'S3_ACCESS_KEY_ID', description: 'Key that may read and write the bucket.' },
  { name: 'S3_SECRET_ACCESS_KEY', description: 'The secret of that key.' },
  { name: 'NATS_URL', description: 'NATS server (2.12 or newer, with JetStream) to use instead of the embedded one.' },
  {
    name: 'ENSEMBLE_BUS_PREFIX',
    default: 'ensemble',
    description: 'First part of every subject on the bus; keeps two installations on one server apart.',
  },
  { name: 'ENSEMBLE_WEB', default: 'on', description: '"off" serves the API without the web app.' },
  { name: 'ENSEMBLE_WEB_DIR', default: 'apps/web/dist', description: 'The built web app.' },
  { name: 'ENSEMBLE_CACHE_DIR', default: '.cache', description: 'Where the boot scripts put nats-server and the Python for cards.' },
  { name: 'ENSEMBLE_RUNNER', default: 'on', description: '"off" starts no runner; others must connect to the bus.' },
  { name: 'ENSEMBLE_RUNNER_SLOTS', description: 'Cards the embedded runner executes at once; by default it decides.' },
  {
    name: 'ENSEMBLE_ISOLATION',
    description: 'Passed on to the embedded runner: the isolation level to use instead of the highest one that works.',
  },
  {
    name: 'ENSEMBLE_WARM_LEVEL',
    description: 'Passed on to the embedded runner: "card" keeps warm sandboxes, "container" starts one for every card.',
  },
  {
    name: 'ENSEMBLE_ENGINE',
    description: 'Passed on to the embedded runner: "process" or "docker"; by default processes where they can be confined.',
  },
  { name: 'ENSEMBLE_DOCKER_SOCKET', description: "Passed on to the embedded runner: Docker's socket, such as /var/run/docker.sock." },
  { name: 'ENSEMBLE_DOCKER_IMAGE', description: 'Passed on to the embedded runner: the image of cards, by its id or digest.' },
  { name: 'ENSEMBLE_DOCKER_GPU_IMAGE', description: 'Passed on to the embedded runner: the image of cards that need a GPU.' },
  { name: 'ENSEMBLE_LOG', default: 'warn', description: `How much is logged: ${LOG_LEVELS.join(', ')}.` },
  {
    name: 'ENSEMBLE_PARENT_PID',
    description: 'The server stops when this process is gone; set by the command line for the server it starts.',
  },
] as const satisfies readonly Variable[];

type Name = (typeof ENVIRONMENT)[number]['name'];

export interface Config {
  dataDirectory: string;
  host: string;
  port: number;
  /** Without a trailing slash. */
  publicUrl: string | undefined;
  databaseUrl: string | undefined;
  natsUrl: string | undefined;
  /** Undefined: artifacts are in the data directory. */
  s3: S3Settings | undefined;
  busPrefix: string;
  /** Undefined: the API only. */
  webDirectory: string | undefined;
  natsServer: string;
  cardPython: string;
  /** Undefined: no embedded runner. */
  runner:
    { slots: number | undefined; isolation: string | undefined; warmLevel: string | undefined; engine: NodeJS.ProcessEnv } | undefined;
  logLevel: LogLevel;
  parentPid: number | undefined;
  /** What embedded children inherit of the machine's environment: nothing that may hold a secret. */
  inherited: NodeJS.ProcessEnv;
  /** The installer that the embedded runner uses. */
  uv: string;
  /** The machine's own settings of uv and pip, certificates and proxies: for the installer only. */
  packageIndex: NodeJS.ProcessEnv;
}

const PACKAGE_INDEX = /^((UV_|PIP_)[A-Z0-9_]+|SSL_CERT_(FILE|DIR)|(HTTPS?|ALL|NO)_PROXY)$/i;

const INHERITED = ['PATH', 'HOME', 'LANG', 'LC_ALL', 'TZ', 'TMPDIR'];

/** Read by the runner, which refuses what it cannot use. */
const ENGINE = [
  'ENSEMBLE_ENGINE',
  'ENSEMBLE_DOCKER_SOCKET',
  'ENSEMBLE_DOCKER_IMAGE',
  'ENSEMBLE_DOCKER_GPU_IMAGE',
] as const satisfies readonly Name[];

const engineSettings = (env: NodeJS.ProcessEnv): NodeJS.ProcessEnv =>
  Object.fromEntries([...ENGINE, 'DOCKER_HOST'].flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]])));

/** Throws one sentence that names the variable whose value cannot be used. Relative paths are those of `workingDirectory`. */
export function readConfig(env: NodeJS.ProcessEnv = process.env, workingDirectory = process.cwd()): Config {
  const text = (name: Name): string | undefined => {
    const value = env[name]?.trim();
    return value === undefined || value === '' ? undefined : value;
  };
  const refuse = (name: Name, expected: string): never => {
    throw new Error(`${name} is "${env[name]}", but must be ${expected}.`);
  };
  const directory = (name: Name, fallback: string): string => {
    const value = text(name);
    return value === undefined ? path.join(repository, fallback) : path.resolve(workingDirectory, value);
  };
  const integer = (name: Name, least: number, most: number): number | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    const number = /^\d{1,9}$/.test(value) ? Number(value) : NaN;
    return number >= least && number <= most ? number : refuse(name, `a whole number from ${least} to ${most}`);
  };
  const isOn = (name: Name): boolean => {
    const value = text(name) ?? 'on';
    return value === 'on' ? true : value === 'off' ? false : refuse(name, '"on" or "off"');
  };
  const url = (name: Name, schemes: string[]): string | undefined => {
    const value = text(name);
    if (value === undefined) return undefined;
    return schemes.includes(URL.parse(value)?.protocol ?? '')
      ? value
      : refuse(name, `a URL that begins with ${schemes.map((scheme) => `${scheme}//`).join(' or ')}`);
  };

  const busPrefix = text('ENSEMBLE_BUS_PREFIX') ?? 'ensemble';
  if (!/^[a-z][a-z0-9_-]{0,30}$/.test(busPrefix))
    refuse('ENSEMBLE_BUS_PREFIX', 'lower-case letters, digits, "-" and "_", at most 31, beginning with a letter');
  const isolation = text('ENSEMBLE_ISOLATION');
  if (isolation !== undefined && !/^L[0123]$/.test(isolation)) refuse('ENSEMBLE_ISOLATION', 'L0, L1, L2 or L3');
  const warmLevel = text('ENSEMBLE_WARM_LEVEL');
  if (warmLevel !== undefined && !/^(card|container)$/.test(warmLevel)) refuse('ENSEMBLE_WARM_LEVEL', '"card" or "container"');
  const logLevel =
    LOG_LEVELS.find((level) => level === (text('ENSEMBLE_LOG') ?? 'warn')) ?? refuse('ENSEMBLE_LOG', `one of ${LOG_LEVELS.join(', ')}`);
  const natsUrl = text('NATS_URL');
  const cache = directory('ENSEMBLE_CACHE_DIR', '.cache');
  return {
    dataDirectory: directory('ENSEMBLE_DATA_DIR', '.ensemble'),
    host: text('ENSEMBLE_HOST') ?? '127.0.0.1',
    port: integer('ENSEMBLE_PORT', 0, 65_535) ?? 4380,
    publicUrl: url('ENSEMBLE_PUBLIC_URL', ['http:', 'https:'])?.replace(/\/+$/, ''),
    databaseUrl: url('DATABASE_URL', ['postgresql:', 'postgres:']),
    natsUrl: natsUrl?.includes(',') ? natsUrl : url('NATS_URL', ['nats:', 'tls:']),
    s3: readS3Settings(env),
    busPrefix,
    webDirectory: isOn('ENSEMBLE_WEB') ? directory('ENSEMBLE_WEB_DIR', 'apps/web/dist') : undefined,
    natsServer: path.join(cache, 'tools/bin/nats-server'),
    cardPython: path.join(cache, 'python/bin/python'),
    runner: isOn('ENSEMBLE_RUNNER')
      ? { slots: integer('ENSEMBLE_RUNNER_SLOTS', 1, 256), isolation, warmLevel, engine: engineSettings(env) }
      : undefined,
    logLevel,
    parentPid: integer('ENSEMBLE_PARENT_PID', 2, 2 ** 22),
    uv: path.join(cache, 'tools/bin/uv'),
    packageIndex: Object.fromEntries(Object.entries(env).filter(([name]) => PACKAGE_INDEX.test(name))),
    inherited: Object.fromEntries(INHERITED.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]]]))),
  };
}
