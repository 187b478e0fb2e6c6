import { expect, it } from 'vitest';
import { readConfig } from './config.ts';
import { isMapped } from './engines/process/slot-uids.ts';

const NEEDED = {
  ENSEMBLE_NATS_URL: 'nats://x',
  ENSEMBLE_ARTIFACTS_DIR: '/a',
  ENSEMBLE_RUNNER_DIR: '/r',
  ENSEMBLE_CARD_PYTHON: '/p/bin/python',
};

it('reads settings, with defaults for what is not set or empty', () => {
  const config = readConfig({ ...NEEDED, ENSEMBLE_RUNNER_POOLS: 'cpu, gpu', ENSEMBLE_RUNNER_SLOTS: '', ENSEMBLE_PARENT_PID: '12' });
  expect(config).toMatchObject({ pools: ['cpu', 'gpu'], busPrefix: 'ensemble', isolation: undefined, parentPid: 12 });
  expect(config.slots).toBeGreaterThan(0);
});

it('names every setting that is missing or wrong in one sentence', () => {
  expect(() => readConfig({ ENSEMBLE_RUNNER_SLOTS: '0', ENSEMBLE_ISOLATION: 'L9' })).toThrow(
    /ENSEMBLE_ARTIFACTS_DIR.*ENSEMBLE_RUNNER_SLOTS: must be at least 1.*ENSEMBLE_ISOLATION/s,
  );
});

it('takes images by digest only, and a Docker of this machine only', () => {
  const digest = `sha256:${'a'.repeat(64)}`;
  const config = readConfig({
    ...NEEDED,
    ENSEMBLE_ENGINE: 'docker',
    DOCKER_HOST: 'unix:///run/d.sock',
    ENSEMBLE_DOCKER_IMAGE: `cards@${digest}`,
  });
  expect(config).toMatchObject({ engine: 'docker', docker: { socketPath: '/run/d.sock', images: { cpu: `cards@${digest}`, gpu: null } } });
  expect(() => readConfig({ ...NEEDED, ENSEMBLE_DOCKER_IMAGE: 'cards:latest', DOCKER_HOST: 'tcp://far:2375' })).toThrow(
    /DOCKER_HOST: must be a socket of this machine.*ENSEMBLE_DOCKER_IMAGE: must be an image id or a digest/s,
  );
});

it('reaches the bus by itself, or through the server it is registered with', () => {
  expect(readConfig(NEEDED).way).toEqual({ natsUrl: 'nats://x' });
  const remote = { ...NEEDED, ENSEMBLE_NATS_URL: '', ENSEMBLE_SERVER_URL: 'https://e.example/', ENSEMBLE_RUNNER_TOKEN: 't' };
  expect(readConfig(remote).way).toEqual({ serverUrl: 'https://e.example', token: 't' });
  expect(() => readConfig({ ...NEEDED, ENSEMBLE_NATS_URL: '' })).toThrow(/ENSEMBLE_SERVER_URL: set it to the address/);
});

it('knows which user ids exist in a container', () => {
  expect(isMapped('         0          0 4294967295\n', 700_000)).toBe(true);
  expect(isMapped('         0     100000      65536\n', 700_000)).toBe(false);
  expect(isMapped('', 1)).toBe(false);
});
