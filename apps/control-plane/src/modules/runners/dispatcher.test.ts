import type { Need } from '@ensemble/protocol';
import { describe, expect, test } from 'vitest';
import { Dispatcher, type RunnerCapacity } from './dispatcher.ts';
import type { WaitingAttempt } from './fair-queue.ts';

const GiB = 2 ** 30;
const runner = (runnerId: string, changes: Partial<RunnerCapacity> = {}): RunnerCapacity => ({
  runnerId,
  pools: ['cpu'],
  slots: 2,
  cpus: 2,
  memoryBytes: 8 * GiB,
  gpus: 0,
  takes: true,
  ...changes,
});

/** Runners that claim what they are given as slots and resources allow, and take `ms` for each. */
class Farm {
  readonly dispatcher = new Dispatcher<WaitingAttempt>();
  readonly started = new Map<string, number>();
  readonly begun: { attemptId: string; runnerId: string }[] = [];
  readonly #running: { entry: WaitingAttempt; runnerId: string; until: number }[] = [];
  readonly #given: { entry: WaitingAttempt; runnerId: string }[] = [];
  readonly runners: RunnerCapacity[];
  now = 0;
  mostGiven = 0;

  constructor(...runners: RunnerCapacity[]) {
    this.runners = runners;
    this.dispatcher.setRunners(runners);
  }

  put(attemptId: string, projectId = 'p', need: Partial<Need> = {}, more: Partial<WaitingAttempt> = {}): void {
    const runId = `${projectId}-run`;
    this.dispatcher.put({ attemptId, runId, projectId, need: { pool: 'cpu', gpus: 0, ...need }, interactive: false, ...more });
  }

  /** Until nothing changes any more, or `ms` have passed. */
  run(taking: (attemptId: string) => number, ms = Infinity): void {
    const end = this.now + ms;
    for (;;) {
      this.#handOut();
      this.#begin(taking);
      this.#handOut();
      const next = this.#running.toSorted((a, b) => a.until - b.until)[0];
      if (!next || next.until > end) return;
      this.now = next.until;
      this.#running.splice(this.#running.indexOf(next), 1);
      this.dispatcher.ended(next.entry.attemptId, this.now);
    }
  }

  #handOut(): void {
    this.#given.push(...this.dispatcher.place(this.now));
    this.mostGiven = Math.max(this.mostGiven, this.#given.length + this.#running.length);
  }

  #begin(taking: (attemptId: string) => number): void {
    for (const given of this.#given.slice()) {
      const { entry, runnerId } = given;
      const { slots } = this.runners.find((each) => each.runnerId === runnerId)!;
      if (this.#running.filter((each) => each.runnerId === runnerId).length >= slots) continue;
      this.#given.splice(this.#given.indexOf(given), 1);
      if (this.started.has(entry.attemptId)) continue;
      this.started.set(entry.attemptId, this.now);
      this.begun.push({ attemptId: entry.attemptId, runnerId });
      this.dispatcher.claimed(entry, runnerId, this.now);
      this.#running.push({ entry, runnerId, until: this.now + taking(entry.attemptId) });
    }
  }
}

describe('fairness', () => {
  test('RUNNER-4 beside a project with 10,000 queued cards another waits little longer than alone', () => {
    const alone = new Farm(runner('a'));
    for (let n = 0; n < 10; n += 1) alone.put(`small-${n}`, 'small');
    alone.run(() => 100);

    const beside = new Farm(runner('a'));
    for (let n = 0; n < 10_000; n += 1) beside.put(`big-${n}`, 'big');
    beside.run(() => 100, 1_000);
    for (let n = 0; n < 10; n += 1) beside.put(`small-${n}`, 'small', {}, { interactive: true });
    const from = beside.now;
    beside.run(() => 100, 3_000);
    const last = Math.max(...Array.from({ length: 10 }, (_, n) => beside.started.get(`small-${n}`) ?? Infinity)) - from;
    // Four fifths of the runner's time are theirs, and what was handed out before goes first.
    expect(alone.started.get('small-9')).toBe(400);
    expect(last).toBeLessThanOrEqual(800);
    expect(beside.mostGiven).toBeLessThanOrEqual(3);
  });

  test('RUNNER-4 long cards count for what they take', () => {
    const farm = new Farm(runner('a', { slots: 1, cpus: 1 }));
    for (let n = 0; n < 50; n += 1) {
      farm.put(`long-${n}`, 'long');
      farm.put(`short-${n}`, 'short');
    }
    farm.run((attemptId) => (attemptId.startsWith('long') ? 10_000 : 1_000), 60_000);
    const begun = (what: string): number => [...farm.started.keys()].filter((id) => id.startsWith(what)).length;
    expect(begun('short')).toBeGreaterThan(4 * begun('long'));
  });

  test('RUNNER-4 within a project what somebody looks at goes first, and runs take turns', () => {
    const farm = new Farm(runner('a', { slots: 1, cpus: 1 }));
    for (let n = 0; n < 3; n += 1) farm.put(`one-${n}`, 'p', {}, { runId: 'one' });
    for (let n = 0; n < 3; n += 1) farm.put(`two-${n}`, 'p', {}, { runId: 'two' });
    farm.put('trial', 'p', {}, { runId: 'trial', interactive: true });
    farm.run(() => 100);
    const [first, ...rest] = farm.begun.map(({ attemptId }) => attemptId);
    expect(first).toBe('trial');
    for (let n = 1; n <= rest.length; n += 1) {
      const ofOne = rest.slice(0, n).filter((id) => id.startsWith('one')).length;
      expect(Math.abs(2 * ofOne - n)).toBeLessThanOrEqual(2);
    }
  });
});

describe('capacity', () => {
  test('RUNNER-5 slots, cores, memory and GPUs are never given twice', () => {
    const farm = new Farm(runner('a', { slots: 4, cpus: 4, memoryBytes: 8 * GiB }));
    farm.put('half', 'p', { memoryBytes: 4 * GiB });
    farm.put('rest', 'p', { memoryBytes: 5 * GiB });
    farm.put('plain', 'p');
    const placed = farm.dispatcher.place(0).map(({ entry }) => entry.attemptId);
    expect(placed.sort()).toEqual(['half', 'plain']);
    farm.dispatcher.ended('half', 0);
    expect(farm.dispatcher.place(0).map(({ entry }) => entry.attemptId)).toEqual(['rest']);
  });

  test('RUNNER-5 a step goes to a runner of its pool with GPUs enough, however long the queue for others is', () => {
    const farm = new Farm(runner('cpu'), runner('gpu', { pools: ['gpu'], gpus: 1 }));
    for (let n = 0; n < 20; n += 1) farm.put(`cpu-${n}`);
    farm.put('gpu-0', 'p', { pool: 'gpu', gpus: 1 });
    farm.put('gpu-1', 'p', { pool: 'gpu', gpus: 1 });
    const placed = farm.dispatcher.place(0);
    expect(placed.filter(({ runnerId }) => runnerId === 'gpu').map(({ entry }) => entry.attemptId)).toEqual(['gpu-0']);
    expect(placed.filter(({ runnerId }) => runnerId === 'cpu')).toHaveLength(3);
  });

  test('RUNNER-6 what a runner did not begin goes elsewhere when it is lost, cordoned, or another is idle', () => {
    const farm = new Farm(runner('a'));
    for (let n = 0; n < 3; n += 1) farm.put(`a${n}`);
    expect(farm.dispatcher.place(0)).toHaveLength(3);
    farm.dispatcher.setRunners([runner('a'), runner('idle', { slots: 1, cpus: 1 })]);
    expect(farm.dispatcher.place(0)).toMatchObject([{ runnerId: 'idle', entry: { attemptId: 'a2' } }]);
    farm.dispatcher.setRunners([runner('a', { takes: false }), runner('idle', { slots: 3, cpus: 3 })]);
    expect(farm.dispatcher.place(0).map(({ runnerId }) => runnerId)).toEqual(['idle', 'idle']);
  });

  test('RUNNER-7 small steps do not keep a big one waiting for ever', () => {
    const farm = new Farm(runner('a', { memoryBytes: 8 * GiB }));
    for (let n = 0; n < 200; n += 1) farm.put(`plain-${n}`, `p${n % 3}`);
    farm.put('whole', 'other', { memoryBytes: 8 * GiB });
    // Cards of unequal length: the runner is never empty by chance.
    farm.run((attemptId) => (attemptId.endsWith('1') ? 1_500 : 1_000), 60_000);
    expect(farm.started.get('whole')).toBeLessThan(30_000);
  });

  test('what was put twice, claimed by another or ended unclaimed is reckoned once', () => {
    const farm = new Farm(runner('a', { slots: 1, cpus: 1 }));
    farm.put('x');
    farm.put('x');
    expect(farm.dispatcher.place(0)).toHaveLength(1);
    farm.dispatcher.claimed({ attemptId: 'x', runId: 'r', projectId: 'p', need: { pool: 'cpu', gpus: 0 }, interactive: false }, 'b', 0);
    farm.dispatcher.ended('x', 5);
    farm.dispatcher.ended('x', 5);
    farm.put('y');
    expect(farm.dispatcher.place(5)).toMatchObject([{ runnerId: 'a', entry: { attemptId: 'y' } }]);
    farm.dispatcher.ended('y', 6);
    expect([...farm.dispatcher.all()]).toEqual([]);
  });
});
