import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createMemoryStore } from '@ensemble/artifact-store';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { LogFile, storeLeftLogs } from './log-file.ts';

let root = '';
beforeEach(() => void (root = mkdtempSync(join(tmpdir(), 'log-file-'))));
afterEach(() => rmSync(root, { recursive: true, force: true }));

const owner = { attemptId: 'a', runId: 'r', nodeId: 'n' };
const limits = { partBytes: 100, headParts: 2, tailParts: 3 };

/** mulberry32 */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

describe('the log of an attempt', () => {
  it('gives back any range of a short one, makes nothing without a byte, and leaves nothing behind', async () => {
    const silent = new LogFile(join(root, 'silent'), owner, limits);
    expect(await silent.store(createMemoryStore())).toBeNull();
    const log = new LogFile(join(root, 'one'), owner, limits);
    log.append(Buffer.from('hello '));
    log.append(Buffer.from('world'));
    expect(log.range(6, 3).bytes.toString()).toBe('wor');
    expect(log.range(11, 5)).toEqual({ offset: 11, bytes: Buffer.alloc(0) });
    const store = createMemoryStore();
    const stored = await log.store(store);
    expect(stored).toMatchObject({ bytes: 11, truncated: false });
    expect(Buffer.from(await store.readAll(stored!.sha256, 100)).toString()).toBe('hello world');
    log.remove();
    silent.remove();
    expect(readdirSync(root)).toEqual([]);
    log.append(Buffer.from('too late'));
    expect(readdirSync(root)).toEqual([]);
  });

  it('keeps beginning and end of any log, knows what lies between, and every kept position reads as it was printed', async () => {
    const seed = Number(process.env['ENSEMBLE_SEED'] ?? 20_261_122);
    const next = random(seed);
    let gaps = 0;
    for (let round = 0; round < 40; round += 1) {
      const where = `seed ${seed}, round ${round}`;
      const log = new LogFile(join(root, String(round)), owner, limits);
      const pieces: Buffer[] = [];
      for (let piece = 0; piece < 30; piece += 1) {
        const bytes = Buffer.from(Array.from({ length: Math.floor(next() * next() * 150) }, () => (next() < 0.1 ? 10 : 97 + next() * 26)));
        pieces.push(bytes);
        log.append(bytes);
      }
      const whole = Buffer.concat(pieces);
      const store = createMemoryStore();
      const { sha256, bytes, gap, truncated } = (await log.store(store))!;
      const kept = Buffer.from(await store.readAll(sha256, 10_000));
      expect(log.size, where).toBe(whole.length);
      expect(truncated, where).toBe(gap !== undefined);
      const expected = gap ? Buffer.concat([whole.subarray(0, gap.start), whole.subarray(gap.end)]) : whole;
      expect(kept.equals(expected), where).toBe(true);
      expect(bytes, where).toBe(kept.length);
      expect(kept.length, where).toBeLessThanOrEqual(100 * (2 + 3 + 1));
      if (gap) {
        gaps += 1;
        expect(gap.start, where).toBe(200);
        expect(whole.length - gap.end, where).toBeGreaterThanOrEqual(300);
        expect(gap.lines, where).toBe(whole.subarray(gap.start, gap.end).filter((byte) => byte === 10).length);
      }
      for (let look = 0; look < 10; look += 1) {
        const at = Math.floor(next() * whole.length);
        const range = log.range(at, 250);
        expect(range.bytes.equals(whole.subarray(range.offset, range.offset + range.bytes.length)), where).toBe(true);
        expect(range.offset, where).toBe(gap && at >= gap.start && at < gap.end ? gap.end : at);
        expect(range.bytes.length, where).toBeGreaterThan(0);
      }
      log.remove();
    }
    expect(gaps).toBeGreaterThan(10);
  });

  it('of a killed daemon is stored by the next one, gap and all', async () => {
    const log = new LogFile(join(root, 'x'), owner, limits);
    for (let at = 0; at < 100; at += 1) log.append(Buffer.from(`line ${at}\n`));
    const store = createMemoryStore();
    const [left, ...others] = await storeLeftLogs(root, store, limits);
    expect(others).toEqual([]);
    expect(left).toMatchObject({ owner, log: { truncated: true, gap: { start: 200, end: 400 } } });
    const text = Buffer.from(await store.readAll(left!.log.sha256, 10_000)).toString();
    expect(text.startsWith('line 0\n') && text.endsWith('line 99\n')).toBe(true);
    expect(readdirSync(root)).toEqual([]);
    log.remove();
  });

  it('leaves out what the disk does not take, and says so', async () => {
    const blocked = join(root, 'file');
    writeFileSync(blocked, '');
    const log = new LogFile(join(blocked, 'log'), owner, limits);
    log.append(Buffer.from('lost'));
    expect([log.size, await log.store(createMemoryStore())]).toEqual([0, null]);
  });
});
