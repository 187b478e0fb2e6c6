/**
 * Results on disk until the bus has confirmed them: a result survives the daemon and the bus.
 * Knows nothing of attempts beyond their id.
 *
 * RUN-OUT-1 a result is removed only after its publication was acknowledged.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { AttemptResult } from '@ensemble/protocol';

export interface ResultOutbox {
  /** Stores, then publishes until it is acknowledged. Rejects only when it could not be stored and the outbox was closed. */
  send(result: AttemptResult): Promise<void>;
  /** Publishes what an earlier daemon left. Settles at once; the sending goes on. */
  resume(): Promise<number>;
  /** Attempts whose results are not confirmed yet. */
  pending(): Iterable<string>;
  /** Stops retrying. What is left is sent by the next daemon. */
  close(): void;
}

const FIRST_RETRY_MS = 100;
const LAST_RETRY_MS = 2_000;

export async function openResultOutbox(
  folder: string,
  publish: (result: AttemptResult) => Promise<void>,
  onRetry: (result: AttemptResult, error: unknown) => void,
): Promise<ResultOutbox> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  let closed = false;
  const pending = new Set<string>();
  const fileOf = (result: AttemptResult): string =>
    join(folder, `${createHash('sha256').update(result.attemptId).digest('hex').slice(0, 32)}.json`);

  async function store(result: AttemptResult): Promise<void> {
    const file = fileOf(result);
    const handle = await open(`${file}.new`, 'w', 0o600);
    try {
      await handle.writeFile(JSON.stringify(result));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(`${file}.new`, file);
  }

  async function deliver(result: AttemptResult, stored?: Promise<void>): Promise<void> {
    pending.add(result.attemptId);
    for (let wait = FIRST_RETRY_MS; ; wait = Math.min(wait * 2, LAST_RETRY_MS)) {
      if (closed) throw new Error(`The result of attempt ${result.attemptId} waits for the next start of the runner.`);
      try {
        await publish(result);
        break;
      } catch (error) {
        onRetry(result, error);
        await new Promise((resolve) => setTimeout(resolve, wait).unref());
      }
    }
    pending.delete(result.attemptId);
    await stored;
    await rm(fileOf(result), { force: true });
  }

  return {
    pending: () => pending,
    send: async (result) => {
      // Both at once: nobody waits for the disk. On a full one the result still goes out; it only would not survive a crash.
      const stored = store(result).catch((error: unknown) => onRetry(result, error));
      await deliver(result, stored);
    },
    resume: async () => {
      const names = (await readdir(folder)).filter((name) => name.endsWith('.json'));
      for (const name of names) {
        const text = await readFile(join(folder, name), 'utf8');
        const parsed = AttemptResult.safeParse(JSON.parse(text || 'null'));
        if (parsed.success) deliver(parsed.data).catch(() => undefined);
        else await rm(join(folder, name), { force: true });
      }
      return names.length;
    },
    close: () => void (closed = true),
  };
}
