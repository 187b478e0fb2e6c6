/**
 * A whole product for one command: a control plane without the web app on a temporary directory, with
 * its embedded database, bus and runner. Ignores DATABASE_URL and NATS_URL, so that it leaves nothing behind.
 */
import { spawn } from 'node:child_process';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { CliError } from './cli-error.ts';
import { readServerAddress, type ServerAddress } from './server-address.ts';

/** For a start that hangs, on a machine however busy. */
const START_DEADLINE_MS = 180_000;
const STOP_DEADLINE_MS = 20_000;
const main = path.resolve(import.meta.dirname, '../../control-plane/src/main.ts');

export interface EmbeddedProduct {
  address: ServerAddress;
  stop(): Promise<void>;
}

/** `interrupted` ends the start: everything is taken away again and its reason is thrown. */
export async function startEmbeddedProduct(interrupted: AbortSignal): Promise<EmbeddedProduct> {
  const directory = await mkdtemp(path.join(tmpdir(), 'ensemble-'));
  // Cards run as a user of their own and must be able to pass through.
  await chmod(directory, 0o711);
  const { DATABASE_URL: _database, NATS_URL: _nats, ENSEMBLE_PUBLIC_URL: _public, ...inherited } = process.env;
  const env = {
    ...inherited,
    ENSEMBLE_DATA_DIR: directory,
    ENSEMBLE_HOST: '127.0.0.1',
    ENSEMBLE_PORT: '0',
    ENSEMBLE_WEB: 'off',
    ENSEMBLE_PARENT_PID: String(process.pid),
  };
  // Detached: Ctrl-C reaches this command only, which then cancels the run and stops the product in order.
  const child = spawn('node', [main], { env, stdio: ['ignore', 'pipe', 'pipe'], detached: true });
  let output = '';
  const keep = (chunk: Buffer): void => {
    output = (output + chunk.toString()).slice(-20_000);
  };
  child.stdout.on('data', keep);
  child.stderr.on('data', keep);
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));

  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      child.kill('SIGTERM');
      await Promise.race([ended, sleep(STOP_DEADLINE_MS, undefined, { ref: false })]);
      if (child.exitCode === null) child.kill('SIGKILL');
    }
    await ended;
    await rm(directory, { recursive: true, force: true });
  };

  const deadline = Date.now() + START_DEADLINE_MS;
  while (Date.now() < deadline && !interrupted.aborted) {
    const address = await readServerAddress(directory);
    if (address && (await isReady(address.url))) return { address, stop };
    if (child.exitCode !== null || child.signalCode !== null) {
      await stop();
      throw new CliError(`The embedded server ended before it was ready:\n${output.trimEnd()}`);
    }
    await sleep(50);
  }
  await stop();
  interrupted.throwIfAborted();
  throw new CliError(`The embedded server was not ready within ${START_DEADLINE_MS / 1000} s:\n${output.trimEnd()}`);
}

async function isReady(url: string): Promise<boolean> {
  try {
    return (await fetch(new URL('/api/health', url))).ok;
  } catch {
    return false;
  }
}
