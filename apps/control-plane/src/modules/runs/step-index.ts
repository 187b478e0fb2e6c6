/**
 * Where the steps of all active runs stand, by what is asked for: looking through all steps of all runs would take too long with
 * ten thousand of them. Follows from the runs; decides nothing.
 */
import type { Place } from './cache/flights.ts';
import type { Run, Step } from './run-model.ts';
import { liveAttemptOf } from './run-model.ts';

export interface RunningAttempt {
  runId: string;
  nodeId: string;
  attemptId: string;
  runnerId: string;
  cancelRequested: boolean;
}

export class StepIndex {
  readonly #places = new Map<string, Place>();
  readonly #running = new Map<string, RunningAttempt>();
  /** By run and node, as the next one. */
  readonly #retrying = new Map<string, Place & { retryAt: number }>();
  readonly #twins = new Map<string, Place>();

  placeOf(attemptId: string): Place | undefined {
    return this.#places.get(attemptId);
  }

  /** The attempts that runners execute. */
  running(): Iterable<RunningAttempt> {
    return this.#running.values();
  }

  /** Steps whose retry is due. */
  retriesDue(now: number): Place[] {
    return [...this.#retrying.values()].filter(({ retryAt }) => retryAt <= now);
  }

  /** Steps that wait for another run's result. */
  twins(): Iterable<Place> {
    return this.#twins.values();
  }

  put({ runId }: Run, step: Step): void {
    const { nodeId, phase } = step;
    const attemptId = liveAttemptOf(step);
    if (attemptId !== undefined) this.#places.set(attemptId, { runId, nodeId });
    if (phase.state === 'running') {
      const { runnerId, cancelRequested } = phase;
      this.#running.set(phase.attemptId, { runId, nodeId, attemptId: phase.attemptId, runnerId, cancelRequested });
    }
    const place = `${runId} ${nodeId}`;
    if (phase.state === 'queued' && phase.waitsFor === 'retry') this.#retrying.set(place, { runId, nodeId, retryAt: phase.retryAt });
    else this.#retrying.delete(place);
    if (phase.state === 'queued' && phase.waitsFor === 'twin') this.#twins.set(place, { runId, nodeId });
    else this.#twins.delete(place);
  }

  attemptEnded(attemptId: string): void {
    this.#places.delete(attemptId);
    this.#running.delete(attemptId);
  }

  /** What is known of the run's steps may be old. */
  forget(runId: string): void {
    for (const places of [this.#places, this.#running, this.#retrying, this.#twins])
      for (const [key, place] of places) if (place.runId === runId) places.delete(key);
  }
}
