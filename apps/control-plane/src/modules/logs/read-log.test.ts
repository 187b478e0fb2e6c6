import { createMemoryStore } from '@ensemble/artifact-store';
import { describe, expect, test } from 'vitest';
import { readLogRange, sizeOfLog } from './log-source.ts';
import { wholeCharacters } from './read-log.ts';

describe('ranges of logs', () => {
  const bytes = new TextEncoder().encode('aä€😀');
  test('no range ends inside a character', () => {
    for (let length = 1; length <= bytes.length; length++) {
      const range = wholeCharacters(bytes.subarray(0, length), false);
      expect(new TextDecoder('utf-8', { fatal: true }).decode(range).length).toBeGreaterThan(0);
    }
  });

  test('bytes that are no text are given out, so that reading gets on', () => {
    expect(wholeCharacters(Uint8Array.of(0xf0, 0x9f), false).length).toBe(2);
    expect(wholeCharacters(Uint8Array.of(0x80, 0x80, 0x80, 0x80), false).length).toBe(4);
    expect(wholeCharacters(new Uint8Array(), false).length).toBe(0);
  });
});

test('positions of a stored log are those of what was printed, also behind what was not kept', async () => {
  const artifacts = createMemoryStore();
  const printed = Array.from({ length: 300 }, (_, at) => `${at}\n`).join('');
  const gap = { start: 100, end: 700, lines: 150 };
  const { sha256, size } = await artifacts.put(new TextEncoder().encode(printed.slice(0, 100) + printed.slice(700)));
  const log = { sha256, bytes: size, truncated: true, gap };
  expect(sizeOfLog(log)).toBe(printed.length);
  const nobody = { readLog: async () => undefined, readMetrics: async () => undefined, watchAttempt: () => ({ stop: () => {} }) };
  for (const [from, starts] of [
    [0, 0],
    [50, 50],
    [99, 99],
    [100, 700],
    [699, 700],
    [700, 700],
    [900, 900],
    [5_000, printed.length],
  ] as const) {
    const range = (await readLogRange({ artifacts, bus: nobody }, { log, holder: undefined }, from, 80))!;
    expect(range.offset).toBe(starts);
    expect(new TextDecoder().decode(range.bytes)).toBe(printed.slice(starts, starts < 100 ? Math.min(100, starts + 80) : starts + 80));
  }
});
