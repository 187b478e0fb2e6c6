/** Random numbers that a seed repeats (mulberry32). Not for secrets. */
export interface SeededRandom {
  readonly seed: number;
  /** 0 ≤ x < 1 */
  next(): number;
  /** 0 ≤ n < below */
  integer(below: number): number;
  pick<T>(values: readonly T[]): T;
}

const given = process.env.ENSEMBLE_SEED;
/** The same in every run that must not surprise; from the clock in the long runs that look for more. */
const DEFAULT_SEED = given === undefined ? (process.env.ENSEMBLE_LONG === '1' ? Date.now() >>> 0 : 20_261_122) : Number(given);

/** Print `seed` in whatever fails; ENSEMBLE_SEED sets it where a test asks for none. */
export function seededRandom(seed: number = DEFAULT_SEED): SeededRandom {
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
