export interface TokenBucket {
  /** Takes the tokens, or returns false and takes none. */
  take(tokens: number): boolean;
}

/** Allows `perSecond` on average and `burst` at once. `now` in milliseconds. */
export function createTokenBucket({ perSecond, burst, now }: { perSecond: number; burst: number; now: () => number }): TokenBucket {
  let tokens = burst;
  let at = now();
  return {
    take(wanted) {
      const time = now();
      tokens = Math.min(burst, tokens + (Math.max(0, time - at) / 1000) * perSecond);
      at = time;
      if (wanted > tokens) return false;
      tokens -= wanted;
      return true;
    },
  };
}
