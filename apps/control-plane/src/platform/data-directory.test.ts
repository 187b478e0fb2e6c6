import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { lockDataDirectory } from './data-directory.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-lock-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));
const never = (): never => {
  throw new Error('the lock was lost');
};

/** A process that takes the lock and keeps it. */
async function holder(data: string): Promise<{ pid: number; kill(): Promise<void> }> {
  const program = path.join(directory, 'holder.ts');
  writeFileSync(
    program,
    `import { lockDataDirectory } from ${JSON.stringify(path.join(import.meta.dirname, 'data-directory.ts'))};
     await lockDataDirectory(process.argv[2], () => process.exit(3));
     console.log('locked');
     setInterval(() => {}, 1000);`,
  );
  const child = spawn(process.execPath, [program, data], { stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  await Promise.race([new Promise((resolve) => child.stdout.once('data', resolve)), ended]);
  return {
    pid: child.pid ?? 0,
    kill: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

test('a second process is refused with a sentence that names the first', async () => {
  const data = path.join(directory, 'taken');
  const first = await holder(data);
  await expect(lockDataDirectory(data, never)).rejects.toThrow(new RegExp(`already used by the process ${first.pid}`));
  await first.kill();
});

test('the lock of a process that was killed is taken over at once', async () => {
  const data = path.join(directory, 'killed');
  await (await holder(data)).kill();
  expect(existsSync(path.join(data, 'lock'))).toBe(true);
  const lock = await lockDataDirectory(data, never);
  await lock.release();
  expect(existsSync(path.join(data, 'lock'))).toBe(false);
});

test('of several processes that take over at once exactly one has it', async () => {
  const data = path.join(directory, 'race');
  await (await holder(data)).kill();
  const outcomes = await Promise.allSettled([holder(data), holder(data), holder(data)]);
  const holders = outcomes.flatMap((outcome) => (outcome.status === 'fulfilled' ? [outcome.value] : []));
  const refusal = await lockDataDirectory(data, never).then(
    () => '',
    (error: Error) => error.message,
  );
  expect(refusal).toContain('already used');
  const alive = holders.filter(({ pid }) => isAlive(pid));
  expect(alive).toHaveLength(1);
  for (const one of alive) await one.kill();
});

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
