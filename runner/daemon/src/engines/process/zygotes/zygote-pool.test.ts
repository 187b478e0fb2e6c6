import { describe, expect, it, vi } from 'vitest';
import { ZygotePool } from './zygote-pool.ts';
import type { ZygoteProcess } from './zygote-process.ts';

/** Only what the pool looks at. */
class FakeZygote {
  state: ZygoteProcess['state'] = 'importing';
  usedAt = 0;
  environment: string;
  index: number;
  readonly gone: Promise<string>;
  #end!: (reason: string) => void;
  readonly #waiting: (() => void)[] = [];

  constructor(environment: string, index: number) {
    this.environment = environment;
    this.index = index;
    this.gone = new Promise((resolve) => (this.#end = resolve));
  }

  become(state: ZygoteProcess['state'], reason = ''): void {
    this.state = state;
    if (state === 'ready' || state === 'gone') this.#waiting.splice(0).forEach((tell) => tell());
    if (state === 'gone') this.#end(reason);
  }

  ready(): Promise<void> {
    return this.state === 'ready' || this.state === 'gone' ? Promise.resolve() : new Promise((resolve) => this.#waiting.push(resolve));
  }

  close(): Promise<void> {
    this.become('gone');
    return Promise.resolve();
  }
}

function poolOf(limits: { perKey?: number; total?: number; share?: () => number } = {}) {
  const started: FakeZygote[] = [];
  const refused: string[] = [];
  const pool = new ZygotePool(
    { perKey: limits.perKey ?? 2, total: limits.total ?? 4, idleMs: 1_000 },
    {
      start: (environment, index) => {
        const zygote = new FakeZygote(environment, index);
        started.push(zygote);
        return zygote as unknown as ZygoteProcess;
      },
      onRefused: (reason) => refused.push(reason),
    },
    limits.share ?? (() => 1),
  );
  return { pool, started, refused };
}

const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

describe('ZygotePool', () => {
  it('gives the first attempt none, and has one for the next', async () => {
    const { pool, started } = poolOf();
    expect(await pool.take('ada', 'base')).toBeNull();
    expect(await pool.take('ada', 'base'), 'while it imports').toBeNull();
    expect(started).toHaveLength(1);
    started[0]?.become('ready');
    expect(await pool.take('ada', 'base')).toBe(started[0]);
    await pool.close();
  });

  it('never gives one to another trust key or environment, nor to two attempts', async () => {
    const { pool, started } = poolOf();
    pool.warm('ada', 'base');
    pool.warm('ada', 'base');
    expect(started).toHaveLength(1);
    started[0]?.become('ready');
    expect(await pool.take('grace', 'base')).toBeNull();
    expect(await pool.take('ada', 'other')).toBeNull();
    expect(await pool.take('ada', 'base')).toBe(started[0]);
    expect(await pool.take('ada', 'base'), 'promised already').toBeNull();
    expect(started.map(({ environment }) => environment)).toEqual(['base', 'base', 'other', 'base']);
    expect(new Set(started.map(({ index }) => index)).size).toBe(4);
    await pool.close();
  });

  it('has one for whoever comes first, whose it stays, and then another', async () => {
    vi.useFakeTimers();
    try {
      const { pool, started } = poolOf();
      pool.keep('base');
      await vi.advanceTimersByTimeAsync(3_000);
      started[0]?.become('ready');
      expect(await pool.take('ada', 'other'), 'of another environment').toBeNull();
      expect(await pool.take('ada', 'base')).toBe(started[0]);
      if (started[0] !== undefined) pool.release(started[0] as unknown as ZygoteProcess);
      expect(await pool.take('grace', 'base'), 'it is hers').toBeNull();
      expect(started.map(({ environment }) => environment)).toEqual(['base', 'other', 'base']);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(started).toHaveLength(4);
      pool.warm('joan', 'base');
      expect(started, 'the one that imports is hers now').toHaveLength(4);
      await vi.advanceTimersByTimeAsync(3_000);
      expect(started, 'as many as there may be').toHaveLength(4);
      await pool.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('does not end the one that is kept for being idle', async () => {
    vi.useFakeTimers();
    try {
      const { pool, started } = poolOf();
      pool.keep('base');
      await vi.advanceTimersByTimeAsync(3_000);
      started[0]?.become('ready');
      pool.retire(performance.now() + 10_000_000);
      expect(started.map(({ state }) => state)).toEqual(['ready']);
      await pool.close();
    } finally {
      vi.useRealTimers();
    }
  });

  it('lets an attempt wait for the fork of the next child', async () => {
    const { pool, started } = poolOf();
    pool.warm('ada', 'base');
    started[0]?.become('forking');
    const taken = pool.take('ada', 'base');
    await settle();
    started[0]?.become('ready');
    expect(await taken).toBe(started[0]);
    await pool.close();
  });

  it('makes room by ending the least used of another key, and ends what is idle', async () => {
    const { pool, started } = poolOf({ total: 2 });
    pool.warm('ada', 'base');
    pool.warm('grace', 'base');
    started.forEach((zygote, at) => {
      zygote.become('ready');
      zygote.usedAt = at;
    });
    pool.warm('joan', 'base');
    await settle();
    expect(started.map(({ state }) => state)).toEqual(['gone', 'ready']);
    pool.warm('joan', 'base');
    expect(started).toHaveLength(3);
    pool.retire(10_000);
    expect(started[1]?.state).toBe('gone');
    expect(started[2]?.state, 'it still imports').toBe('importing');
    await pool.close();
  });

  it('starts none while memory is scarce, and ends the least used', async () => {
    let share = 1;
    const { pool, started } = poolOf({ share: () => share });
    pool.warm('ada', 'base');
    pool.warm('grace', 'base');
    started.forEach((zygote, at) => {
      zygote.become('ready');
      zygote.usedAt = at;
    });
    share = 0.01;
    pool.warm('joan', 'base');
    expect(started).toHaveLength(2);
    pool.retire(5);
    expect(started.map(({ state }) => state)).toEqual(['gone', 'ready']);
    await pool.close();
  });

  it('does not try again at once what failed to start, and says why', async () => {
    const { pool, started, refused } = poolOf();
    pool.warm('ada', 'base');
    started[0]?.become('gone', 'no mounts');
    await settle();
    expect(refused).toEqual(['no mounts']);
    expect(await pool.take('ada', 'base')).toBeNull();
    expect(started).toHaveLength(1);
    pool.retire(performance.now() + 120_000);
    expect(await pool.take('ada', 'base')).toBeNull();
    expect(started).toHaveLength(2);
    await pool.close();
  });
});
