/** Random numbers that a seed repeats (mulberry32). Not for secrets. */
export interface SeededRandom {
  readonly seed: number;
  /** 0 ≤ x < 1 */
  next(): number;
  /** 0 ≤ n < below */
  integer(below: number): number;
  pick<T>(values: readonly T[]): T;
}

/** Without a seed one is made from the clock. Print `seed` in whatever fails. */
export function seededRandom(seed: number = Date.now() >>> 0): SeededRandom {
  let state = seed >>> 0;
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  const integer = (below: number): number => Math.floor(next() * below);
  return { seed, next, integer, pick: (values) => values[integer(values.length)]! };
}
