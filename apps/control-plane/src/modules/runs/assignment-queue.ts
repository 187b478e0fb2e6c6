/**
 * Assignments that are committed and wait for a runner: hands them to the runners that the dispatcher chooses.
 * Ignores which steps they come from. A message that comes twice is harmless: whoever claims first executes it (RUN-6).
 */
import type { Assignment } from '@ensemble/protocol';
import type { Bus } from '../../platform/bus/bus.ts';
import { Dispatcher, queueNotes, type RunnerCapacity } from '../runners/index.ts';

export interface QueuedAssignment {
  attemptId: string;
  runId: string;
  projectId: string;
  need: Assignment['need'];
  interactive: boolean;
  assignment: Assignment;
}

type Handed = ReturnType<Dispatcher<QueuedAssignment>['place']>[number];

export class AssignmentQueue {
  readonly #bus: Pick<Bus, 'publishAssignment'>;
  readonly #now: () => number;
  /** Another process may have published the same attempts: its messages may be gone, and must not stand for ours. */
  readonly #epoch: string;
  readonly #dispatcher = new Dispatcher<QueuedAssignment>();
  /** Handed out and perhaps not on the bus yet. */
  readonly #unpublished = new Set<Handed>();
  #runners: readonly RunnerCapacity[] = [];

  constructor(bus: Pick<Bus, 'publishAssignment'>, now: () => number) {
    this.#bus = bus;
    this.#now = now;
    this.#epoch = now().toString(36);
  }

  put(entry: QueuedAssignment): void {
    this.#dispatcher.put(entry);
  }

  claimed(entry: QueuedAssignment, runnerId: string): void {
    this.#dispatcher.claimed(entry, runnerId, this.#now());
  }

  ended(attemptId: string): void {
    this.#dispatcher.ended(attemptId, this.#now());
  }

  /** Only these attempts of the run are live. */
  keepOnly(runId: string, live: ReadonlySet<string>): void {
    for (const { attemptId } of this.#dispatcher.ofRun(runId)) if (!live.has(attemptId)) this.ended(attemptId);
  }

  runEnded(runId: string): void {
    this.#dispatcher.runEnded(runId);
  }

  setRunners(runners: readonly RunnerCapacity[]): void {
    this.#runners = runners;
    this.#dispatcher.setRunners(runners);
  }

  /** The bus, or this runner, may have lost what it was given and has not claimed. */
  handOutAgain(runnerId?: string): void {
    this.#dispatcher.takeBack((placement) => runnerId === undefined || placement.runnerId === runnerId);
  }

  notes(): ReturnType<typeof queueNotes> {
    return queueNotes(this.#dispatcher, this.#runners);
  }

  /** Hands out what runners have room for. Rejects with the first failure after trying each; what failed stays for the next time. */
  async flush(): Promise<void> {
    for (const placement of this.#dispatcher.place(this.#now())) this.#unpublished.add(placement);
    const results = await Promise.allSettled([...this.#unpublished].map((placement) => this.#publish(placement)));
    const failed = results.find((result) => result.status === 'rejected');
    if (failed) throw failed.reason;
  }

  async #publish(placement: Handed): Promise<void> {
    const { entry, runnerId, number } = placement;
    if (this.#dispatcher.isPlaced(placement))
      await this.#bus.publishAssignment(runnerId, `${entry.attemptId}.${this.#epoch}.${number}`, entry.assignment);
    this.#unpublished.delete(placement);
  }
}
