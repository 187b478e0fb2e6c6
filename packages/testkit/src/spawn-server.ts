/** A Node program as a child process that says on its first line where it listens. */
import { spawn } from 'node:child_process';
import type { ServerUnderTest } from './kill-under-load.ts';

export interface SpawnedServer extends ServerUnderTest {
  pid: number;
  /** Asks it to end and waits until it has. */
  stop(): Promise<void>;
}

/** The program prints `{"url": "…"}` and a line end once it serves. Rejects with its error output when it ends before that. */
export function spawnServer(program: string, args: readonly string[], env: Record<string, string> = {}): Promise<SpawnedServer> {
  const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', program, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = new Promise<void>((resolve) => void child.once('exit', () => resolve()));
  const kill = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
  };
  const stop = async (): Promise<void> => {
    child.kill('SIGTERM');
    await ended;
  };
  let errors = '';
  child.stderr.on('data', (chunk: Buffer) => void (errors = (errors + chunk.toString()).slice(-4_000)));
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (chunk: Buffer) => {
      output += chunk.toString();
      const end = output.indexOf('\n');
      if (end < 0) return;
      const { url } = JSON.parse(output.slice(0, end)) as { url: string };
      resolve({ url, pid: child.pid!, kill, stop });
    });
    child.once('error', reject);
    void ended.then(() => reject(new Error(`The server ended before it listened: ${errors}`)));
  });
}
