/**
 * Attempts that wait for a runner, and whose turn is next (RUNNER-4). Pure: knows neither runners nor time.
 *
 * Start-time fair queueing over project → run: who has had the least of the runners' time so far is next. What it had is
 * reckoned in milliseconds, estimated when an attempt is handed out and corrected when it ends, so that a thousand short
 * cards and ten long ones count for what they cost. Who comes back after a pause starts level with the others.
 */
import type { Need } from '@ensemble/protocol';

export interface WaitingAttempt {
  attemptId: string;
  runId: string;
  projectId: string;
  need: Need;
  /** Somebody is looking: it counts for a quarter, and within its project it goes before what is not. */
  interactive: boolean;
}

interface RunShare<T> {
  served: number;
  interactive: boolean;
  /** First come, first served among those that need the same. */
  groups: Map<string, Map<string, T>>;
}

interface ProjectShare<T> {
  served: number;
  /** Handed out and not ended. */
  out: number;
  /** What an attempt of it is expected to take, in milliseconds. */
  estimate: number;
  runs: Map<string, RunShare<T>>;
}

const FIRST_ESTIMATE_MS = 1_000;
/** Weight of the newest duration in the estimate. */
const LEARNING = 0.2;

/** Attempts with the same key fit on the same runners. */
export const needKey = ({ pool, cpus, memoryBytes, gpus }: Need): string => `${pool} ${cpus ?? ''} ${memoryBytes ?? ''} ${gpus}`;

export class FairQueue<T extends WaitingAttempt> {
  readonly #projects = new Map<string, ProjectShare<T>>();
  readonly #waiting = new Map<string, T>();

  get size(): number {
    return this.#waiting.size;
  }

  values(): IterableIterator<T> {
    return this.#waiting.values();
  }

  add(entry: T): void {
    const project = this.#project(entry.projectId);
    const { runs } = project;
    let run = runs.get(entry.runId);
    if (!run) {
      const level = least([...runs.values()].filter((other) => other.interactive === entry.interactive));
      runs.set(entry.runId, (run = { served: level, interactive: entry.interactive, groups: new Map() }));
    }
    const key = needKey(entry.need);
    const group = run.groups.get(key);
    if (group) group.set(entry.attemptId, entry);
    else run.groups.set(key, new Map([[entry.attemptId, entry]]));
    this.#waiting.set(entry.attemptId, entry);
  }

  /** It does not wait any more, for whatever reason. */
  remove(attemptId: string): void {
    const entry = this.#waiting.get(attemptId);
    if (!entry) return;
    this.#waiting.delete(attemptId);
    const project = this.#projects.get(entry.projectId)!;
    const run = project.runs.get(entry.runId)!;
    const key = needKey(entry.need);
    const group = run.groups.get(key)!;
    group.delete(attemptId);
    if (group.size === 0) run.groups.delete(key);
    if (run.groups.size === 0) project.runs.delete(entry.runId);
    this.#forgetIdle(entry.projectId);
  }

  /** Takes it out and charges what it is expected to cost. Returns that, for `settle`. */
  take(entry: T): number {
    const project = this.#projects.get(entry.projectId)!;
    const cost = project.estimate * weightOf(entry);
    project.out += 1;
    project.served += cost;
    project.runs.get(entry.runId)!.served += cost;
    this.remove(entry.attemptId);
    return cost;
  }

  /** What was handed out has come to an end. `spentMs` undefined: it was never executed. */
  settle(entry: T, charged: number, spentMs: number | undefined): void {
    const { projectId, runId } = entry;
    const project = this.#project(projectId);
    const correction = (spentMs ?? 0) * weightOf(entry) - charged;
    project.out = Math.max(0, project.out - 1);
    project.served += correction;
    const run = project.runs.get(runId);
    if (run) run.served += correction;
    if (spentMs !== undefined) project.estimate += LEARNING * (spentMs - project.estimate);
    this.#forgetIdle(projectId);
  }

  /** It is being executed already, as after a start of the control plane: only that is known of it. */
  goesOn(projectId: string): void {
    this.#project(projectId).out += 1;
  }

  /** Those whose turn it is, in order, as if each were handed out; without those whose `needKey` is in `skipped`, which may grow. */
  *inTurn(skipped: ReadonlySet<string>): Generator<T> {
    const served = new Map<object, number>();
    const seen = new Map<string, Iterator<T>>();
    const of = (share: { served: number }): number => served.get(share) ?? share.served;
    const spent = new Set<object>();
    for (;;) {
      const project = first(
        [...this.#projects.values()].filter((candidate) => candidate.runs.size > 0 && !spent.has(candidate)),
        of,
      );
      if (!project) return;
      const runs = [...project.runs].filter(([, run]) => !spent.has(run));
      const picked = first(
        runs.map(([runId, run]) => ({ runId, run, served: run.served })),
        ({ run }) => of(run) - (run.interactive ? Number.MAX_SAFE_INTEGER : 0),
      );
      if (!picked) {
        spent.add(project);
        continue;
      }
      const { runId, run } = picked;
      const entry = this.#nextOf(run, runId, seen, skipped);
      if (!entry) {
        spent.add(run);
        continue;
      }
      const cost = project.estimate * weightOf(entry);
      served.set(project, of(project) + cost);
      served.set(run, of(run) + cost);
      yield entry;
    }
  }

  #nextOf(run: RunShare<T>, runId: string, seen: Map<string, Iterator<T>>, skipped: ReadonlySet<string>): T | undefined {
    for (const [key, group] of run.groups) {
      if (skipped.has(key)) continue;
      const place = `${runId} ${key}`;
      let iterator = seen.get(place);
      if (!iterator) seen.set(place, (iterator = group.values()));
      const { value, done } = iterator.next();
      if (done !== true) return value;
    }
    return undefined;
  }

  #project(projectId: string): ProjectShare<T> {
    let project = this.#projects.get(projectId);
    if (!project) {
      project = { served: least(this.#projects.values()), out: 0, estimate: FIRST_ESTIMATE_MS, runs: new Map() };
      this.#projects.set(projectId, project);
    }
    return project;
  }

  #forgetIdle(projectId: string): void {
    const project = this.#projects.get(projectId)!;
    if (project.out === 0 && project.runs.size === 0) this.#projects.delete(projectId);
  }
}

const INTERACTIVE_WEIGHT = 0.25;
const weightOf = ({ interactive }: WaitingAttempt): number => (interactive ? INTERACTIVE_WEIGHT : 1);

const least = (shares: Iterable<{ served: number }>): number => {
  const all = [...shares].map((share) => share.served);
  return all.length === 0 ? 0 : Math.min(...all);
};

function first<S extends { served: number }>(shares: readonly S[], of: (share: S) => number): S | undefined {
  let best: S | undefined;
  for (const share of shares) if (best === undefined || of(share) < of(best)) best = share;
  return best;
}
