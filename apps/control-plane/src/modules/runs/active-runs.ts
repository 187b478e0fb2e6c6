/**
 * Applies events to runs, one at a time per run: decide, commit in one transaction, and only then act.
 * Ignores what the events mean and where they come from.
 */
import type { Bus } from '../../platform/bus/bus.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { isFinalRunState } from '@ensemble/protocol';
import type { RunnerCapacity } from '../runners/index.ts';
import { AssignmentQueue, type QueuedAssignment } from './assignment-queue.ts';
import { buildStepSpec } from './build-step-spec.ts';
import type { Artifacts, Clock, Log } from './ports.ts';
import type { Decision, RunEffect, RunEvent } from './run-lifecycle.ts';
import { decide } from './run-lifecycle.ts';
import type { Run, Step } from './run-model.ts';
import { liveAttemptOf } from './run-model.ts';
import type { LoadedRun } from './run-repository.ts';
import { loadRun, saveDecision, StaleRunError } from './run-repository.ts';

export interface ActiveRunsPorts {
  database: Database;
  bus: Pick<Bus, 'publishAssignment' | 'cancel' | 'endDelivery'>;
  artifacts: Pick<Artifacts, 'put'>;
  clock: Clock;
  newId(): string;
  random(): number;
  log: Log;
  /** Called after a commit, in the order of commits of one run. */
  onCommitted(loaded: LoadedRun, changed: ReadonlySet<string>, runChanged: boolean): void;
  /** A retry is due then. The database remembers it too. */
  onRetryAt(at: number): void;
}

interface Waiting {
  event: RunEvent;
  done: { resolve(run: Run | undefined): void; reject(error: unknown): void };
}

interface Entry {
  runId: string;
  loaded: LoadedRun | undefined;
  mailbox: Waiting[];
  busy: boolean;
}

/** Decided, with the step specs stored; what remains is to commit it. */
export interface Prepared {
  decision: Decision;
  /** Spec hash by attempt id. */
  specs: ReadonlyMap<string, string>;
  now: number;
}

export interface RunningAttempt {
  runId: string;
  nodeId: string;
  attemptId: string;
  runnerId: string;
  cancelRequested: boolean;
}

/** Runs of so few steps are somebody's who looks on: they go before the larger ones of the same project. */
const INTERACTIVE_STEPS = 20;

export class ActiveRuns {
  readonly #ports: ActiveRunsPorts;
  readonly #queue: AssignmentQueue;
  readonly #entries = new Map<string, Entry>();
  readonly #places = new Map<string, { runId: string; nodeId: string }>();
  /** Attempts that runners execute, by id: looking through all steps of all runs would take too long with ten thousand of them. */
  readonly #running = new Map<string, RunningAttempt>();
  /** Steps that wait for a retry, by run and node. */
  readonly #retrying = new Map<string, { runId: string; nodeId: string; retryAt: number }>();
  readonly #inFlight = new Set<Promise<unknown>>();
  /** Runs whose last commit failed, or may have: only the database can tell. */
  readonly #forgotten = new Set<string>();
  /** Attempts whose runner was asked to end them and has not answered. */
  readonly #cancelling = new Set<string>();
  #stopped = false;

  constructor(ports: ActiveRunsPorts) {
    this.#ports = ports;
    this.#queue = new AssignmentQueue(ports.bus, () => ports.clock.now());
  }

  /**
   * Resolves with the run once everything that follows from the event is in the database; undefined when there is no such run.
   * Rejects when it could not be committed: then nothing has happened.
   */
  apply(runId: string, event: RunEvent): Promise<Run | undefined> {
    if (this.#stopped) return Promise.reject(new Error('The orchestrator is stopping.'));
    const { promise, resolve, reject } = Promise.withResolvers<Run | undefined>();
    const entry = this.#entry(runId);
    entry.mailbox.push({ event, done: { resolve, reject } });
    if (!entry.busy) this.#track(this.#work(entry));
    return promise;
  }

  /**
   * Starts a run that is not in the database yet: `insert` writes its rows in the transaction of its first decision,
   * so that a run exists either with its first assignments or not at all.
   */
  async begin(fresh: Omit<LoadedRun, 'row'>, insert: (sql: Sql) => Promise<LoadedRun['row']>): Promise<LoadedRun> {
    if (this.#stopped) throw new Error('The orchestrator is stopping.');
    const prepared = await this.#prepare(fresh, [{ kind: 'started' }]);
    const work = this.#ports.database.transaction(async (sql) => {
      const inserted = await insert(sql);
      await this.#save(sql, fresh.run, prepared);
      return inserted;
    });
    const row = await work.catch((error: unknown) => {
      this.#forgotten.add(fresh.run.runId);
      throw error;
    });
    return this.#committed(this.#entry(fresh.run.runId), { ...fresh, row }, prepared);
  }

  /** Brings a run into memory, as after a start of the control plane: its assigned attempts are published again. */
  async recover(runId: string): Promise<LoadedRun | undefined> {
    await this.apply(runId, { kind: 'started' });
    return this.peek(runId);
  }

  /** Runs that have to be recovered, because what their last commit came to is not known. */
  forgotten(): ReadonlySet<string> {
    return this.#forgotten;
  }

  /** The run as last committed, while it is unfinished and known here. */
  peek(runId: string): LoadedRun | undefined {
    return this.#entries.get(runId)?.loaded;
  }

  all(): LoadedRun[] {
    return [...this.#entries.values()].flatMap((entry) => entry.loaded ?? []);
  }

  placeOf(attemptId: string): { runId: string; nodeId: string } | undefined {
    return this.#places.get(attemptId);
  }

  /** The attempts that runners execute. */
  running(): Iterable<RunningAttempt> {
    return this.#running.values();
  }

  /** Steps whose retry is due. */
  retriesDue(now: number): { runId: string; nodeId: string }[] {
    return [...this.#retrying.values()].filter(({ retryAt }) => retryAt <= now);
  }

  /** The bus was wiped or may have been: what was handed out and is not claimed is handed out again. */
  async republishAll(): Promise<void> {
    this.#queue.handOutAgain();
    await this.publishWaiting();
  }

  /** The same for one runner, that was started anew. */
  handOutAgain(runnerId: string): void {
    this.#queue.handOutAgain(runnerId);
    this.#flush();
  }

  /** Hands out what runners have room for, and what could not be published before. */
  publishWaiting(): Promise<void> {
    return this.#queue.flush();
  }

  /** Who there is to execute anything. */
  setRunners(runners: readonly RunnerCapacity[]): void {
    this.#queue.setRunners(runners);
    this.#flush();
  }

  /** Why attempts still wait, by attempt. */
  queueNotes(): ReturnType<AssignmentQueue['notes']> {
    return this.#queue.notes();
  }

  /** Asks the runner again to end an attempt that should have ended. */
  cancelAgain(runnerId: string, attemptId: string): void {
    if (this.#cancelling.has(attemptId)) return;
    this.#cancelling.add(attemptId);
    const request = this.#ports.bus.cancel(runnerId, attemptId).finally(() => this.#cancelling.delete(attemptId));
    this.#act(request, 'An attempt could not be cancelled at its runner', { runnerId, attemptId });
  }

  /** True when nothing that was taken is still under way. */
  isIdle(): boolean {
    return this.#inFlight.size === 0;
  }

  /** Takes no more events; resolves when those already taken are committed or refused. */
  async stop(): Promise<void> {
    this.#stopped = true;
    while (this.#inFlight.size > 0) await Promise.allSettled(this.#inFlight);
  }

  #entry(runId: string): Entry {
    let entry = this.#entries.get(runId);
    if (!entry) this.#entries.set(runId, (entry = { runId, loaded: undefined, mailbox: [], busy: false }));
    return entry;
  }

  async #work(entry: Entry): Promise<void> {
    entry.busy = true;
    try {
      while (entry.mailbox.length > 0) await this.#take(entry, entry.mailbox.splice(0));
    } finally {
      entry.busy = false;
      this.#dropWhenOver(entry);
    }
  }

  /** Events that arrived together are committed together; if that fails, each on its own, so that one cannot block the others. */
  async #take(entry: Entry, batch: Waiting[]): Promise<void> {
    try {
      const run = await this.#decideAndCommit(
        entry,
        batch.map((waiting) => waiting.event),
      );
      for (const { done } of batch) done.resolve(run);
    } catch (error) {
      if (batch.length > 1) for (const waiting of batch) await this.#take(entry, [waiting]);
      else batch[0]!.done.reject(error);
    }
  }

  async #decideAndCommit(entry: Entry, events: readonly RunEvent[]): Promise<Run | undefined> {
    for (let tries = 0; ; tries++) {
      const loaded = (entry.loaded ??= await this.#load(entry.runId));
      if (!loaded) return undefined;
      try {
        const prepared = await this.#prepare(loaded, events);
        const { decision } = prepared;
        if (decision.runChanged || decision.changed.size > 0) {
          await this.#ports.database.transaction((sql) => this.#save(sql, loaded.run, prepared));
        }
        this.#committed(entry, loaded, prepared);
        return decision.run;
      } catch (error) {
        entry.loaded = undefined;
        this.#forgotten.add(entry.runId);
        if (!(error instanceof StaleRunError) || tries >= 2) throw error;
      }
    }
  }

  async #load(runId: string): Promise<LoadedRun | undefined> {
    const loaded = await loadRun(this.#ports.database.sql, runId);
    this.#forgotten.delete(runId);
    this.#forgetPlaces(runId);
    if (loaded) this.#index(loaded, loaded.run.steps.keys());
    this.#queue.keepOnly(runId, new Set(loaded?.specHashes.keys()));
    return loaded;
  }

  async #prepare(loaded: Pick<LoadedRun, 'run' | 'version'>, events: readonly RunEvent[]): Promise<Prepared> {
    const { clock, newId, random, artifacts } = this.#ports;
    const now = clock.now();
    const decision = decide(loaded.run, events, { now, newAttemptId: newId, random });
    const assigned = decision.effects.filter((effect) => effect.kind === 'assign');
    const specs = await Promise.all(
      assigned.map(async ({ nodeId, attemptId }) => {
        const spec = buildStepSpec(loaded.version, decision.run, nodeId);
        const { sha256 } = await artifacts.put(new TextEncoder().encode(JSON.stringify(spec)));
        return [attemptId, sha256] as const;
      }),
    );
    return { decision, specs: new Map(specs), now };
  }

  #save(sql: Sql, before: Run, { decision, specs, now }: Prepared): Promise<void> {
    return saveDecision(sql, before, decision, specs, now);
  }

  #committed(entry: Entry, before: LoadedRun, { decision, specs }: Prepared): LoadedRun {
    const loaded = { ...before, run: decision.run, specHashes: before.specHashes };
    for (const [attemptId, specHash] of specs) loaded.specHashes.set(attemptId, specHash);
    entry.loaded = loaded;
    for (const fact of decision.attempts) {
      if (fact.kind !== 'ended') continue;
      this.#queue.ended(fact.attemptId);
      this.#places.delete(fact.attemptId);
      this.#running.delete(fact.attemptId);
      loaded.specHashes.delete(fact.attemptId);
    }
    this.#index(loaded, decision.changed);
    if (decision.runChanged || decision.changed.size > 0) this.#ports.onCommitted(loaded, decision.changed, decision.runChanged);
    for (const effect of decision.effects) this.#perform(effect);
    if (decision.attempts.some((fact) => fact.kind !== 'claimed')) this.#flush();
    if (!entry.busy) this.#dropWhenOver(entry);
    return loaded;
  }

  #perform(effect: RunEffect): void {
    switch (effect.kind) {
      case 'assign':
        // It is in the queue by its state.
        return;
      case 'cancelAttempt':
        return this.cancelAgain(effect.runnerId, effect.attemptId);
      case 'endDelivery':
        return this.#act(this.#ports.bus.endDelivery(effect.ackSubject), 'A lost delivery could not be ended', {});
      case 'retryAt':
        return this.#ports.onRetryAt(effect.at);
    }
  }

  #index(loaded: LoadedRun, nodeIds: Iterable<string>): void {
    const { run } = loaded;
    const { runId } = run;
    for (const nodeId of nodeIds) {
      const step = run.steps.get(nodeId)!;
      const { phase } = step;
      const attemptId = liveAttemptOf(step);
      if (attemptId !== undefined) {
        this.#places.set(attemptId, { runId, nodeId });
        const queued = queuedAssignment(loaded, step, attemptId);
        if (phase.state === 'running') {
          const { runnerId, cancelRequested } = phase;
          this.#running.set(attemptId, { runId, nodeId, attemptId, runnerId, cancelRequested });
          this.#queue.claimed(queued, runnerId);
        } else this.#queue.put(queued);
      }
      const place = `${runId} ${nodeId}`;
      if (phase.state === 'queued' && phase.waitsFor === 'retry') this.#retrying.set(place, { runId, nodeId, retryAt: phase.retryAt });
      else this.#retrying.delete(place);
    }
  }

  /** What is known of the run's steps may be old. */
  #forgetPlaces(runId: string): void {
    for (const places of [this.#places, this.#running, this.#retrying])
      for (const [key, place] of places) if (place.runId === runId) places.delete(key);
  }

  #flush(): void {
    this.#act(this.#queue.flush(), 'Assignments could not be published; they are tried again', {});
  }

  #dropWhenOver(entry: Entry): void {
    if (entry.mailbox.length > 0 || (entry.loaded && !isFinalRunState(entry.loaded.run.state))) return;
    this.#entries.delete(entry.runId);
    this.#queue.runEnded(entry.runId);
  }

  #act(work: Promise<unknown>, failure: string, details: object): void {
    this.#track(work.catch((error: unknown) => this.#ports.log.warn({ ...details, err: error }, failure)));
  }

  #track(work: Promise<unknown>): void {
    this.#inFlight.add(work);
    void work.finally(() => this.#inFlight.delete(work));
  }
}

function queuedAssignment({ run, version, specHashes, row }: LoadedRun, { nodeId, attempt }: Step, attemptId: string): QueuedAssignment {
  const specHash = specHashes.get(attemptId);
  if (specHash === undefined) throw new Error(`Attempt ${attemptId} of run ${run.runId} has no stored step spec.`);
  const { runId, projectId } = run;
  const { need } = run.plan.steps.get(nodeId)!;
  const interactive = version.trial !== undefined || run.plan.steps.size <= INTERACTIVE_STEPS;
  const assignment = { v: 1, attemptId, runId, projectId, starter: row.starter_id, nodeId, attempt, need, specHash } as const;
  return { attemptId, runId, projectId, need, interactive, assignment };
}
