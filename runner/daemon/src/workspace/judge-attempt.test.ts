import { describe, expect, it } from 'vitest';
import { judgeAttempt, showBytes, type AttemptFacts } from './judge-attempt.ts';

const facts = (overrides: Partial<AttemptFacts> = {}): AttemptFacts => ({
  end: { cause: 'finished', exit: { code: 0 }, peakMemoryBytes: 0, durationMs: 1, warm: 'container' },
  result: { v: 1, status: 'succeeded', artifacts: [], preview: false },
  problem: null,
  stopReason: null,
  limits: { wallSeconds: 300, memoryBytes: 2 * 1024 ** 3, folderBytes: 1024 ** 3, memoryAsked: false },
  logEnd: '',
  ...overrides,
});
const ended = (cause: AttemptFacts['end']['cause'], exit: AttemptFacts['end']['exit'] = null): Partial<AttemptFacts> => ({
  end: { cause, exit, peakMemoryBytes: 0, durationMs: 1, warm: 'container' },
});

describe('judgeAttempt', () => {
  it('lets the cause that the engine saw outrank a result that the card left', () => {
    expect(judgeAttempt(facts())).toEqual({ outcome: 'succeeded' });
    expect(judgeAttempt(facts(ended('timeout')))).toMatchObject({
      error: { kind: 'timeout', message: expect.stringMatching(/^stopped after 300 s, its time limit; /) as string },
    });
    expect(judgeAttempt(facts(ended('memory')))).toMatchObject({
      error: {
        kind: 'memory',
        message:
          'out of memory at 2 GiB; this node asked for nothing, and 2 GiB is the default. Use less, or ask for more with resources = {"memory": "4GiB"} in the card',
      },
    });
    expect(judgeAttempt(facts({ ...ended('stopped'), stopReason: 'cancelled' }))).toEqual({ outcome: 'cancelled' });
    expect(judgeAttempt(facts({ ...ended('stopped'), stopReason: 'draining' }))).toMatchObject({ error: { kind: 'infrastructure' } });
  });

  it('lets no card call its failure the fault of the machine', () => {
    const error = { kind: 'infrastructure' as const, message: 'not my fault' };
    const result = { v: 1 as const, status: 'failed' as const, artifacts: [], preview: false, error };
    expect(judgeAttempt(facts({ result }))).toMatchObject({ outcome: 'failed', error: { kind: 'card' } });
  });

  it('says what ended a process that left no result', () => {
    const without = (exit: AttemptFacts['end']['exit'], logEnd = '') =>
      judgeAttempt(facts({ ...ended('finished', exit), result: null, logEnd }));
    expect(without({ signal: 11 })).toMatchObject({ error: { kind: 'card', message: expect.stringContaining('SIGSEGV') as string } });
    expect(without({ code: 3 })).toMatchObject({ error: { kind: 'contract', message: expect.stringContaining('code 3') as string } });
    expect(without({ signal: 6 }, 'terminate called after throwing std::bad_alloc')).toMatchObject({ error: { kind: 'memory' } });
  });

  it('reports broken outputs as a breach of the contract', () => {
    expect(judgeAttempt(facts({ problem: 'output "out" is a link; save a file instead' }))).toMatchObject({ error: { kind: 'contract' } });
  });
});

it('shows bytes as people write them in a card', () => {
  expect([300 * 1024 ** 2, 1024 ** 3, 1.5 * 1024 ** 3].map(showBytes)).toEqual(['300 MiB', '1 GiB', '1.5 GiB']);
});
