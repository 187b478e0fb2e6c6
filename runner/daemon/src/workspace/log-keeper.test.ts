import { describe, expect, it } from 'vitest';
import { LogKeeper } from './log-keeper.ts';

/** A small seeded generator, so that a failing case can be had again. */
function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

describe('LogKeeper', () => {
  it('keeps a short log whole and answers ranges of it', () => {
    const log = new LogKeeper(10, 10);
    log.append(Buffer.from('hello '));
    log.append(Buffer.from('world'));
    expect(log.finish()).toEqual({ bytes: Buffer.from('hello world'), truncated: false });
    expect(log.range(6, 3).bytes.toString()).toBe('worl'.slice(0, 3));
    expect(log.range(11, 5)).toEqual({ offset: 11, bytes: Buffer.alloc(0) });
  });

  it('keeps head and end of any log and says what it left out', () => {
    const seed = Number(process.env['ENSEMBLE_SEED'] ?? 20_261_122);
    const next = random(seed);
    for (let round = 0; round < 30; round += 1) {
      const [headBytes, tailBytes] = [Math.floor(next() * 5_000), Math.floor(next() * 200_000)];
      const log = new LogKeeper(headBytes, tailBytes);
      const pieces: Buffer[] = [];
      for (let piece = 0; piece < 40; piece += 1) {
        const bytes = Buffer.alloc(Math.floor(next() * next() * 60_000), 65 + (piece % 26));
        pieces.push(bytes);
        log.append(bytes);
      }
      const whole = Buffer.concat(pieces);
      const { bytes, truncated } = log.finish();
      const where = `seed ${seed}, round ${round}`;
      expect(log.size, where).toBe(whole.length);
      expect(bytes.subarray(0, headBytes).equals(whole.subarray(0, headBytes)), where).toBe(true);
      const end = Math.min(tailBytes, whole.length);
      expect(bytes.subarray(bytes.length - end).equals(whole.subarray(whole.length - end)), where).toBe(true);
      expect(truncated, where).toBe(bytes.toString().includes('bytes of the log left out'));
      expect(bytes.length, where).toBeLessThan(headBytes + tailBytes + 3 * 64 * 1024 + 60);
      const at = Math.floor(next() * whole.length);
      const range = log.range(at, 1_000);
      expect(range.bytes.equals(whole.subarray(range.offset, range.offset + range.bytes.length)), where).toBe(true);
      expect(range.bytes.length > 0 || at >= whole.length, where).toBe(true);
    }
  });
});
