/**
 * Runs against a world that loses, doubles and reorders what it is told, compared with an independent model
 * that knows only what each card is going to do.
 */
import { seededRandom } from '@ensemble/testkit';
import type { SeededRandom } from '@ensemble/testkit';
import { isFinalStepState } from '@ensemble/protocol';
import { expect, test } from 'vitest';
import type { AttemptFact, RunEvent } from './run-lifecycle.ts';
import { decide } from './run-lifecycle.ts';
import type { Run } from './run-model.ts';
import { failure, pinnedResult, resultFor, runFor } from './test-run.ts';

const SEEDS = process.env.ENSEMBLE_LONG ? 100_000 : 10_000;
const MAX_EVENTS = 20_000;

interface Scenario {
  graph: Record<string, string[]>;
  /** Cards that raise, always. */
  broken: ReadonlySet<string>;
  /** How many attempts of the step end without fault of the card before one comes through. */
  losses: ReadonlyMap<string, number>;
  retries: Record<string, number>;
  pinned: ReadonlySet<string>;
  cancelAfter: number | undefined;
  /** Nodes and the moment after which somebody cancels them alone. */
  stepCancels: ReadonlyMap<string, number>;
  /** Undefined: the run has no cache. Else what the cache says of each node, and how often that is “a twin makes it” before. */
  cache: ReadonlyMap<string, { hit: boolean; twins: number }> | undefined;
}

function scenarioOf(random: SeededRandom): Scenario {
  const count = 1 + random.integer(9);
  const graph: Record<string, string[]> = {};
  const losses = new Map<string, number>();
  const broken = new Set<string>();
  const retries: Record<string, number> = {};
  const pinned = new Set<string>();
  // Most runs have no pins at all; the others several.
  const pinning = random.next() < 0.3 ? 0.3 : 0;
  const stepCancels = new Map<string, number>();
  const cache = random.next() < 0.6 ? new Map<string, { hit: boolean; twins: number }>() : undefined;
  for (let index = 0; index < count; index++) {
    const earlier = Object.keys(graph);
    const nodeId = `n${index}`;
    graph[nodeId] = earlier.filter(() => random.next() < 0.3);
    if (random.next() < 0.15) broken.add(nodeId);
    if (random.next() < 0.3) losses.set(nodeId, random.integer(4));
    if (random.next() < 0.2) retries[nodeId] = random.integer(3);
    if (random.next() < pinning) pinned.add(nodeId);
    if (random.next() < 0.05) stepCancels.set(nodeId, random.integer(25));
    cache?.set(nodeId, { hit: random.next() < 0.4, twins: random.next() < 0.3 ? 1 + random.integer(2) : 0 });
  }
  return { graph, losses, broken, retries, pinned, stepCancels, cache, cancelAfter: random.next() < 0.25 ? random.integer(25) : undefined };
}

/** What every step must come to when nobody cancels: straight from the rules, one look per step in order. */
function expectedStates({ graph, broken, losses, pinned, cache }: Scenario, cancelled: ReadonlySet<string>): Record<string, string> {
  const states: Record<string, string> = {};
  /** RUN-17 from the other end: it is an end of the pipeline, or somebody who is executed takes its result. */
  const isNeeded = (nodeId: string): boolean => {
    const takers = Object.keys(graph).filter((other) => graph[other]!.includes(nodeId));
    return takers.length === 0 || takers.some((taker) => !pinned.has(taker) && isNeeded(taker));
  };
  for (const [nodeId, upstream] of Object.entries(graph)) {
    if (cancelled.has(nodeId)) states[nodeId] = 'cancelled';
    else if (pinned.has(nodeId)) states[nodeId] = 'succeeded';
    else if (!isNeeded(nodeId)) continue;
    else if (upstream.some((source) => states[source] !== 'succeeded')) states[nodeId] = 'skipped';
    else if (cache?.get(nodeId)?.hit) states[nodeId] = 'succeeded';
    else states[nodeId] = broken.has(nodeId) || (losses.get(nodeId) ?? 0) >= 3 ? 'failed' : 'succeeded';
  }
  return states;
}

interface Trace {
  run: Run;
  scenario: Scenario;
  finals: Map<string, string[]>;
  facts: AttemptFact[];
  faults: { lost: number; doubled: number; hits: number; twins: number; unasked: number };
  cancelled: boolean;
  /** Nodes that were not over when somebody cancelled them alone. */
  cancelledSteps: ReadonlySet<string>;
}

function simulate(seed: number): Trace {
  const random = seededRandom(seed);
  const scenario = scenarioOf(random);
  let run = runFor(scenario.graph, scenario.retries, scenario.pinned, scenario.cache !== undefined);
  let now = 0;
  let ids = 0;
  const finals = new Map<string, string[]>();
  const facts: AttemptFact[] = [];
  const faults = { lost: 0, doubled: 0, hits: 0, twins: 0, unasked: 0 };
  /** Under way, taken in any order. */
  const mail: RunEvent[] = [{ kind: 'started' }];
  const lostOnce = new Map<string, number>();
  const twins = new Map([...(scenario.cache ?? [])].map(([nodeId, answer]) => [nodeId, answer.twins]));
  const cancelledSteps = new Set<string>();
  let cancelled = false;

  const send = (event: RunEvent): void => {
    mail.push(event);
    if (random.next() < 0.2) {
      faults.doubled++;
      mail.push(event);
    }
  };

  /** The runner's side of a claimed attempt; a lost result is noticed as a lost attempt. */
  const execute = (nodeId: string, attemptId: string): void => {
    const spent = lostOnce.get(nodeId) ?? 0;
    if (spent < (scenario.losses.get(nodeId) ?? 0)) {
      lostOnce.set(nodeId, spent + 1);
      faults.lost++;
      if (random.next() < 0.5) send({ kind: 'attemptLost', nodeId, attemptId, reason: 'lost' });
      else send({ kind: 'attemptEnded', nodeId, attemptId, result: resultFor(attemptId, nodeId, failure('infrastructure')) });
      return;
    }
    const changes = scenario.broken.has(nodeId) ? failure('card') : {};
    send({ kind: 'attemptEnded', nodeId, attemptId, result: resultFor(attemptId, nodeId, changes) });
  };

  /** The cache's side of a question; a lost one is asked again in the end. */
  const answer = (nodeId: string): void => {
    const left = twins.get(nodeId) ?? 0;
    if (random.next() < 0.1) faults.unasked++;
    else if (left > 0) {
      twins.set(nodeId, left - 1);
      faults.twins++;
      send({ kind: 'cacheAnswered', nodeId, answer: { kind: 'twin', reason: 'made elsewhere' } });
      send({ kind: 'twinEnded', nodeId });
    } else if (scenario.cache?.get(nodeId)?.hit) {
      faults.hits++;
      const { outputs, preview, previewError, log } = pinnedResult(nodeId);
      const result = { outputs, preview, previewError, log, from: { runId: 'older', number: 3 } };
      send({ kind: 'cacheAnswered', nodeId, answer: { kind: 'hit', result, why: 'known' } });
    } else send({ kind: 'cacheAnswered', nodeId, answer: { kind: 'miss', why: 'new' } });
  };

  for (let taken = 0; mail.length > 0; taken++) {
    if (taken > MAX_EVENTS) throw new Error('the run never ends');
    if (taken === scenario.cancelAfter) {
      cancelled = run.unfinished > 0;
      send({ kind: 'cancelRequested' });
    }
    for (const [nodeId, after] of scenario.stepCancels) {
      if (taken !== after || !run.steps.has(nodeId)) continue;
      if (!isFinalStepState(run.steps.get(nodeId)!.phase.state)) cancelledSteps.add(nodeId);
      send({ kind: 'stepCancelRequested', nodeId });
    }
    now += random.integer(400);
    const batch = mail.splice(random.integer(mail.length), 1 + random.integer(2));
    const before = run;
    const decision = decide(run, batch, { now, newAttemptId: () => `a${++ids}`, random: () => random.next() });
    run = decision.run;
    facts.push(...decision.attempts);
    for (const nodeId of decision.changed) {
      const state = run.steps.get(nodeId)!.phase.state;
      if (isFinalStepState(state)) finals.set(nodeId, [...(finals.get(nodeId) ?? []), state]);
      if (isFinalStepState(before.steps.get(nodeId)!.phase.state)) throw new Error(`RUN-3 ${nodeId} changed after its end`);
    }
    for (const effect of decision.effects) {
      if (effect.kind === 'assign') {
        if (before.cancelRequested) throw new Error(`RUN-4 ${effect.nodeId} was assigned after the cancel`);
        const { nodeId, attemptId } = effect;
        if (scenario.cache?.get(nodeId)?.hit) throw new Error(`RUN-23 ${nodeId} is known and was assigned`);
        if (scenario.pinned.has(nodeId)) throw new Error(`RUN-16 ${nodeId} is pinned and was assigned`);
        const waitsFor = scenario.graph[nodeId]!.filter((source) => run.steps.get(source)!.phase.state !== 'succeeded');
        if (waitsFor.length > 0) throw new Error(`RUN-1 ${nodeId} was assigned before ${waitsFor.join()}`);
        send({ kind: 'attemptClaimed', nodeId, attemptId, runnerId: `r${random.integer(3)}`, ackSubject: 's', isolation: 'L2' });
      } else if (effect.kind === 'cancelAttempt') {
        const fact = facts.find((candidate) => candidate.attemptId === effect.attemptId)!;
        const { nodeId, attemptId } = fact;
        send({ kind: 'attemptEnded', nodeId, attemptId, result: resultFor(attemptId, nodeId, { outcome: 'cancelled' }) });
      } else if (effect.kind === 'lookUp') {
        answer(effect.nodeId);
      } else if (effect.kind === 'retryAt') {
        now = Math.max(now, effect.at);
        send({ kind: 'retryDue', nodeId: effect.nodeId });
      }
    }
    for (const fact of decision.attempts) if (fact.kind === 'claimed') execute(fact.nodeId, fact.attemptId);
    // Whoever waits asks again: that is what the sweep and the redelivery of the queue do.
    if (mail.length === 0) {
      for (const { nodeId, phase } of run.steps.values())
        if (phase.state === 'queued' && phase.waitsFor === 'retry') send({ kind: 'retryDue', nodeId });
      // A control plane that starts again looks at everything.
      if (mail.length === 0 && run.unfinished > 0 && scenario.cache) mail.push({ kind: 'started' });
    }
  }
  return { run, scenario, finals, facts, faults, cancelled, cancelledSteps };
}

function endOf(states: readonly string[]): string {
  if (states.includes('failed')) return 'failed';
  return states.includes('cancelled') ? 'cancelled' : 'succeeded';
}

test(`${SEEDS} runs in a world that loses, doubles and reorders messages come to what the rules say`, () => {
  const seen = { lost: 0, doubled: 0, hits: 0, twins: 0, unasked: 0, cancelled: 0, skipped: 0, failed: 0, pinned: 0, leftOut: 0 };
  for (let seed = 1; seed <= SEEDS; seed++) {
    try {
      const { run, scenario, finals, facts, faults, cancelled, cancelledSteps } = simulate(seed);
      const states = Object.fromEntries([...run.steps].map(([nodeId, step]) => [nodeId, step.phase.state]));
      for (const nodeId of Object.keys(states)) expect(finals.get(nodeId), `RUN-3 ends of ${nodeId}`).toHaveLength(1);
      // Whether a cancel came before the end of a step is the world's to say; what follows from it is not.
      const stopped = new Set([...cancelledSteps].filter((nodeId) => states[nodeId] === 'cancelled'));
      const expected = expectedStates(scenario, stopped);
      // A cancel cuts a run off: what was final by then is as it would have been, the rest is cancelled.
      for (const nodeId of Object.keys(states)) if (cancelled && states[nodeId] === 'cancelled') expected[nodeId] = 'cancelled';
      expect(states).toEqual(expected);
      expect(run.state, 'RUN-9').toBe(endOf(Object.values(states)));
      expect(run.unfinished).toBe(0);
      checkAttempts(run, facts);
      seen.lost += faults.lost;
      seen.doubled += faults.doubled;
      seen.hits += faults.hits;
      seen.twins += faults.twins;
      seen.unasked += faults.unasked;
      seen.cancelled += Object.values(states).includes('cancelled') ? 1 : 0;
      seen.skipped += Object.values(states).includes('skipped') ? 1 : 0;
      seen.failed += run.state === 'failed' ? 1 : 0;
      seen.pinned += scenario.pinned.size > 0 ? 1 : 0;
      seen.leftOut += run.steps.size < Object.keys(scenario.graph).length ? 1 : 0;
    } catch (error) {
      throw new Error(`seed ${seed}: ${error instanceof Error ? error.message : String(error)}`, { cause: error });
    }
  }
  // A simulation whose faults never bite proves nothing.
  for (const [fault, count] of Object.entries(seen)) expect(count, fault).toBeGreaterThan(SEEDS / 20);
});

/** RUN-8: numbered from one, each ended before the next begins. */
function checkAttempts(run: Run, facts: readonly AttemptFact[]): void {
  for (const [nodeId, own] of Map.groupBy(facts, (fact) => fact.nodeId)) {
    const kinds = own.filter((fact) => fact.kind !== 'claimed').map((fact) => fact.kind);
    expect(kinds, `RUN-8 ${nodeId}`).toEqual(kinds.map((_, index) => (index % 2 === 0 ? 'assigned' : 'ended')));
    expect(kinds.length % 2, `RUN-8 ${nodeId} has an attempt without an end`).toBe(0);
    const numbers = own.flatMap((fact) => (fact.kind === 'assigned' ? [fact.attempt] : []));
    expect(numbers).toEqual(numbers.map((_, index) => index + 1));
    expect(run.steps.get(nodeId)!.attempt).toBe(numbers.length);
    expect(run.steps.get(nodeId)!.losses, 'RUN-7').toBeLessThanOrEqual(3);
  }
}
