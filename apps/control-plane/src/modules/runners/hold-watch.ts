/** Compares what runners say they hold with what they should hold (RUNNER-2). Ignores silence: that is the registry's. */

/** Beats in a row that may leave an attempt out: one can have been under way when it was claimed, one when it ended. */
const MISSES_ALLOWED = 2;

export class HoldWatch {
  readonly #misses = new Map<string, number>();

  /** `expected`: attempts that the database says this runner executes. Returns those it has lost. */
  beat(held: readonly string[], expected: readonly string[]): string[] {
    const holds = new Set(held);
    const lost: string[] = [];
    for (const attemptId of expected) {
      const misses = holds.has(attemptId) ? 0 : (this.#misses.get(attemptId) ?? 0) + 1;
      this.#misses.set(attemptId, misses);
      if (misses > MISSES_ALLOWED) lost.push(attemptId);
    }
    return lost;
  }

  /** The attempt has ended, or its result has been seen. */
  forget(attemptId: string): void {
    this.#misses.delete(attemptId);
  }
}
