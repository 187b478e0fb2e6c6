import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test, vi } from 'vitest';
import { silentLogger } from '../logger.ts';
import { endLeftover, startTicksOf, writeProcessRecord } from './process-record.ts';
import { superviseChild } from './supervised-child.ts';

/** For a machine that is busy with something else. */
const BUSY = { timeout: 40_000 };
const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-child-'));
afterAll(() => rmSync(directory, { recursive: true, force: true }));

const child = (recordFile: string, script: string, onLine?: (line: string) => void) =>
  superviseChild({
    name: 'test',
    command: 'sh',
    args: ['-c', script],
    cwd: directory,
    env: { PATH: process.env.PATH },
    recordFile: path.join(directory, recordFile),
    logger: silentLogger(),
    ...(onLine ? { onLine } : {}),
  });

test('a child that was killed is started again; a stopped one is not', async () => {
  const supervised = await child('again.json', 'sleep 600');
  const first = supervised.pid ?? 0;
  process.kill(first, 'SIGKILL');
  await vi.waitFor(() => expect(supervised.pid).not.toBe(first), BUSY);
  const second = supervised.pid ?? 0;
  await vi.waitFor(() => expect(readFileSync(path.join(directory, 'again.json'), 'utf8')).toContain(String(second)), BUSY);
  await supervised.stop();
  expect(startTicksOf(second)).toBeUndefined();
  expect(existsSync(path.join(directory, 'again.json'))).toBe(false);
});

test('a child that ignores SIGTERM is killed after the grace', async () => {
  const lines: string[] = [];
  const supervised = await child('stubborn.json', `trap '' TERM; echo ready; while :; do sleep 0.05; done`, (line) => lines.push(line));
  const pid = supervised.pid ?? 0;
  await vi.waitFor(() => expect(lines).toEqual(['ready']), BUSY);
  await supervised.stop(200);
  expect(startTicksOf(pid)).toBeUndefined();
});

test('what an earlier start left behind is ended before the child starts', async () => {
  const left = spawn('sleep', ['600'], { stdio: 'ignore', detached: true });
  await writeProcessRecord(path.join(directory, 'left.json'), left.pid ?? 0);
  const ended = new Promise((resolve) => left.once('exit', resolve));
  const supervised = await child('left.json', 'sleep 600');
  await ended;
  expect(startTicksOf(left.pid ?? 0)).toBeUndefined();
  await supervised.stop();
});

test('a pid that another process got meanwhile is left alone', async () => {
  const other = spawn('sleep', ['600'], { stdio: 'ignore' });
  const file = path.join(directory, 'other.json');
  writeFileSync(file, JSON.stringify({ pid: other.pid, startTicks: '1' }));
  expect(await endLeftover(file)).toBeUndefined();
  expect(startTicksOf(other.pid ?? 0)).toBeDefined();
  other.kill();
});

test.skipIf(process.platform !== 'linux')('a child dies with a parent that was killed', async () => {
  const program = path.join(directory, 'parent.ts');
  writeFileSync(
    program,
    `import { superviseChild } from ${JSON.stringify(path.join(import.meta.dirname, 'supervised-child.ts'))};
     import { silentLogger } from ${JSON.stringify(path.join(import.meta.dirname, '../logger.ts'))};
     const child = await superviseChild({ name: 'x', command: 'sleep', args: ['600'], cwd: '.', env: process.env, recordFile: ${JSON.stringify(path.join(directory, 'orphan.json'))}, logger: silentLogger() });
     console.log(child.pid);`,
  );
  const parent = spawn(process.execPath, [program], { stdio: ['ignore', 'pipe', 'inherit'] });
  const pid = await new Promise<number>((resolve) => parent.stdout.once('data', (data: Buffer) => resolve(Number(data))));
  expect(startTicksOf(pid)).toBeDefined();
  parent.kill('SIGKILL');
  await vi.waitFor(() => expect(startTicksOf(pid)).toBeUndefined(), BUSY);
});
