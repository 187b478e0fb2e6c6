/**
 * Applies events to runs, one at a time per run: decide, commit in one transaction, and only then act.
 * Ignores what the events mean and where they come from.
 */
import type { Bus } from '../../platform/bus/bus.ts';
import type { Database, Sql } from '../../platform/database/database.ts';
import { isFinalRunState, isFinalStepState } from '@ensemble/protocol';
import type { RunnerCapacity } from '../runners/index.ts';
import { AssignmentQueue, type QueuedAssignment } from './assignment-queue.ts';
import { buildStepSpec } from './build-step-spec.ts';
import type { EnvironmentOf } from './cache/cache-key.ts';
import type { Place } from './cache/flights.ts';
import { ResultCache } from './cache/result-cache.ts';
import type { RunMemory } from './cache/result-cache.ts';
import type { Artifacts, Clock, Log } from './ports.ts';
import type { Decision, RunEffect, RunEvent } from './run-lifecycle.ts';
import { decide, joinDecisions } from './run-lifecycle.ts';
import type { Run, Step } from './run-model.ts';
import { liveAttemptOf } from './run-model.ts';
import type { LoadedRun } from './run-repository.ts';
import { loadRun, saveDecision, StaleRunError } from './run-repository.ts';
import { StepIndex } from './step-index.ts';
import type { RunningAttempt } from './step-index.ts';

export interface ActiveRunsPorts {
  database: Database;
  bus: Pick<Bus, 'publishAssignment' | 'cancel' | 'endDelivery'>;
  artifacts: Pick<Artifacts, 'put' | 'size'>;
  environmentOf: EnvironmentOf;
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
  memory: RunMemory | undefined;
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

/** Runs of so few steps are somebody's who looks on: they go before the larger ones of the same project. */
const INTERACTIVE_STEPS = 20;

export class ActiveRuns {
  readonly #ports: ActiveRunsPorts;
  readonly #queue: AssignmentQueue;
  readonly #cache: ResultCache;
  readonly #entries = new Map<string, Entry>();
  readonly #steps = new StepIndex();
  readonly #inFlight = new Set<Promise<unknown>>();
  /** Runs whose last commit failed, or may have: only the database can tell. */
  readonly #forgotten = new Set<string>();
  /** Attempts whose runner was asked to end them and has not answered. */
  readonly #cancelling = new Set<string>();
  #stopped = false;

  constructor(ports: ActiveRunsPorts) {
    this.#ports = ports;
    this.#queue = new AssignmentQueue(ports.bus, () => ports.clock.now());
    const { artifacts, environmentOf, database } = ports;
    this.#cache = new ResultCache({ sql: database.sql, artifacts, environmentOf, numberOf: (runId) => this.peek(runId)?.row.number });
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
    const entry = this.#entry(fresh.run.runId);
    entry.memory = this.#cache.remember(fresh.version);
    const prepared = await this.#prepare(fresh, entry.memory, [{ kind: 'started' }]).catch((error: unknown) => {
      this.#undone(entry);
      this.#dropWhenOver(entry);
      throw error;
    });
    const work = this.#ports.database.transaction(async (sql) => {
      const inserted = await insert(sql);
      await this.#save(sql, { ...fresh, row: inserted }, entry.memory!, prepared);
      return inserted;
    });
    const row = await work.catch((error: unknown) => {
      this.#undone(entry);
      this.#forgotten.add(fresh.run.runId);
      throw error;
    });
    return this.#committed(entry, { ...fresh, row }, prepared);
  }

  /** What would become of a run if it began now and nothing else happened. Changes nothing. */
  async foresee(fresh: Omit<LoadedRun, 'row'>): Promise<Run> {
    const { decision } = await this.#decide(fresh, this.#cache.remember(fresh.version), [{ kind: 'started' }], false);
    return decision.run;
  }

  /** Steps that wait for another run's result and would never hear of it look into the cache again. */
  askStranded(): void {
    for (const place of this.#steps.twins()) {
      const { loaded, memory } = this.#entries.get(place.runId) ?? {};
      if (loaded && memory && this.#cache.isStranded({ run: loaded.run, memory }, place.nodeId)) this.#wake([place]);
    }
  }

  /** Reads a run that is not in memory. Nothing follows from that. */
  async read(runId: string): Promise<void> {
    const entry = this.#entry(runId);
    if (entry.busy || entry.loaded) return;
    entry.busy = true;
    try {
      entry.loaded = await this.#load(entry);
    } finally {
      entry.busy = false;
      if (entry.mailbox.length > 0) this.#track(this.#work(entry));
      else this.#dropWhenOver(entry);
    }
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

  placeOf(attemptId: string): Place | undefined {
    return this.#steps.placeOf(attemptId);
  }

  /** The attempts that runners execute. */
  running(): Iterable<RunningAttempt> {
    return this.#steps.running();
  }

  /** Steps whose retry is due. */
  retriesDue(now: number): Place[] {
    return this.#steps.retriesDue(now);
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

  /** Asks the runner (again) to end an attempt. `handBack`: it is not to end, only not there. */
  cancelAgain(runnerId: string, attemptId: string, handBack = false): void {
    if (this.#cancelling.has(attemptId)) return;
    this.#cancelling.add(attemptId);
    const request = this.#ports.bus.cancel(runnerId, attemptId, handBack).finally(() => this.#cancelling.delete(attemptId));
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
    if (!entry) this.#entries.set(runId, (entry = { runId, loaded: undefined, memory: undefined, mailbox: [], busy: false }));
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
      const loaded = (entry.loaded ??= await this.#load(entry));
      if (!loaded) return undefined;
      try {
        const memory = (entry.memory ??= this.#cache.remember(loaded.version));
        const prepared = await this.#prepare(loaded, memory, events);
        const { decision } = prepared;
        if (decision.runChanged || decision.changed.size > 0) {
          await this.#ports.database.transaction((sql) => this.#save(sql, loaded, memory, prepared));
        }
        this.#committed(entry, loaded, prepared);
        return decision.run;
      } catch (error) {
        entry.loaded = undefined;
        this.#undone(entry);
        this.#forgotten.add(entry.runId);
        if (!(error instanceof StaleRunError) || tries >= 2) throw error;
      }
    }
  }

  async #load(entry: Entry): Promise<LoadedRun | undefined> {
    const { runId } = entry;
    const loaded = await loadRun(this.#ports.database.sql, runId);
    this.#forgotten.delete(runId);
    this.#steps.forget(runId);
    if (loaded) {
      entry.memory = this.#cache.remember(loaded.version);
      this.#cache.resume({ run: loaded.run, memory: entry.memory });
      this.#index(loaded, loaded.run.steps.keys());
    }
    this.#queue.keepOnly(runId, new Set(loaded?.specHashes.keys()));
    return loaded;
  }

  /** Decides with what the cache says, which may make further steps ready, and so on. */
  async #decide(
    { run, version }: Pick<LoadedRun, 'run' | 'version'>,
    memory: RunMemory,
    events: readonly RunEvent[],
    claims: boolean,
  ): Promise<{ decision: Decision; now: number }> {
    const { clock, newId, random } = this.#ports;
    const now = clock.now();
    const context = { now, newAttemptId: newId, random };
    let decision = decide(run, events, context);
    for (;;) {
      const asked = new Set(decision.effects.flatMap((effect) => (effect.kind === 'lookUp' ? [effect.nodeId] : [])));
      if (asked.size === 0) return { decision, now };
      const answers = await this.#cache.answers({ run: decision.run, version, memory }, [...asked], now, claims);
      decision = joinDecisions(decision, decide(decision.run, answers, context));
    }
  }

  async #prepare(loaded: Pick<LoadedRun, 'run' | 'version'>, memory: RunMemory, events: readonly RunEvent[]): Promise<Prepared> {
    const { artifacts } = this.#ports;
    const { decision, now } = await this.#decide(loaded, memory, events, true);
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

  async #save(sql: Sql, { run, row }: LoadedRun, memory: RunMemory, { decision, specs, now }: Prepared): Promise<void> {
    await saveDecision(sql, run, decision, specs, now);
    await this.#cache.save(sql, row.pipeline_id, { run: decision.run, memory }, decision.changed, now);
  }

  /** What was decided last was not committed, or may not have been: nothing that followed from it holds. */
  #undone(entry: Entry): void {
    entry.memory = undefined;
    this.#wake(this.#cache.forgotten(entry.runId));
  }

  #wake(places: readonly Place[]): void {
    if (this.#stopped) return;
    for (const { runId, nodeId } of places)
      this.#act(this.apply(runId, { kind: 'twinEnded', nodeId }), 'A step could not be told that its twin is done; it is tried again', {
        runId,
        nodeId,
      });
  }

  #committed(entry: Entry, before: LoadedRun, { decision, specs }: Prepared): LoadedRun {
    const loaded = { ...before, run: decision.run, specHashes: before.specHashes };
    for (const [attemptId, specHash] of specs) loaded.specHashes.set(attemptId, specHash);
    entry.loaded = loaded;
    for (const fact of decision.attempts) {
      if (fact.kind !== 'ended') continue;
      this.#queue.ended(fact.attemptId);
      this.#steps.attemptEnded(fact.attemptId);
      loaded.specHashes.delete(fact.attemptId);
    }
    this.#index(loaded, decision.changed);
    const ended = [...decision.changed].filter((nodeId) => isFinalStepState(decision.run.steps.get(nodeId)!.phase.state));
    this.#wake(this.#cache.ended(entry.runId, ended));
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
      case 'lookUp':
        throw new Error(`The cache was not asked for step ${effect.nodeId}.`);
      case 'retryAt':
        return this.#ports.onRetryAt(effect.at);
    }
  }

  #index(loaded: LoadedRun, nodeIds: Iterable<string>): void {
    for (const nodeId of nodeIds) {
      const step = loaded.run.steps.get(nodeId)!;
      this.#steps.put(loaded.run, step);
      const attemptId = liveAttemptOf(step);
      if (attemptId === undefined) continue;
      const queued = queuedAssignment(loaded, step, attemptId);
      if (step.phase.state === 'running') this.#queue.claimed(queued, step.phase.runnerId);
      else this.#queue.put(queued);
    }
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
