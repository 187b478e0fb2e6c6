/** The runners there are, by their heartbeats. Ignores what they execute, and keeps no time of its own. */
import { RUNNER_LOST_AFTER_MS } from '@ensemble/protocol';
import type { IsolationLevel, RunnerHeartbeat } from '@ensemble/protocol';

export interface RunnerView {
  heartbeat: RunnerHeartbeat;
  /** Milliseconds since 1970. */
  lastSeen: number;
}

export class RunnerRegistry {
  readonly #runners = new Map<string, RunnerView>();
  #listeningSince: number;

  constructor(now: number) {
    this.#listeningSince = now;
  }

  observe(heartbeat: RunnerHeartbeat, now: number): void {
    this.#runners.set(heartbeat.runnerId, { heartbeat, lastSeen: now });
  }

  /** Nothing could be heard until now, whoever spoke (RUNNER-1). */
  heardNothingUntil(now: number): void {
    this.#listeningSince = now;
  }

  /** Holds for runners never heard of, too. */
  isLost(runnerId: string, now: number): boolean {
    const lastSeen = this.#runners.get(runnerId)?.lastSeen ?? 0;
    return now - Math.max(lastSeen, this.#listeningSince) > RUNNER_LOST_AFTER_MS;
  }

  /** Forgets the lost. */
  live(now: number): RunnerView[] {
    for (const runnerId of this.#runners.keys()) if (this.isLost(runnerId, now)) this.#runners.delete(runnerId);
    return [...this.#runners.values()];
  }

  /** The strongest confinement that a runner of this moment offers; null without runners. */
  isolation(now: number): IsolationLevel | null {
    const levels = this.live(now).flatMap(({ heartbeat }) => heartbeat.engines.map((engine) => engine.isolation));
    return levels.sort()[0] ?? null;
  }
}
