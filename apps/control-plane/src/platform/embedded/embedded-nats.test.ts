import { existsSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { silentLogger } from '../logger.ts';
import { startEmbeddedNats } from './embedded-nats.ts';
import { startTicksOf } from './process-record.ts';

const binary = path.resolve(import.meta.dirname, '../../../../../.cache/tools/bin/nats-server');
const root = mkdtempSync(path.join(tmpdir(), 'ensemble-nats-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));
const options = (name: string, program = binary) => ({
  binary: program,
  directory: path.join(root, name),
  prefix: 'ensemble',
  runnerId: 'embedded',
  logger: silentLogger(),
});

describe.skipIf(!existsSync(binary))('the embedded nats-server', () => {
  test('a second start ends what the first left behind: there is never more than one', async () => {
    const first = await startEmbeddedNats(options('twice'));
    const second = await startEmbeddedNats(options('twice'));
    // The first supervision sees its child end and would start another: a process that was killed has no such memory.
    await first.stop();
    expect(startTicksOf(second.pid ?? 0)).toBeDefined();
    expect(second.pid).not.toBe(first.pid);
    await second.stop();
    expect(startTicksOf(second.pid ?? 0)).toBeUndefined();
  });

  test('its logins are written for this user alone, and differ', async () => {
    const nats = await startEmbeddedNats(options('logins'));
    expect(statSync(path.join(root, 'logins/nats.conf')).mode & 0o777).toBe(0o600);
    const [own, runner] = [new URL(nats.url), new URL(nats.runnerUrl)];
    expect(own.hostname).toBe('127.0.0.1');
    expect(own.password.length).toBeGreaterThan(40);
    expect(runner.password).not.toBe(own.password);
    await nats.stop();
  });
});

test('a program that does not start is named with what it said', async () => {
  const program = path.join(root, 'broken');
  writeFileSync(program, '#!/bin/sh\necho "no such option" >&2\nexit 1\n', { mode: 0o755 });
  await expect(startEmbeddedNats(options('broken-nats', program))).rejects.toThrow(/broken\) did not start: .*no such option/);
});
