import type { Need, RunnerHeartbeat } from '@ensemble/protocol';
import { describe, expect, test } from 'vitest';
import { HoldWatch } from './hold-watch.ts';
import type { RunnerCapacity } from './dispatcher.ts';
import { needKey } from './fair-queue.ts';
import { ordinal, queueNotes } from './queue-notes.ts';
import { RunnerRegistry } from './runner-registry.ts';

const beatOf = (runnerId: string, changes: Partial<RunnerHeartbeat> = {}): RunnerHeartbeat => ({
  v: 1,
  runnerId,
  name: runnerId,
  version: '1',
  startedAt: 0,
  pools: ['cpu'],
  engines: [{ engine: 'process', isolation: 'L2' }],
  slots: 1,
  cpus: 1,
  memoryBytes: 2 ** 30,
  gpus: 0,
  load: { cpu: 0, memoryBytes: 0 },
  held: [],
  draining: false,
  ...changes,
});

describe('the registry of runners', () => {
  test('RUNNER-1 a runner is lost after more than 3.5 s of silence', () => {
    const registry = new RunnerRegistry(0);
    registry.observe(beatOf('r'), 1_000);
    expect(registry.isLost('r', 4_500)).toBe(false);
    expect(registry.isLost('r', 4_501)).toBe(true);
    expect(registry.live(4_501)).toEqual([]);
    expect(registry.forgetLost(4_501)).toEqual(['r']);
    expect(registry.forgetLost(4_501)).toEqual([]);
  });

  test('RUNNER-1 a runner never heard of is lost once it had time to speak', () => {
    const registry = new RunnerRegistry(1_000);
    expect(registry.isLost('unheard', 4_500)).toBe(false);
    expect(registry.isLost('unheard', 4_501)).toBe(true);
    registry.heardNothingUntil(5_000);
    expect(registry.isLost('unheard', 8_500)).toBe(false);
  });

  test('it tells the strongest isolation on offer', () => {
    const registry = new RunnerRegistry(0);
    expect(registry.isolation(0)).toBeNull();
    registry.observe(beatOf('weak', { engines: [{ engine: 'process', isolation: 'L3' }] }), 0);
    registry.observe(beatOf('strong'), 0);
    expect(registry.isolation(0)).toBe('L2');
  });
});

describe('what runners hold', () => {
  test('RUNNER-2 the third beat in a row without the attempt loses it; a beat with it starts over', () => {
    const watch = new HoldWatch();
    expect(watch.beat([], ['a', 'b'])).toEqual([]);
    expect(watch.beat(['b'], ['a', 'b'])).toEqual([]);
    expect(watch.beat([], ['a', 'b'])).toEqual(['a']);
    watch.forget('a');
    expect(watch.beat([], ['a'])).toEqual([]);
  });
});

describe('why steps wait', () => {
  const capacity = (changes: Partial<RunnerCapacity> = {}): RunnerCapacity => ({
    runnerId: 'r',
    pools: ['cpu'],
    slots: 4,
    cpus: 4,
    memoryBytes: 16 * 2 ** 30,
    gpus: 0,
    takes: true,
    ...changes,
  });
  const reasons = (needs: Partial<Need>[], runners: RunnerCapacity[]) => {
    const entries = needs.map((need, index) => ({
      attemptId: `a${index}`,
      runId: 'run',
      projectId: 'p',
      interactive: true,
      need: { pool: 'cpu', gpus: 0, ...need },
    }));
    const all = (): typeof entries => entries;
    return queueNotes({ inTurn: (skipped) => entries.filter(({ need }) => !skipped.has(needKey(need))), all }, runners);
  };
  const reason = (need: Partial<Need>, ...runners: RunnerCapacity[]) => reasons([need], runners).get('a0')?.reason;

  test('RUNNER-3 places are counted per pool, and only the first are told', () => {
    const notes = reasons(
      Array.from({ length: 30 }, () => ({})),
      [capacity()],
    );
    expect(notes.get('a0')).toEqual({ reason: '1st in the queue for cpu', position: 1 });
    expect(notes.get('a19')).toEqual({ reason: '20th in the queue for cpu', position: 20 });
    expect(notes.get('a20')).toEqual({ reason: 'behind the first 20 in the queue for cpu' });
  });

  test('RUNNER-3 what no runner can execute says why, and takes nobody’s place', () => {
    const big = { memoryBytes: 64 * 2 ** 30 };
    expect(reason(big, capacity(), capacity({ memoryBytes: 8 * 2 ** 30 }))).toBe('needs 64 GiB; the largest runner has 16 GiB');
    expect(reason({ cpus: 8 }, capacity())).toBe('needs 8 cores; the largest runner has 4');
    expect(reason({ pool: 'gpu', gpus: 1 }, capacity())).toBe('no GPU runner is connected');
    expect(reason({ pool: 'gpu', gpus: 2 }, capacity({ pools: ['gpu'], gpus: 1 }))).toBe('needs 2 GPUs; the largest runner has 1');
    expect(reason({ pool: 'big' }, capacity())).toBe('no runner of pool big is connected');
    expect(reason({}, capacity({ takes: false }))).toBe('all runners of pool cpu are cordoned or shutting down');
    expect(reasons([big, {}], [capacity()]).get('a1')?.position).toBe(1);
  });

  test('ordinals read as people write them', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual('1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th'.split(' '));
  });
});
