/** Collects entries while earlier ones are being written, and writes them together. Ignores what the entries are. */

export interface GroupCommitOptions<Entry, Result> {
  /** Writes a batch; one result per entry, in order. */
  write(batch: readonly Entry[]): Promise<Result[]>;
  sizeOf(entry: Entry): number;
  /** Batches on their way at once. One keeps rows in order of arrival. */
  maxInFlight: number;
  maxEntries: number;
  maxBytes: number;
  /** How long the first entry of a batch waits for company. */
  windowMs: number;
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
  let timer: NodeJS.Timeout | undefined;

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

  async function flush(): Promise<void> {
    timer = undefined;
    if (waiting.length === 0 || inFlight >= options.maxInFlight) return;
    const { batch, bytes } = take();
    const timeoutMs = options.timeoutMs(bytes);
    inFlight += 1;
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
      // What came in while this batch was being written has waited long enough.
      if (waiting.length > 0) void flush();
    }
  }

  return (entry) =>
    new Promise<Result>((resolve, reject) => {
      waiting.push({ entry, resolve, reject });
      if (inFlight < options.maxInFlight) timer ??= setTimeout(() => void flush(), options.windowMs);
    });
}
