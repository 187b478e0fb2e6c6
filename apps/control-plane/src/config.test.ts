import path from 'node:path';
import { expect, test } from 'vitest';
import { ENVIRONMENT, readConfig, repository } from './config.ts';

test('without any variable everything is embedded, on loopback, inside the repository', () => {
  const config = readConfig({}, '/somewhere');
  expect(config).toMatchObject({
    host: '127.0.0.1',
    port: 4380,
    databaseUrl: undefined,
    natsUrl: undefined,
    busPrefix: 'ensemble',
    logLevel: 'warn',
  });
  expect(config.dataDirectory).toBe(path.join(repository, '.ensemble'));
  expect(config.webDirectory).toBe(path.join(repository, 'apps/web/dist'));
  expect(config.runner).toEqual({ slots: undefined, isolation: undefined, engine: {} });
});

test('relative directories are those of whoever started the server', () => {
  expect(readConfig({ ENSEMBLE_DATA_DIR: 'data' }, '/somewhere').dataDirectory).toBe('/somewhere/data');
});

test('an empty variable counts as not set', () => {
  expect(readConfig({ ENSEMBLE_PORT: '', DATABASE_URL: ' ' })).toMatchObject({ port: 4380, databaseUrl: undefined });
});

test.each([
  ['ENSEMBLE_PORT', '65536'],
  ['ENSEMBLE_PORT', '80a'],
  ['ENSEMBLE_PUBLIC_URL', 'ensemble.example.org'],
  ['DATABASE_URL', 'mysql://x'],
  ['NATS_URL', 'localhost'],
  ['ENSEMBLE_BUS_PREFIX', 'two.parts'],
  ['ENSEMBLE_WEB', 'no'],
  ['ENSEMBLE_RUNNER', 'yes'],
  ['ENSEMBLE_RUNNER_SLOTS', '0'],
  ['ENSEMBLE_ISOLATION', 'none'],
  ['ENSEMBLE_WARM_LEVEL', 'hot'],
  ['ENSEMBLE_LOG', 'loud'],
  ['ENSEMBLE_PARENT_PID', '1'],
])('%s=%s is refused with a sentence that names the variable', (name, value) => {
  expect(() => readConfig({ [name]: value })).toThrow(new RegExp(`^${name} is "${value}", but must be .+\\.$`));
});

test('every variable is described once', () => {
  const names = ENVIRONMENT.map((variable) => variable.name);
  expect(new Set(names).size).toBe(names.length);
  for (const variable of ENVIRONMENT) expect(variable.description).toMatch(/^.+\.$/);
});
