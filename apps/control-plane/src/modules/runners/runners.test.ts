import type { RunnerHeartbeat } from '@ensemble/protocol';
import { describe, expect, test } from 'vitest';
import { HoldWatch } from './hold-watch.ts';
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
  const waiting = [
    { attemptId: 'late', pool: 'cpu', queuedAt: 2 },
    { attemptId: 'early', pool: 'cpu', queuedAt: 1 },
    { attemptId: 'big', pool: 'gpu', queuedAt: 0 },
  ];

  test('RUNNER-3 places are counted per pool, oldest first', () => {
    const notes = queueNotes(waiting, [beatOf('r')]);
    expect(notes.get('early')).toEqual({ reason: '1st in the queue', position: 1 });
    expect(notes.get('late')).toEqual({ reason: '2nd in the queue', position: 2 });
    expect(notes.get('big')).toEqual({ reason: 'waits for a runner of pool gpu: none is connected' });
  });

  test('RUNNER-3 only the first places are counted out', () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ attemptId: `a${index}`, pool: 'cpu', queuedAt: index }));
    const notes = queueNotes(many, [beatOf('r')]);
    expect(notes.get('a19')).toEqual({ reason: '20th in the queue', position: 20 });
    expect(notes.get('a20')).toEqual({ reason: 'behind the first 20 in the queue' });
  });

  test('RUNNER-3 a pool whose runners all shut down says so', () => {
    expect(queueNotes(waiting, [beatOf('r', { draining: true })]).get('early')).toEqual({
      reason: 'waits for a runner of pool cpu: all of them are shutting down',
    });
  });

  test('ordinals read as people write them', () => {
    expect([1, 2, 3, 4, 11, 12, 13, 21, 102, 111].map(ordinal)).toEqual('1st 2nd 3rd 4th 11th 12th 13th 21st 102nd 111th'.split(' '));
  });
});
