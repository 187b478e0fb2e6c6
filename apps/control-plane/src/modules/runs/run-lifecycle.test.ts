import { describe, expect, test } from 'vitest';
import type { Decision, RunEvent } from './run-lifecycle.ts';
import { decide } from './run-lifecycle.ts';
import type { Run } from './run-model.ts';
import { countingContext, failure, liveOf, pinnedResult, resultFor, runFor, statesOf, stepOf } from './test-run.ts';

/** A run that is told events by node name, as a runner and a person would cause them. */
class Story {
  readonly context = countingContext();
  run: Run;
  last: Decision;

  constructor(graph: Record<string, string[]>, retries?: Record<string, number>, pinned: string[] = []) {
    this.run = runFor(graph, retries, new Set(pinned));
    this.last = this.tell({ kind: 'started' });
  }

  tell(...events: RunEvent[]): Decision {
    this.last = decide(this.run, events, this.context);
    this.run = this.last.run;
    return this.last;
  }

  claim(nodeId: string, runnerId = 'runner', isolation: 'L2' | 'L3' = 'L2'): Decision {
    const attemptId = liveOf(this.run, nodeId);
    return this.tell({ kind: 'attemptClaimed', nodeId, attemptId, runnerId, ackSubject: `ack.${attemptId}`, isolation });
  }

  end(nodeId: string, changes = {}): Decision {
    const attemptId = liveOf(this.run, nodeId);
    return this.tell({ kind: 'attemptEnded', nodeId, attemptId, result: resultFor(attemptId, nodeId, changes) });
  }

  lose(nodeId: string): Decision {
    return this.tell({ kind: 'attemptLost', nodeId, attemptId: liveOf(this.run, nodeId), reason: 'The runner was lost.' });
  }

  succeed(...nodeIds: string[]): void {
    for (const nodeId of nodeIds) {
      this.claim(nodeId);
      this.end(nodeId);
    }
  }

  retry(nodeId: string): Decision {
    const { phase } = stepOf(this.run, nodeId);
    if (phase.state === 'queued' && phase.waitsFor === 'retry') this.context.now = phase.retryAt;
    return this.tell({ kind: 'retryDue', nodeId });
  }
}

describe('the life of a run', () => {
  test('RUN-1 a step is assigned when its inputs are there, whatever its level', () => {
    const story = new Story({ slow: [], fast: [], next: ['fast'], join: ['slow', 'next'] });
    expect(statesOf(story.run)).toEqual({ slow: 'queued', fast: 'queued', next: 'pending', join: 'pending' });
    story.succeed('fast');
    expect(statesOf(story.run)).toEqual({ slow: 'queued', fast: 'succeeded', next: 'queued', join: 'pending' });
    story.succeed('next');
    expect(stepOf(story.run, 'join').phase.state).toBe('pending');
    story.succeed('slow');
    expect(story.last.effects).toMatchObject([{ kind: 'assign', nodeId: 'join', attempt: 1 }]);
  });

  test('RUN-2 a failure skips only what depends on it, and each skipped step names the cause', () => {
    const story = new Story({ a: [], b: ['a'], c: ['b'], other: [], after: ['other'] });
    story.succeed('a');
    story.end('b', failure('card'));
    expect(stepOf(story.run, 'c').phase).toMatchObject({ state: 'skipped', reason: 'Skipped, because “B” failed.' });
    story.succeed('other', 'after');
    expect(statesOf(story.run)).toEqual({ a: 'succeeded', b: 'failed', c: 'skipped', other: 'succeeded', after: 'succeeded' });
    expect(story.run.state).toBe('failed');
  });

  test('RUN-3 a final state never changes', () => {
    const story = new Story({ a: [] });
    const attemptId = liveOf(story.run, 'a');
    story.succeed('a');
    const before = story.run;
    const decision = story.tell(
      { kind: 'attemptEnded', nodeId: 'a', attemptId, result: resultFor(attemptId, 'a', failure('card')) },
      { kind: 'attemptLost', nodeId: 'a', attemptId, reason: 'late' },
      { kind: 'cancelRequested' },
      { kind: 'stepCancelRequested', nodeId: 'a' },
      { kind: 'retryDue', nodeId: 'a' },
      { kind: 'started' },
    );
    expect(decision).toMatchObject({ runChanged: false, effects: [], attempts: [] });
    expect(decision.changed.size).toBe(0);
    expect(decision.run).toEqual(before);
  });

  test('RUN-4 a cancelled run starts no further step and every unfinished step ends cancelled', () => {
    const story = new Story({ done: [], runs: [], waits: [], next: ['runs'] });
    story.succeed('done');
    story.claim('runs');
    const decision = story.tell({ kind: 'cancelRequested' });
    expect(decision.effects).toEqual([{ kind: 'cancelAttempt', attemptId: liveOf(story.run, 'runs'), runnerId: 'runner' }]);
    expect(statesOf(story.run)).toEqual({ done: 'succeeded', runs: 'running', waits: 'cancelled', next: 'cancelled' });
    story.end('runs');
    expect(story.last.effects).toEqual([]);
    expect(statesOf(story.run).runs).toBe('cancelled');
    expect(story.run.state).toBe('cancelled');
  });

  test('RUN-4 a runner that is lost while it was to be cancelled ends the step, without another attempt', () => {
    const story = new Story({ a: [] });
    story.claim('a');
    story.tell({ kind: 'cancelRequested' });
    const decision = story.lose('a');
    expect(decision.effects).toEqual([{ kind: 'endDelivery', ackSubject: 'ack.attempt-1' }]);
    expect(story.run.state).toBe('cancelled');
  });

  test('a step that is cancelled alone skips what depends on it, and the run goes on', () => {
    const story = new Story({ a: [], b: ['a'], c: [] });
    story.claim('a');
    story.tell({ kind: 'stepCancelRequested', nodeId: 'a' });
    story.end('a', { outcome: 'cancelled' });
    expect(stepOf(story.run, 'b').phase).toMatchObject({ state: 'skipped', reason: 'Skipped, because “A” was cancelled.' });
    story.succeed('c');
    expect(story.run.state).toBe('cancelled');
  });

  test('RUN-5 the result of a fenced attempt is dropped', () => {
    const story = new Story({ a: [], b: ['a'] });
    story.claim('a');
    const old = liveOf(story.run, 'a');
    story.lose('a');
    story.retry('a');
    const decision = story.tell({ kind: 'attemptEnded', nodeId: 'a', attemptId: old, result: resultFor(old, 'a') });
    expect(decision.changed.size).toBe(0);
    expect(stepOf(story.run, 'a')).toMatchObject({ attempt: 2, phase: { state: 'queued', waitsFor: 'runner' } });
  });

  test('RUN-6 the second claim changes nothing, whoever asks', () => {
    const story = new Story({ a: [] });
    story.claim('a', 'first');
    expect(story.claim('a', 'second').changed.size).toBe(0);
    expect(stepOf(story.run, 'a').phase).toMatchObject({ state: 'running', runnerId: 'first' });
  });

  test('RUN-7 lost attempts are tried again with back-off, three in all', () => {
    const story = new Story({ a: [] });
    story.claim('a');
    expect(story.lose('a').effects).toEqual([
      { kind: 'endDelivery', ackSubject: 'ack.attempt-1' },
      { kind: 'retryAt', nodeId: 'a', at: 1_375 },
    ]);
    expect(story.tell({ kind: 'retryDue', nodeId: 'a' }).changed.size).toBe(0);
    story.retry('a');
    story.end('a', failure('infrastructure', 'The disk is full.'));
    story.retry('a');
    story.end('a', { outcome: 'cancelled' });
    expect(stepOf(story.run, 'a')).toMatchObject({ attempt: 3, losses: 3, phase: { state: 'failed' } });
    expect(story.last.run.state).toBe('failed');
  });

  test("RUN-7 a card's own failure is final unless its retries say otherwise", () => {
    const strict = new Story({ a: [] });
    strict.end('a', failure('card'));
    expect(strict.run.state).toBe('failed');

    const patient = new Story({ a: [] }, { a: 1 });
    patient.end('a', failure('card'));
    expect(stepOf(patient.run, 'a').phase).toMatchObject({ state: 'queued', waitsFor: 'retry' });
    patient.retry('a');
    patient.lose('a');
    patient.retry('a');
    patient.end('a', failure('timeout'));
    expect(stepOf(patient.run, 'a')).toMatchObject({ attempt: 3, losses: 1, cardFailures: 2, phase: { state: 'failed' } });
  });

  test('RUN-9 an empty plan has nothing to wait for', () => {
    expect(new Story({}).run.state).toBe('succeeded');
  });

  test('RUN-13 success without a promised output is a failure that names it', () => {
    const story = new Story({ a: [] });
    const plan = story.run.plan.steps.get('a')!;
    story.run = { ...story.run, plan: { ...story.run.plan, steps: new Map([['a', { ...plan, outputs: ['model'] }]]) } };
    story.end('a');
    expect(stepOf(story.run, 'a').phase).toMatchObject({ state: 'failed', outcome: { error: { kind: 'contract' } } });
    expect(JSON.stringify(stepOf(story.run, 'a').phase)).toContain('“model”');
  });

  test('RUN-14 the run shows the weakest isolation that any attempt had', () => {
    const story = new Story({ a: [], b: [], c: [] });
    story.claim('a', 'one', 'L2');
    expect(story.run).toMatchObject({ state: 'running', isolation: 'L2', startedAt: 1_000 });
    story.claim('b', 'two', 'L3');
    story.claim('c', 'one', 'L2');
    expect(story.run.isolation).toBe('L3');
  });

  test('RUN-16 a pinned step has succeeded from the start, without an attempt, and what takes its result goes on at once', () => {
    const story = new Story({ a: [], p: ['a'], b: ['p', 'a'], c: ['p'] }, {}, ['p']);
    expect(statesOf(story.run)).toEqual({ a: 'queued', p: 'succeeded', b: 'pending', c: 'queued' });
    expect(stepOf(story.run, 'p')).toMatchObject({
      attempt: 0,
      phase: { cached: true, startedAt: 1_000, finishedAt: 1_000, outcome: { outputs: pinnedResult('p').outputs } },
    });
    expect(story.last.attempts.map((fact) => fact.nodeId)).toEqual(['c', 'a']);
    story.end('a', failure('card'));
    expect(stepOf(story.run, 'b').phase).toMatchObject({ state: 'skipped', reason: 'Skipped, because “A” failed.' });
    story.succeed('c');
    expect(statesOf(story.run).p).toBe('succeeded');
    expect(story.tell({ kind: 'started' }, { kind: 'stepCancelRequested', nodeId: 'p' }).changed.size).toBe(0);
  });

  test('RUN-17 what only feeds pinned steps is not in the plan; a run of pinned steps alone is over at once', () => {
    const story = new Story({ a: [], b: ['a'], p: ['b'], end: ['p'] }, {}, ['p']);
    expect(statesOf(story.run)).toEqual({ p: 'succeeded', end: 'queued' });
    const still = new Story({ a: [], p: ['a'], q: ['p'] }, {}, ['p', 'q']);
    expect(statesOf(still.run)).toEqual({ p: 'succeeded', q: 'succeeded' });
    expect(still.run).toMatchObject({ state: 'succeeded', finishedAt: 1_000 });
  });

  test('events that come together are decided in order, as if they came one by one', () => {
    const story = new Story({ a: [], b: ['a'] });
    const attemptId = liveOf(story.run, 'a');
    const { attempts } = story.tell(
      { kind: 'attemptClaimed', nodeId: 'a', attemptId, runnerId: 'r', ackSubject: 's', isolation: 'L2' },
      { kind: 'attemptEnded', nodeId: 'a', attemptId, result: resultFor(attemptId, 'a') },
      { kind: 'cancelRequested' },
    );
    expect(attempts.map((fact) => `${fact.kind} ${fact.attemptId}`)).toEqual([
      'claimed attempt-1',
      'ended attempt-1',
      'assigned attempt-2',
      'ended attempt-2',
    ]);
    expect(statesOf(story.run)).toEqual({ a: 'succeeded', b: 'cancelled' });
  });
});
