/** Starts the real product as a child process, the way `npm start` does after installing, for tests that watch it from outside. */
import { type ChildProcess, spawn } from 'node:child_process';
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@ensemble/testkit';

export const repository = path.resolve(import.meta.dirname, '../..');
const main = path.join(repository, 'apps/control-plane/src/main.ts');
/** Long, because a busy machine is no fault of the product. */
const READY_MS = 400_000;
const LOG_TAIL = 4_000;

let log = (): string => '';
/** The end of what the product that was started last printed: for the message of a test that fails. */
export const lastLog = (): string => log().slice(-LOG_TAIL);

export interface ProductOptions {
  /** Kept by the caller across restarts; a fresh one otherwise. */
  directory?: string;
  /** Of a start before; a free one otherwise. */
  port?: number;
  web?: boolean;
  env?: Record<string, string>;
}

export interface Product {
  url: string;
  token: string;
  directory: string;
  process: ChildProcess;
  /** Everything it printed so far. */
  output(): string;
  /** kill -9, resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM, resolves with the exit code. */
  stop(): Promise<number | null>;
}

export function newDataDirectory(): string {
  const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-test-'));
  chmodSync(directory, 0o711);
  return directory;
}

export const removeDirectory = (directory: string): void =>
  rmSync(directory, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });

export async function startProduct(options: ProductOptions = {}): Promise<Product> {
  const directory = options.directory ?? newDataDirectory();
  const { DATABASE_URL: _database, NATS_URL: _nats, ...inherited } = process.env;
  const env = {
    ...inherited,
    ENSEMBLE_DATA_DIR: directory,
    ENSEMBLE_HOST: '127.0.0.1',
    ENSEMBLE_PORT: String(options.port ?? (await freePort())),
    ENSEMBLE_WEB: options.web ? 'on' : 'off',
    // Stories in a browser are about the screen: importing pandas ahead would cost each of them seconds.
    ...(options.web ? { ENSEMBLE_WARM_LEVEL: 'container' } : {}),
    ...options.env,
  };
  rmSync(path.join(directory, 'server.json'), { force: true });
  const child = spawn('node', [main], { env, stdio: ['ignore', 'pipe', 'pipe'], cwd: repository });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-200_000);
  };
  log = () => output;
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const exited = new Promise<number | null>((resolve) => child.on('exit', (code) => resolve(code)));

  const address = await untilReady(directory, child, () => output);
  return {
    ...address,
    directory,
    process: child,
    output: () => output,
    async kill() {
      child.kill('SIGKILL');
      await exited;
    },
    async stop() {
      child.kill('SIGTERM');
      return exited;
    },
  };
}

async function untilReady(directory: string, child: ChildProcess, output: () => string): Promise<{ url: string; token: string }> {
  const deadline = Date.now() + READY_MS;
  while (Date.now() < deadline) {
    if (child.exitCode !== null || child.signalCode !== null)
      throw new Error(`the product ended with code ${child.exitCode}:\n${output()}`);
    const file = path.join(directory, 'server.json');
    if (existsSync(file)) {
      try {
        const { url } = JSON.parse(readFileSync(file, 'utf8')) as { url: string };
        const token = readFileSync(path.join(directory, 'local-token'), 'utf8').trim();
        if ((await fetch(new URL('/api/health', url))).ok) return { url, token };
      } catch {
        // not written completely, or not listening yet
      }
    }
    await sleep(50);
  }
  child.kill('SIGKILL');
  throw new Error(`the product was not ready within ${READY_MS / 1000} s:\n${output()}`);
}

/** Processes that belong to a data directory: their command line, environment, working directory or mounts name it. Sandboxed ones show it in their mounts only. */
export function processesOf(directory: string): { pid: number; command: string }[] {
  const found: { pid: number; command: string }[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid) || pid === process.pid) continue;
    const read = (file: string): string => {
      try {
        return readFileSync(`/proc/${pid}/${file}`, 'utf8');
      } catch {
        return '';
      }
    };
    let cwd = '';
    try {
      cwd = readlinkSync(`/proc/${pid}/cwd`);
    } catch {
      // gone, or not ours to look at
    }
    const command = read('cmdline').replaceAll('\0', ' ');
    const named = command.includes(directory) || read('environ').includes(directory) || cwd.startsWith(directory);
    if (named || read('mountinfo').includes(`/${path.basename(directory)}/`)) found.push({ pid, command });
  }
  return found;
}

/** Waits until no process belongs to the directory: the kernel takes its time to end what was killed. */
export const nothingLeft = (directory: string): Promise<unknown> =>
  eventually(
    () => processesOf(directory),
    (left) => left.length === 0,
  );

/** Waits for a condition; fails with the last thing seen. The time is for a busy machine: no test may need to shorten it. */
export async function eventually<T>(read: () => Promise<T> | T, accept: (value: T) => boolean, timeoutMs = 60_000): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const value = await read();
    if (accept(value)) return value;
    if (Date.now() > deadline)
      throw new Error(`did not happen within ${timeoutMs} ms; last seen: ${JSON.stringify(value)?.slice(0, 2_000)}`);
    await sleep(50);
  }
}
