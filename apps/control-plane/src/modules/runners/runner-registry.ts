/** The runners there are, by their heartbeats. Ignores what they execute, and keeps no time of its own. */
import { RUNNER_LOST_AFTER_MS } from '@ensemble/protocol';
import type { IsolationLevel, RunnerHeartbeat } from '@ensemble/protocol';
import type { RunnerCapacity } from './dispatcher.ts';

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

  /** `restarted`: another process of the same runner spoke before. */
  observe(heartbeat: RunnerHeartbeat, now: number): 'new' | 'restarted' | 'known' {
    const before = this.#runners.get(heartbeat.runnerId);
    this.#runners.set(heartbeat.runnerId, { heartbeat, lastSeen: now });
    if (!before) return 'new';
    return before.heartbeat.startedAt === heartbeat.startedAt ? 'known' : 'restarted';
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

  live(now: number): RunnerView[] {
    return [...this.#runners.values()].filter(({ heartbeat }) => !this.isLost(heartbeat.runnerId, now));
  }

  /** Returns those that were lost since the last call. */
  forgetLost(now: number): string[] {
    const lost = [...this.#runners.keys()].filter((runnerId) => this.isLost(runnerId, now));
    for (const runnerId of lost) this.#runners.delete(runnerId);
    return lost;
  }

  /** What the live ones can give. */
  capacity(now: number): RunnerCapacity[] {
    return this.live(now).map(({ heartbeat }) => {
      const { runnerId, pools, slots, cpus, memoryBytes, gpus, draining } = heartbeat;
      return { runnerId, pools, slots, cpus, memoryBytes, gpus, takes: !draining };
    });
  }

  /** It was removed: whatever it says from now on comes from a stranger. */
  forget(runnerId: string): void {
    this.#runners.delete(runnerId);
  }

  /** The strongest confinement that a runner of this moment offers; null without runners. */
  isolation(now: number): IsolationLevel | null {
    const levels = this.live(now).flatMap(({ heartbeat }) => heartbeat.engines.map((engine) => engine.isolation));
    return levels.sort()[0] ?? null;
  }
}
