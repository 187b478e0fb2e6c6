/**
 * The only place that chooses what a run does next: (run, events, context) → the run after them and what to do.
 * Ignores where events come from, and who commits and performs what it returns. The rules are in README.md.
 */
import type { AttemptResult, IsolationLevel, RunState, StepError } from '@ensemble/protocol';
import { isFinalStepState } from '@ensemble/protocol';
import { mayRetryAfterCardFailure, mayRetryAfterLoss, retryDelayMs } from './retry-policy.ts';
import type { AttemptOutcome, PinnedResult, Run, Step, StepPhase, TakenResult } from './run-model.ts';
import { liveAttemptOf, NO_OUTCOME } from './run-model.ts';

export type RunEvent =
  | { kind: 'started' }
  | {
      kind: 'attemptClaimed';
      nodeId: string;
      attemptId: string;
      runnerId: string;
      ackSubject: string;
      isolation: IsolationLevel;
    }
  | { kind: 'attemptEnded'; nodeId: string; attemptId: string; result: AttemptResult }
  | { kind: 'attemptLost'; nodeId: string; attemptId: string; reason: string }
  | { kind: 'cancelRequested' }
  | { kind: 'stepCancelRequested'; nodeId: string }
  | { kind: 'retryDue'; nodeId: string }
  | { kind: 'cacheAnswered'; nodeId: string; answer: CacheAnswer }
  /** Whoever made the result that the step waits for is done, or gone. */
  | { kind: 'twinEnded'; nodeId: string };

/** What the cache says of a step whose inputs are there. */
export type CacheAnswer =
  { kind: 'hit'; result: TakenResult; why: string } | { kind: 'twin'; reason: string } | { kind: 'miss'; why: string };

export type RunEffect =
  /** Answer with `cacheAnswered`; until then the step stays as it is. */
  | { kind: 'lookUp'; nodeId: string }
  | { kind: 'assign'; nodeId: string; attemptId: string; attempt: number; pool: string }
  | { kind: 'cancelAttempt'; attemptId: string; runnerId: string }
  | { kind: 'endDelivery'; ackSubject: string }
  | { kind: 'retryAt'; nodeId: string; at: number };

/** What happened to attempts, in order, for their own records. */
export type AttemptFact =
  | { kind: 'assigned'; nodeId: string; attemptId: string; attempt: number; pool: string }
  | { kind: 'claimed'; nodeId: string; attemptId: string; runnerId: string; ackSubject: string; isolation: IsolationLevel }
  | { kind: 'ended'; nodeId: string; attemptId: string; state: 'succeeded' | 'failed' | 'cancelled' | 'lost' };
type EndedState = Extract<AttemptFact, { kind: 'ended' }>['state'];

export interface DecideContext {
  now: number;
  newAttemptId(): string;
  /** In [0, 1). */
  random(): number;
}

export interface Decision {
  run: Run;
  /** Node ids whose step differs from before. */
  changed: ReadonlySet<string>;
  /** True when the run itself differs: state, times, isolation, cancel request. */
  runChanged: boolean;
  attempts: readonly AttemptFact[];
  effects: readonly RunEffect[];
}

/** Events that no longer apply (fenced attempts, final states) change nothing. */
export function decide(run: Run, events: readonly RunEvent[], context: DecideContext): Decision {
  const draft = new Draft(run, context);
  for (const event of events) dispatch(draft, event);
  return draft.decision();
}

const handlers: { [Kind in RunEvent['kind']]: (draft: Draft, event: Extract<RunEvent, { kind: Kind }>) => void } = {
  started: (draft) => {
    const { steps } = draft.run.plan;
    for (const { nodeId, pinned, why } of steps.values()) {
      const step = draft.step(nodeId);
      if (pinned && step.phase.state === 'pending') draft.take({ ...step, why: why ?? null }, pinned, null);
    }
    for (const { nodeId, upstream } of steps.values()) {
      if (draft.isAsking(draft.step(nodeId))) draft.askAgain(nodeId);
      else if (upstream.length === 0) draft.makeReady(nodeId);
    }
    draft.endWhenAllAreFinal();
  },

  attemptClaimed: (draft, event) => {
    const step = draft.live(event.nodeId, event.attemptId);
    if (step?.phase.state !== 'queued') return;
    const { attemptId, runnerId, ackSubject, isolation } = event;
    const startedAt = draft.context.now;
    draft.enter(step, { state: 'running', attemptId, runnerId, ackSubject, isolation, startedAt, cancelRequested: false });
    draft.attempts.push({ kind: 'claimed', nodeId: event.nodeId, attemptId, runnerId, ackSubject, isolation });
    draft.runBegins(isolation);
  },

  attemptEnded: (draft, event) => {
    const step = draft.live(event.nodeId, event.attemptId);
    if (!step) return;
    const { result } = event;
    const outcome = outcomeOf(result);
    // A result without a claim: the claim's answer was lost together with what it had written.
    if (step.phase.state === 'queued') draft.runBegins(result.isolation);
    if (draft.isCancelling(step)) {
      draft.attemptEnds(step, 'cancelled');
      draft.finish(step, 'cancelled', { ...outcome, error: null });
    } else if (result.outcome === 'succeeded') {
      const missing = draft.run.plan.steps.get(event.nodeId)!.outputs.filter((name) => !has(outcome, name));
      draft.attemptEnds(step, missing.length === 0 ? 'succeeded' : 'failed');
      if (missing.length === 0) draft.finish(step, 'succeeded', outcome);
      else draft.afterCardFailure(step, { ...outcome, error: promiseBroken(missing) });
    } else if (result.outcome === 'cancelled' || outcome.error?.kind === 'infrastructure') {
      // Nobody asked for this end: the runner gave the attempt up.
      const message = outcome.error?.message ?? 'The runner stopped the attempt without being asked.';
      draft.attemptEnds(step, 'lost');
      draft.afterLoss(step, message, outcome);
    } else {
      draft.attemptEnds(step, 'failed');
      draft.afterCardFailure(step, outcome);
    }
  },

  attemptLost: (draft, event) => {
    const step = draft.live(event.nodeId, event.attemptId);
    if (!step) return;
    if (step.phase.state === 'running') draft.effects.push({ kind: 'endDelivery', ackSubject: step.phase.ackSubject });
    draft.attemptEnds(step, 'lost');
    if (draft.isCancelling(step)) draft.finish({ ...step, losses: step.losses + 1 }, 'cancelled', NO_OUTCOME);
    else draft.afterLoss(step, event.reason, NO_OUTCOME);
  },

  cancelRequested: (draft) => {
    if (draft.run.unfinished === 0 || draft.run.cancelRequested) return;
    draft.requestCancel();
    for (const nodeId of draft.run.plan.steps.keys()) draft.cancelStep(draft.step(nodeId));
  },

  stepCancelRequested: (draft, event) => {
    const step = draft.run.plan.steps.has(event.nodeId) ? draft.step(event.nodeId) : undefined;
    if (step) draft.cancelStep(step);
  },

  cacheAnswered: (draft, { nodeId, answer }) => {
    const step = draft.step(nodeId);
    if (!draft.isAsking(step)) return;
    if (answer.kind === 'hit') draft.take({ ...step, why: answer.why }, answer.result, answer.result.from);
    else if (answer.kind === 'miss') draft.assign(nodeId, answer.why);
    else draft.enter(step, { state: 'queued', waitsFor: 'twin', reason: answer.reason });
  },

  twinEnded: (draft, event) => draft.askAgain(event.nodeId),

  retryDue: (draft, event) => {
    const { phase } = draft.step(event.nodeId);
    if (phase.state !== 'queued' || phase.waitsFor !== 'retry' || phase.retryAt > draft.context.now) return;
    draft.assign(event.nodeId);
  },
};

function dispatch<Kind extends RunEvent['kind']>(draft: Draft, event: Extract<RunEvent, { kind: Kind }>): void {
  handlers[event.kind](draft, event);
}

/** Two decisions, one made on the other, as one; what the first asked the cache is answered. */
export function joinDecisions(first: Decision, second: Decision): Decision {
  return {
    run: second.run,
    changed: new Set([...first.changed, ...second.changed]),
    runChanged: first.runChanged || second.runChanged,
    attempts: [...first.attempts, ...second.attempts],
    effects: [...first.effects.filter(({ kind }) => kind !== 'lookUp'), ...second.effects],
  };
}

/** The working copy of one decision. */
class Draft {
  readonly context: DecideContext;
  readonly effects: RunEffect[] = [];
  run: Run;
  private readonly before: Run;
  private readonly steps: Map<string, Step>;
  private readonly changed = new Set<string>();
  readonly attempts: AttemptFact[] = [];

  constructor(run: Run, context: DecideContext) {
    this.context = context;
    this.before = run;
    this.steps = new Map(run.steps);
    this.run = { ...run, steps: this.steps };
  }

  decision(): Decision {
    const { run, before } = this;
    const runChanged = run.state !== before.state || run.cancelRequested !== before.cancelRequested || run.isolation !== before.isolation;
    return { run, changed: this.changed, runChanged, attempts: this.attempts, effects: this.effects };
  }

  step(nodeId: string): Step {
    const step = this.steps.get(nodeId);
    if (!step) throw new Error(`Run ${this.run.runId} has no step ${nodeId}.`);
    return step;
  }

  /** The step, when this attempt is the one that counts. */
  live(nodeId: string, attemptId: string): Step | undefined {
    const step = this.steps.get(nodeId);
    return step && liveAttemptOf(step) === attemptId ? step : undefined;
  }

  isCancelling(step: Step): boolean {
    return this.run.cancelRequested || (step.phase.state === 'running' && step.phase.cancelRequested);
  }

  enter(step: Step, phase: StepPhase, counters: Partial<Pick<Step, 'attempt' | 'losses' | 'cardFailures'>> = {}): void {
    this.steps.set(step.nodeId, { ...step, ...counters, phase });
    this.changed.add(step.nodeId);
  }

  /** RUN-1, RUN-23: its inputs are there. */
  makeReady(nodeId: string): void {
    if (this.step(nodeId).phase.state !== 'pending') return;
    const { lookUp, why } = this.run.plan.steps.get(nodeId)!;
    if (lookUp) this.effects.push({ kind: 'lookUp', nodeId });
    else this.assign(nodeId, why);
  }

  /** True for a step that is executed or not as the cache says. */
  isAsking({ nodeId, phase }: Step): boolean {
    const { lookUp, upstream } = this.run.plan.steps.get(nodeId)!;
    if (phase.state === 'queued') return phase.waitsFor === 'twin';
    return phase.state === 'pending' && lookUp === true && upstream.every((source) => this.step(source).phase.state === 'succeeded');
  }

  /** The question or its answer was lost, or the answer no longer holds. */
  askAgain(nodeId: string): void {
    if (this.isAsking(this.step(nodeId))) this.effects.push({ kind: 'lookUp', nodeId });
  }

  assign(nodeId: string, why?: string): void {
    const before = this.step(nodeId);
    const step = why === undefined ? before : { ...before, why };
    const attemptId = this.context.newAttemptId();
    const attempt = step.attempt + 1;
    this.enter(step, { state: 'queued', waitsFor: 'runner', attemptId, queuedAt: this.context.now }, { attempt });
    const { pool } = this.run.plan.steps.get(nodeId)!.need;
    this.attempts.push({ kind: 'assigned', nodeId, attemptId, attempt, pool });
    this.effects.push({ kind: 'assign', nodeId, attemptId, attempt, pool });
  }

  /** RUN-16, RUN-23: the result was there before. */
  take(step: Step, { outputs, preview, previewError, log }: PinnedResult | TakenResult, takenFrom: TakenResult['from'] | null): void {
    this.succeed(step, { ...NO_OUTCOME, outputs, preview, previewError, log }, true, takenFrom);
    this.endWhenAllAreFinal();
  }

  attemptEnds(step: Step, state: EndedState): void {
    const attemptId = liveAttemptOf(step);
    if (attemptId !== undefined) this.attempts.push({ kind: 'ended', nodeId: step.nodeId, attemptId, state });
  }

  afterLoss(step: Step, message: string, outcome: AttemptOutcome): void {
    const losses = step.losses + 1;
    if (mayRetryAfterLoss(losses)) return this.waitForRetry({ ...step, losses }, losses, message);
    const error: StepError = outcome.error ?? { kind: 'infrastructure', message };
    const spent = { ...error, message: `${message} It was tried ${losses} times.` };
    this.finish({ ...step, losses }, 'failed', { ...outcome, error: spent });
  }

  afterCardFailure(step: Step, outcome: AttemptOutcome): void {
    const cardFailures = step.cardFailures + 1;
    const { cardRetries } = this.run.plan.steps.get(step.nodeId)!;
    const error: StepError = outcome.error ?? { kind: 'contract', message: 'The card failed without saying why.' };
    // What cannot be installed now cannot be installed a second later.
    const hopeless = error.kind === 'environment';
    if (!hopeless && mayRetryAfterCardFailure(cardFailures, cardRetries))
      this.waitForRetry({ ...step, cardFailures }, cardFailures, error.message);
    else this.finish({ ...step, cardFailures }, 'failed', { ...outcome, error });
  }

  private waitForRetry(step: Step, failures: number, message: string): void {
    const retryAt = this.context.now + retryDelayMs(failures, this.context.random());
    this.enter(step, {
      state: 'queued',
      waitsFor: 'retry',
      retryAt,
      reason: `Attempt ${step.attempt} failed and is tried again: ${message}`,
    });
    this.effects.push({ kind: 'retryAt', nodeId: step.nodeId, at: retryAt });
  }

  requestCancel(): void {
    this.run = { ...this.run, cancelRequested: true };
  }

  cancelStep(step: Step): void {
    const { phase } = step;
    if (isFinalStepState(phase.state)) return;
    if (phase.state === 'running') {
      if (phase.cancelRequested) return;
      this.enter(step, { ...phase, cancelRequested: true });
      this.effects.push({ kind: 'cancelAttempt', attemptId: phase.attemptId, runnerId: phase.runnerId });
      return;
    }
    this.attemptEnds(step, 'cancelled');
    this.finish(step, 'cancelled', NO_OUTCOME);
  }

  finish(step: Step, state: 'succeeded' | 'failed' | 'cancelled', outcome: AttemptOutcome): void {
    if (state === 'succeeded') this.succeed(step, outcome, false, null);
    else {
      const startedAt = step.phase.state === 'running' ? step.phase.startedAt : null;
      this.enter(step, { state, startedAt, finishedAt: this.context.now, outcome });
      this.run = { ...this.run, unfinished: this.run.unfinished - 1 };
      this.skipWhatDependsOn(step.nodeId, state);
    }
    this.endWhenAllAreFinal();
  }

  private succeed(step: Step, outcome: AttemptOutcome, cached: boolean, takenFrom: TakenResult['from'] | null): void {
    const { now } = this.context;
    const startedAt = step.phase.state === 'running' ? step.phase.startedAt : now;
    this.enter(step, { state: 'succeeded', startedAt, finishedAt: now, outcome, cached, takenFrom });
    this.run = { ...this.run, unfinished: this.run.unfinished - 1 };
    this.assignWhatIsReady(step.nodeId);
  }

  private assignWhatIsReady(nodeId: string): void {
    if (this.run.cancelRequested) return;
    const { steps, downstream } = this.run.plan;
    for (const next of downstream.get(nodeId)!) {
      if (this.step(next).phase.state !== 'pending') continue;
      if (steps.get(next)!.upstream.every((source) => this.step(source).phase.state === 'succeeded')) this.makeReady(next);
    }
  }

  private skipWhatDependsOn(causeId: string, state: 'failed' | 'cancelled'): void {
    if (this.run.cancelRequested) return;
    const { steps, downstream } = this.run.plan;
    const reason = `Skipped, because “${steps.get(causeId)!.title}” ${state === 'failed' ? 'failed' : 'was cancelled'}.`;
    const open = [...downstream.get(causeId)!];
    for (let nodeId = open.pop(); nodeId !== undefined; nodeId = open.pop()) {
      const step = this.step(nodeId);
      if (step.phase.state !== 'pending') continue;
      this.enter(step, { state: 'skipped', finishedAt: this.context.now, reason });
      this.run = { ...this.run, unfinished: this.run.unfinished - 1 };
      open.push(...downstream.get(nodeId)!);
    }
  }

  runBegins(isolation: IsolationLevel): void {
    const weakest = this.run.isolation === null || isolation > this.run.isolation ? isolation : this.run.isolation;
    this.run = { ...this.run, isolation: weakest };
    if (this.run.state === 'queued') this.run = { ...this.run, state: 'running', startedAt: this.context.now };
  }

  endWhenAllAreFinal(): void {
    if (this.run.unfinished > 0 || this.run.finishedAt !== null) return;
    this.run = { ...this.run, state: endStateOf(this.steps.values()), finishedAt: this.context.now };
  }
}

/** RUN-9 as a function: what a run is when all its steps are final. */
function endStateOf(steps: Iterable<Step>): RunState {
  let state: RunState = 'succeeded';
  for (const { phase } of steps) {
    if (phase.state === 'failed') return 'failed';
    if (phase.state === 'cancelled') state = 'cancelled';
  }
  return state;
}

const has = (outcome: AttemptOutcome, key: string): boolean => outcome.outputs.some((output) => output.declared && output.key === key);

const promiseBroken = (missing: readonly string[]): StepError => ({
  kind: 'contract',
  message: `The card promised ${missing.map((name) => `“${name}”`).join(', ')} and did not save it. Save it under that name or take it out of output_schema.`,
});

function outcomeOf(result: AttemptResult): AttemptOutcome {
  return {
    outputs: result.outputs,
    preview: result.preview ?? null,
    previewError: result.previewError ?? null,
    log: result.log ?? null,
    error: result.error ?? null,
    warm: result.warm ?? null,
    leftScratch: result.leftScratch ?? false,
  };
}
