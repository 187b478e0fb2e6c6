import type { RunnerInfo } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import { machineText, poolText, stateOf } from './runner-text.ts';

const runner: RunnerInfo = {
  id: 'r',
  name: 'far',
  state: 'online',
  cordoned: false,
  emptyAt: null,
  registered: true,
  lastSeen: 0,
  version: '1',
  startedAt: 0,
  pools: ['cpu'],
  engines: [],
  slots: 1,
  cpus: 8,
  memoryBytes: 15.6 * 1024 ** 3,
  gpus: 0,
  load: null,
  tasks: [],
};

test('a machine and a pool are told in numbers that promise nothing that is not there', () => {
  expect(machineText(runner)).toBe('1 slot · 8 cores · 15 GiB');
  expect(machineText({ ...runner, gpus: 2, memoryBytes: 3.99 * 1024 ** 3 })).toBe('1 slot · 8 cores · 3.9 GiB · 2 GPUs');
  const pool = { pool: 'cpu', runners: 1, slots: 2, busy: 1, cpus: 8, memoryBytes: 16 * 1024 ** 3, gpus: 0 };
  expect(poolText(pool)).toBe('1 runner · 1 of 2 slots busy · at most 8 cores, 16 GiB for one card');
});

test('what was decided about a runner shows in its state', () => {
  expect(stateOf(runner).word).toBe('online');
  expect(stateOf({ ...runner, cordoned: true }).word).toBe('takes nothing new');
  const busy = { runId: 'x', nodeId: 'n', title: 'T', projectId: 'p', since: 0 };
  expect(stateOf({ ...runner, cordoned: true, emptyAt: 5, tasks: [busy] }).word).toBe('draining');
  expect(stateOf({ ...runner, state: 'offline' }).word).toBe('not connected');
});
