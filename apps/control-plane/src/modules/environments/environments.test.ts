import type { EnvironmentNews, PrepareEnvironment } from '@ensemble/protocol';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Database } from '../../platform/database/database.ts';
import { openDatabase } from '../../platform/database/open-database.ts';
import { silentLogger } from '../../platform/logger.ts';
import { createEnvironments, type Environments } from './environments.ts';

const [LOCK, OTHER] = ['a'.repeat(64), 'b'.repeat(64)];

describe('the environments that cards need', () => {
  let database: Database;
  let environments: Environments;
  let asked: PrepareEnvironment[];
  let changes: [string, boolean][];
  let runnerIsThere = true;
  /** Each test has packages of its own. */
  let wish: string;
  let setId: string;
  let count = 0;

  beforeAll(async () => {
    database = await openDatabase({ directory: 'memory://' });
  });
  afterAll(() => database.close());
  beforeEach(() => {
    asked = [];
    changes = [];
    runnerIsThere = true;
    environments = open();
    count += 1;
    wish = `package-${count}>=2`;
    setId = environments.setIdOf([wish])!;
    return () => environments.stop();
  });

  const open = (): Environments =>
    createEnvironments({
      database,
      base: 'pandas<3',
      bus: {
        prepareEnvironment: async (request) => {
          if (runnerIsThere) asked.push(request);
          return runnerIsThere;
        },
      },
      onChanged: (projectId, final) => void changes.push([projectId, final]),
      logger: silentLogger(),
      quietMs: 20,
      sweepMs: 10,
    });
  const news = (changed: Partial<EnvironmentNews>): Promise<void> =>
    environments.onNews({ v: 1, runnerId: 'r', setId, requirements: [wish], state: 'building', message: 'downloading', ...changed });
  const entry = () => environments.entriesOfProject('p').get(setId);

  test('the same wishes are one set, whatever their order and writing; other base packages make another', () => {
    expect(environments.setIdOf(['b', 'A_x >= 1'])).toBe(environments.setIdOf(['a-x>=1', 'B', 'b']));
    expect(environments.setIdOf([])).toBeUndefined();
    expect(environments.setIdOf(['git+https://example.org/x'])).toBeUndefined();
    const later = createEnvironments({
      database,
      base: 'pandas<4',
      bus: { prepareEnvironment: async () => true },
      onChanged: () => {},
      logger: silentLogger(),
    });
    expect(later.setIdOf(['b'])).not.toBe(environments.setIdOf(['b']));
  });

  test('ENV-4 a runner is asked once for what a project wants, and again where none was there', async () => {
    runnerIsThere = false;
    environments.start();
    await environments.wanted('p', [[wish], [], ['-r x']]);
    await expect.poll(() => entry()?.message).toBe('waits for a runner');
    runnerIsThere = true;
    await environments.wanted('p', []);
    expect(entry()).toBeUndefined();
    await environments.wanted('p', [[wish]]);
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(asked[0]).toEqual({ v: 1, setId, requirements: [wish] });
  });

  test('ENV-4 what is only half typed is not asked for', async () => {
    await environments.wanted('p', [[`${wish}0`]]);
    await environments.wanted('p', [[wish]]);
    environments.start();
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(asked.every(({ requirements }) => requirements[0] === wish)).toBe(true);
  });

  test('ENV-1 the first lock counts, for everybody and after a restart', async () => {
    expect(await environments.onLockRequest({ v: 1, setId, requirements: [wish] })).toEqual({});
    const offers = [LOCK, OTHER].map((offer) => environments.onLockRequest({ v: 1, setId, requirements: [wish], offer }));
    const [first, second] = await Promise.all(offers);
    expect(first).toEqual(second);
    expect(await open().onLockRequest({ v: 1, setId, requirements: [wish], offer: 'c'.repeat(64) })).toEqual(first);
  });

  test('news is shown and the end of it stored; what is ready stays ready', async () => {
    await environments.wanted('p', [[wish]]);
    await news({ fraction: 0.4 });
    expect(entry()).toMatchObject({ state: 'building', message: 'downloading', fraction: 0.4 });
    await news({ state: 'ready', message: 'ready', packages: 34, bytes: 210 });
    expect(changes.at(-1)).toEqual(['p', true]);
    await news({ state: 'failed', message: 'not here', fault: { message: 'not here', temporary: false } });
    await news({});
    expect(entry()).toEqual({ setId, requirements: [wish], state: 'ready', message: 'ready', packages: 34, bytes: 210 });
    environments = open();
    await environments.wanted('p', [[wish]]);
    expect(entry()).toMatchObject({ state: 'ready', packages: 34 });
    environments.start();
    expect(environments.faultOf([wish])).toBeUndefined();
  });

  test('a failure is the card’s to show, and Retry takes its lock back', async () => {
    await environments.wanted('p', [[wish]]);
    await environments.onLockRequest({ v: 1, setId, requirements: [wish], offer: LOCK });
    const fault = { message: 'There is no such package.', details: 'uv said so', temporary: false };
    await news({ state: 'failed', message: fault.message, fault });
    expect(environments.faultOf([wish])).toBe(fault.message);
    expect(entry()).toMatchObject({ state: 'failed', temporary: false, details: 'uv said so' });
    await expect(environments.retry('another', setId)).rejects.toMatchObject({ code: 'not-found' });
    expect(await environments.retry('p', setId)).toMatchObject({ state: 'requested' });
    expect(environments.faultOf([wish])).toBeUndefined();
    await expect(environments.retry('p', setId)).rejects.toMatchObject({ code: 'conflict' });
    await expect.poll(() => asked.length).toBeGreaterThan(0);
    expect(await environments.onLockRequest({ v: 1, setId, requirements: [wish], offer: OTHER })).toEqual({ lockHash: OTHER });
  });
});
