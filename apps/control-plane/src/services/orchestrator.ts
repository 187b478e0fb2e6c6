/**
 * Keeps runs going: hands what the bus brings to the runs, watches the clock and the runners, and recovers after a start.
 * Every choice is made in the lifecycle of a run; ignores HTTP and what cards do.
 */
import type { AttemptResult, ClaimReply, ClaimRequest, RunnerHeartbeat, RunnerInfo, StepNews } from '@ensemble/protocol';
import { RUNNER_LOST_AFTER_MS } from '@ensemble/protocol';
import type { Bus, BusHandlers } from '../platform/bus/bus.ts';
import type { Database } from '../platform/database/database.ts';
import { keepTraces } from '../modules/logs/index.ts';
import type { Registrations } from '../modules/runners/index.ts';
import { HoldWatch, RunnerRegistry } from '../modules/runners/index.ts';
import { ActiveRuns, claimAttempt, latestFinishedRunIds, loadRun, RunDocuments, unfinishedRunIds } from '../modules/runs/index.ts';
import type { Artifacts, Clock, Documents, LatestRun, Log, RunningAttempt } from '../modules/runs/index.ts';

export interface OrchestratorOptions {
  database: Database;
  bus: Bus;
  artifacts: Pick<Artifacts, 'put' | 'size'>;
  /** What cards with these requirements run in; equal text means the same Python and packages. */
  environmentOf(requirements: readonly string[]): string;
  documents: Documents;
  clock: Clock;
  log: Log;
  newId(): string;
  /** In [0, 1). */
  random(): number;
  /** What people decided about runners. */
  registrations: Pick<Registrations, 'isCordoned' | 'poolsOf' | 'toEmpty' | 'seen'>;
  /** A run began or changed its state. An older run may report after a newer one: compare numbers. */
  onLatestRun(latest: LatestRun): Promise<void>;
  /** Milliseconds; for tests. */
  sweepMs?: number;
  documentIntervalMs?: number;
}

const SWEEP_MS = 250;
const DOCUMENT_INTERVAL_MS = 50;
/** How often the database is asked for runs that this process does not know of. */
const RECONCILE_MS = 30_000;
/** The same while a commit is known to have failed. */
const FORGOTTEN_MS = 1_000;
/** Places in the queue are told this often. */
const EXPLAIN_MS = 1_000;
/** Finished runs whose documents are brought up to date at a start: more cannot have been under way. */
const RECENT_RUNS = 50;
const STOP_DOCUMENTS_MS = 5_000;

export class Orchestrator {
  readonly runs: ActiveRuns;
  readonly runners: RunnerRegistry;
  readonly documents: RunDocuments;
  readonly #options: OrchestratorOptions;
  readonly #holds = new HoldWatch();
  /** Attempts whose results were seen and may not be committed yet: not to be taken for lost. */
  readonly #reported = new Set<string>();
  readonly #dueTimers = new Set<NodeJS.Timeout>();
  readonly #sweepMs: number;
  #timer: NodeJS.Timeout | undefined;
  #sweeping: Promise<void> | undefined;
  #lastSweep = 0;
  #lastReconcile = 0;
  #lastExplained = 0;
  #capacityTold = '';
  #running = false;

  constructor(options: OrchestratorOptions) {
    this.#options = options;
    this.#sweepMs = options.sweepMs ?? SWEEP_MS;
    const { database, bus, artifacts, environmentOf, clock, newId, random, log, documents, onLatestRun } = options;
    this.runners = new RunnerRegistry(clock.now());
    this.documents = new RunDocuments({ documents, log, onLatestRun, intervalMs: options.documentIntervalMs ?? DOCUMENT_INTERVAL_MS });
    this.runs = new ActiveRuns({
      database,
      bus,
      artifacts,
      environmentOf,
      clock,
      newId,
      random,
      log,
      onCommitted: (loaded, changed, runChanged) => this.documents.show(loaded, changed, runChanged),
      onRetryAt: (at) => this.#sweepAt(at),
    });
  }

  /** Resolves once every unfinished run is known and the bus delivers. Rejects when database or bus cannot be used. */
  async start(): Promise<void> {
    const { database, bus, clock } = this.#options;
    this.#running = true;
    await this.#reconcile();
    for (const runId of await latestFinishedRunIds(database.sql, RECENT_RUNS)) {
      const loaded = await loadRun(database.sql, runId);
      if (loaded) this.documents.showAll(loaded);
    }
    this.runners.heardNothingUntil(clock.now());
    await bus.start(this.#handlers());
    await this.#publishAll();
    this.#lastSweep = clock.now();
    this.#timer = setInterval(() => this.sweep(), this.#sweepMs);
  }

  /** Takes no more events. Resolves when all that was taken is committed and shown. The bus is the caller's to close. */
  async stop(): Promise<void> {
    this.#running = false;
    clearInterval(this.#timer);
    for (const timer of this.#dueTimers) clearTimeout(timer);
    await this.#sweeping;
    await this.runs.stop();
    // Documents wait for a database that is down; what they lack is written at the next start.
    await Promise.race([this.documents.stop(), new Promise((resolve) => setTimeout(resolve, STOP_DOCUMENTS_MS).unref())]);
  }

  /** One look at clock, runners and queue. Runs by itself; public so that whoever changed the world need not wait. */
  sweep(): void {
    if (!this.#running || this.#sweeping) return;
    this.#sweeping = this.#sweepOnce()
      .catch((error: unknown) => this.#options.log.error({ err: error }, 'The sweep over runs failed; it is tried again'))
      .finally(() => (this.#sweeping = undefined));
  }

  isSweeping(): boolean {
    return this.#sweeping !== undefined;
  }

  #handlers(): BusHandlers {
    return {
      onResult: (result) => this.#onResult(result),
      onClaim: (request) => this.#onClaim(request),
      onHeartbeat: (heartbeat) => this.#onHeartbeat(heartbeat),
      onNews: (news) => this.#onNews(news),
      onConnected: () => {
        this.runners.heardNothingUntil(this.#options.clock.now());
        void this.#publishAll();
      },
    };
  }

  async #onResult(result: AttemptResult): Promise<void> {
    const { attemptId, nodeId, runId, runnerId } = result;
    const phase = this.runs.peek(runId)?.run.steps.get(nodeId)?.phase;
    // RUN-6: nobody else can know how it ended.
    if (phase?.state === 'running' && phase.attemptId === attemptId && phase.runnerId !== runnerId) return;
    this.#reported.add(attemptId);
    await keepTraces(this.#options.database.sql, result);
    await this.runs.apply(runId, { kind: 'attemptEnded', nodeId, attemptId, result });
    this.#reported.delete(attemptId);
    this.#holds.forget(attemptId);
  }

  #onClaim(request: ClaimRequest): Promise<ClaimReply> {
    return claimAttempt(this.runs, this.#options.database.sql, request);
  }

  #onHeartbeat(heartbeat: RunnerHeartbeat): void {
    const { clock, bus } = this.#options;
    const { runnerId, name } = heartbeat;
    const acquaintance = this.runners.observe(heartbeat, clock.now());
    if (!this.#running) return;
    const expected = this.#attemptsOf(runnerId).filter((attempt) => !this.#reported.has(attempt.attemptId));
    const missing = this.#holds.beat(
      heartbeat.held,
      expected.map((attempt) => attempt.attemptId),
    );
    // What another process of this name held, it took with it.
    const lost = new Set(
      acquaintance === 'restarted' ? expected.map(({ attemptId }) => attemptId).filter((id) => !heartbeat.held.includes(id)) : missing,
    );
    for (const { runId, nodeId, attemptId } of expected) {
      if (lost.has(attemptId)) this.#lose(runId, nodeId, attemptId, `The runner “${name}” no longer executes it.`);
    }
    if (acquaintance !== 'known') {
      this.#background(this.#options.registrations.seen(runnerId), 'When a runner was last seen could not be stored');
      this.#background(
        bus.serveRunner(runnerId).then(() => this.runs.handOutAgain(runnerId)),
        'A runner could not be given a queue; it is tried again',
      );
    }
    this.#tellCapacity();
  }

  /** Somebody decided something about this runner. */
  runnerDecided(): void {
    this.#tellCapacity();
    this.sweep();
  }

  /** Nothing it says counts any more. */
  runnerRemoved(runnerId: string): void {
    this.runners.forget(runnerId);
    for (const { runId, nodeId, attemptId } of this.#attemptsOf(runnerId))
      this.#lose(runId, nodeId, attemptId, 'The runner that executed it was removed.');
    this.#tellCapacity();
    this.#background(this.#options.bus.forgetRunner(runnerId), 'The queue of a removed runner could not be removed');
  }

  /** What a runner executes at this moment. */
  tasksOf(runnerId: string): RunnerInfo['tasks'] {
    return this.#attemptsOf(runnerId).flatMap(({ runId, nodeId }) => {
      const run = this.runs.peek(runId)?.run;
      const phase = run?.steps.get(nodeId)?.phase;
      if (!run || phase?.state !== 'running') return [];
      return [{ runId, nodeId, title: run.plan.steps.get(nodeId)!.title, projectId: run.projectId, since: phase.startedAt }];
    });
  }

  #attemptsOf(runnerId: string): RunningAttempt[] {
    return [...this.runs.running()].filter((attempt) => attempt.runnerId === runnerId);
  }

  /** Who may be given work at this moment. */
  #tellCapacity(): void {
    const { clock, registrations } = this.#options;
    const capacity = this.runners.capacity(clock.now()).map((runner) => ({
      ...runner,
      pools: registrations.poolsOf(runner.runnerId, runner.pools),
      takes: runner.takes && !registrations.isCordoned(runner.runnerId),
    }));
    const text = JSON.stringify(capacity);
    if (text === this.#capacityTold) return;
    this.#capacityTold = text;
    this.runs.setRunners(capacity);
  }

  /** Nothing is decided from news. */
  #onNews(news: StepNews): void {
    const loaded = this.runs.peek(news.runId);
    const phase = loaded?.run.steps.get(news.nodeId)?.phase;
    if (!loaded || phase?.state !== 'running' || phase.attemptId !== news.attemptId || news.kind !== 'progress') return;
    this.documents.note(loaded, news.nodeId, { progress: { fraction: news.fraction, message: news.message } });
  }

  async #sweepOnce(): Promise<void> {
    const { clock, bus } = this.#options;
    const now = clock.now();
    // Held up ourselves (a suspended machine, a busy loop): heartbeats may lie unread.
    if (!bus.connected() || now - this.#lastSweep > RUNNER_LOST_AFTER_MS / 2) this.runners.heardNothingUntil(now);
    this.#lastSweep = now;
    // A run whose commit failed is not in memory, and nothing watches over it.
    const known = this.runs.forgotten().size === 0;
    if (now - this.#lastReconcile >= (known ? RECONCILE_MS : FORGOTTEN_MS)) await this.#reconcile();
    for (const { runId, nodeId, attemptId, runnerId, cancelRequested } of this.runs.running()) {
      if (this.runners.isLost(runnerId, now) && !this.#reported.has(attemptId)) {
        this.#lose(runId, nodeId, attemptId, 'The runner that executed it was lost.');
      } else if (cancelRequested) this.runs.cancelAgain(runnerId, attemptId);
    }
    for (const { runId, nodeId } of this.runs.retriesDue(now)) {
      this.#background(this.runs.apply(runId, { kind: 'retryDue', nodeId }), 'A retry could not be started');
    }
    this.runs.askStranded();
    this.#forgetLostRunners(now);
    this.#emptyDrained();
    this.#tellCapacity();
    if (now - this.#lastExplained >= EXPLAIN_MS) this.#explainQueue(now);
    await this.#publishWaiting();
  }

  /** RUNNER-8: nobody's fault, so it is tried again; elsewhere, since this runner is given nothing. */
  #emptyDrained(): void {
    for (const runnerId of this.#options.registrations.toEmpty()) {
      for (const { attemptId, cancelRequested } of this.#attemptsOf(runnerId)) {
        if (!cancelRequested) this.runs.cancelAgain(runnerId, attemptId, true);
      }
    }
  }

  #forgetLostRunners(now: number): void {
    for (const runnerId of this.runners.forgetLost(now)) {
      this.#background(this.#options.registrations.seen(runnerId), 'When a runner was last seen could not be stored');
      this.#background(this.#options.bus.forgetRunner(runnerId), 'The queue of a lost runner could not be removed');
    }
  }

  #explainQueue(now: number): void {
    this.#lastExplained = now;
    for (const [attemptId, { reason, position }] of this.runs.queueNotes()) {
      const place = this.runs.placeOf(attemptId);
      const loaded = place && this.runs.peek(place.runId);
      if (loaded) this.documents.note(loaded, place.nodeId, { reason, position });
    }
  }

  /** Runs of the database that are not in memory: all of them at a start, later those whose commit was thought to have failed. */
  async #reconcile(): Promise<void> {
    this.#lastReconcile = this.#options.clock.now();
    const runIds = new Set([...(await unfinishedRunIds(this.#options.database.sql)), ...this.runs.forgotten()]);
    const unknown = [...runIds].filter((runId) => !this.runs.peek(runId));
    // What each is making at this moment has to be known before another looks for it.
    for (const runId of unknown) await this.runs.read(runId);
    for (const runId of unknown) {
      const loaded = await this.runs.recover(runId);
      if (loaded) this.documents.showAll(loaded);
    }
  }

  #lose(runId: string, nodeId: string, attemptId: string, reason: string): void {
    this.#background(
      this.runs.apply(runId, { kind: 'attemptLost', nodeId, attemptId, reason }).then(() => this.#holds.forget(attemptId)),
      'The loss of an attempt could not be recorded; it is tried again',
    );
  }

  #sweepAt(at: number): void {
    const timer = setTimeout(
      () => {
        this.#dueTimers.delete(timer);
        this.sweep();
      },
      Math.max(0, at - this.#options.clock.now()),
    );
    this.#dueTimers.add(timer);
  }

  async #publishAll(): Promise<void> {
    await this.runs.republishAll().catch((error: unknown) => this.#reportUnpublished(error));
  }

  async #publishWaiting(): Promise<void> {
    if (!this.#options.bus.connected()) return;
    await this.runs.publishWaiting().catch((error: unknown) => this.#reportUnpublished(error));
  }

  #reportUnpublished(error: unknown): void {
    this.#options.log.warn({ err: error }, 'Assignments could not be published; they are tried again');
  }

  #background(work: Promise<unknown>, failure: string): void {
    void work.catch((error: unknown) => this.#options.log.warn({ err: error }, failure));
  }
}
