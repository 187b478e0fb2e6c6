/**
 * Assignments that are committed and may not be on the work queue yet. Ignores which steps they come from.
 * The bus drops a second message of the same attempt, so publishing again is harmless.
 */
import type { Assignment } from '@ensemble/protocol';
import type { Bus } from '../../platform/bus/bus.ts';

export interface OutboxEntry {
  pool: string;
  sizeClass: string;
  assignment: Assignment;
}

export class AssignmentOutbox {
  readonly #bus: Pick<Bus, 'publishAssignment'>;
  readonly #entries = new Map<string, OutboxEntry>();

  constructor(bus: Pick<Bus, 'publishAssignment'>) {
    this.#bus = bus;
  }

  put(entry: OutboxEntry): void {
    this.#entries.set(entry.assignment.attemptId, entry);
  }

  /** The attempt was claimed or has ended. */
  remove(attemptId: string): void {
    this.#entries.delete(attemptId);
  }

  /** Publishes all. Rejects with the first failure after trying each; what failed stays for the next time. */
  async flush(): Promise<void> {
    const results = await Promise.allSettled(
      [...this.#entries].map(async ([attemptId, entry]) => {
        await this.#bus.publishAssignment(entry.pool, entry.sizeClass, 'interactive', entry.assignment);
        if (this.#entries.get(attemptId) === entry) this.#entries.delete(attemptId);
      }),
    );
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }
}
