/** Collects entries while earlier ones are being written, and writes them together. Ignores what the entries are. */

export interface GroupCommitOptions<Entry, Result> {
  /** Writes a batch; one result per entry, in order. */
  write(batch: readonly Entry[]): Promise<Result[]>;
  sizeOf(entry: Entry): number;
  /** Batches on their way at once. One keeps rows in order of arrival. */
  maxInFlight: number;
  maxEntries: number;
  maxBytes: number;
  /** Least time from one batch to the next: who comes after a pause is written at once, who comes in a crowd goes with it. */
  spacingMs: number;
  /** A batch of so many bytes that takes longer is given up: its entries are rejected, though it may still be written. */
  timeoutMs(bytes: number): number;
}

interface Waiting<Entry, Result> {
  entry: Entry;
  resolve(result: Result): void;
  reject(error: unknown): void;
}

export function createGroupCommit<Entry, Result>(options: GroupCommitOptions<Entry, Result>): (entry: Entry) => Promise<Result> {
  const waiting: Waiting<Entry, Result>[] = [];
  let inFlight = 0;
  let nextAt = 0;
  let scheduled = false;

  function take(): { batch: Waiting<Entry, Result>[]; bytes: number } {
    let bytes = 0;
    let count = 0;
    while (count < waiting.length && count < options.maxEntries) {
      const size = options.sizeOf(waiting[count]!.entry);
      if (count > 0 && bytes + size > options.maxBytes) break;
      bytes += size;
      count += 1;
    }
    return { batch: waiting.splice(0, count), bytes };
  }

  function schedule(): void {
    if (scheduled || waiting.length === 0 || inFlight >= options.maxInFlight) return;
    scheduled = true;
    const delayMs = nextAt - performance.now();
    // Not in this turn: what the sockets read in it goes together.
    if (delayMs > 0) setTimeout(() => void flush(), delayMs);
    else setImmediate(() => void flush());
  }

  async function flush(): Promise<void> {
    scheduled = false;
    nextAt = performance.now() + options.spacingMs;
    const { batch, bytes } = take();
    inFlight += 1;
    schedule();
    const timeoutMs = options.timeoutMs(bytes);
    let timeout: NodeJS.Timeout | undefined;
    try {
      const late = new Promise<never>((_, reject) => {
        timeout = setTimeout(() => reject(new Error(`The journal took longer than ${timeoutMs} ms.`)), timeoutMs);
      });
      const results = await Promise.race([options.write(batch.map(({ entry }) => entry)), late]);
      batch.forEach((item, index) => item.resolve(results[index]!));
    } catch (error) {
      for (const item of batch) item.reject(error);
    } finally {
      clearTimeout(timeout);
      inFlight -= 1;
      schedule();
    }
  }

  return (entry) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      schedule();
    });
}
