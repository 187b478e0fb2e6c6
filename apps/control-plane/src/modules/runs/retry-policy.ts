/** When a step that failed gets another attempt, and when that attempt is due. Knows nothing of runs. */

/** Attempts in all when it was never the card's fault. */
const MAX_ATTEMPTS_AFTER_LOSS = 3;
const FIRST_DELAY_MS = 500;
const LONGEST_DELAY_MS = 30_000;

/** May a step go on that lost this many attempts to machines? */
export const mayRetryAfterLoss = (losses: number): boolean => losses < MAX_ATTEMPTS_AFTER_LOSS;

/** May a step go on whose card failed this often, when the card allows `retries`? */
export const mayRetryAfterCardFailure = (cardFailures: number, retries: number): boolean => cardFailures <= retries;

/**
 * Doubling back-off with full jitter over its upper half, so that steps of one lost runner do not come back together.
 * `failures` ≥ 1, `random` in [0, 1). Milliseconds.
 */
export function retryDelayMs(failures: number, random: number): number {
  const ceiling = Math.min(LONGEST_DELAY_MS, FIRST_DELAY_MS * 2 ** (failures - 1));
  return Math.round(ceiling * (0.5 + random / 2));
}
