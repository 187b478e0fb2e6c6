import { afterEach, expect, test, vi } from 'vitest';
import { createGroupCommit } from './group-commit.ts';

interface Batch {
  entries: number[];
  finish: PromiseWithResolvers<string[]>;
}

afterEach(() => void vi.useRealTimers());

function setUp({ timeoutMs = 1_000, ...options }: { maxInFlight?: number; spacingMs?: number; timeoutMs?: number } = {}) {
  const batches: Batch[] = [];
  const append = createGroupCommit<number, string>({
    write(entries) {
      const finish = Promise.withResolvers<string[]>();
      batches.push({ entries: [...entries], finish });
      return finish.promise;
    },
    sizeOf: (entry) => entry,
    maxInFlight: 1,
    maxEntries: 3,
    maxBytes: 100,
    spacingMs: 1,
    timeoutMs: () => timeoutMs,
    ...options,
  });
  const settle = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 10));
  return { batches, append, settle };
}

const answer = (batch: Batch | undefined): void => batch!.finish.resolve(batch!.entries.map((entry) => `r${entry}`));

test('entries that come while a batch is being written go together in the next, and each gets its own result', async () => {
  const { batches, append, settle } = setUp();
  const first = append(1);
  await settle();
  const rest = [append(2), append(3)];
  await settle();
  expect(batches.map((batch) => batch.entries)).toEqual([[1]]);
  answer(batches[0]);
  expect(await first).toBe('r1');
  await settle();
  expect(batches.map((batch) => batch.entries)).toEqual([[1], [2, 3]]);
  answer(batches[1]);
  expect(await Promise.all(rest)).toEqual(['r2', 'r3']);
});

test('who comes after a pause is written at once; who comes in a crowd goes together, one batch per spacing', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setImmediate', 'performance'] });
  const { batches, append } = setUp({ maxInFlight: 4, spacingMs: 20 });
  const written = () => batches.map((batch) => batch.entries);
  void append(1);
  await vi.advanceTimersByTimeAsync(0);
  expect(written()).toEqual([[1]]);
  void append(2);
  await vi.advanceTimersByTimeAsync(10);
  void append(3);
  await vi.advanceTimersByTimeAsync(9);
  expect(written()).toEqual([[1]]);
  await vi.advanceTimersByTimeAsync(1);
  expect(written()).toEqual([[1], [2, 3]]);
  await vi.advanceTimersByTimeAsync(20);
  void append(4);
  await vi.advanceTimersByTimeAsync(0);
  expect(written()).toEqual([[1], [2, 3], [4]]);
});

test('a batch stays under both bounds, but one entry that is too big alone still goes', async () => {
  const { batches, append, settle } = setUp();
  const all = [150, 60, 60, 1, 1, 1, 1].map(append);
  for (let index = 0; index < 5; index += 1) {
    await settle();
    answer(batches.at(-1));
  }
  await Promise.all(all);
  expect(batches.map((batch) => batch.entries)).toEqual([[150], [60], [60, 1, 1], [1, 1]]);
});

test('a batch that fails rejects its own entries only', async () => {
  const { batches, append, settle } = setUp({ maxInFlight: 2 });
  const first = append(1);
  await settle();
  const second = append(2);
  await settle();
  expect(batches).toHaveLength(2);
  batches[0]!.finish.reject(new Error('no disk'));
  answer(batches[1]);
  await expect(first).rejects.toThrow('no disk');
  expect(await second).toBe('r2');
});

test('a batch that hangs is given up and does not stop those after it', async () => {
  const { batches, append, settle } = setUp({ timeoutMs: 30 });
  const hung = append(1);
  const refused = hung.catch((error: Error) => error.message);
  await settle();
  const next = append(2);
  expect(await refused).toContain('longer than 30 ms');
  await settle();
  answer(batches[1]);
  expect(await next).toBe('r2');
});
