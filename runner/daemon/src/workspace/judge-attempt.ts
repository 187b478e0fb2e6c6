/** From the facts of an ended sandbox to one outcome. Pure; does no I/O and knows no message. */
import type { HarnessResult, StepError } from '@ensemble/protocol';
import type { SandboxEnd } from '../engines/execution-engine.ts';

export interface AttemptFacts {
  end: SandboxEnd;
  result: HarnessResult | null;
  /** What was wrong with the outputs, as a sentence. */
  problem: string | null;
  /** Why the engine was asked to stop it, if it was. */
  stopReason: 'cancelled' | 'draining' | null;
  limits: { wallSeconds: number; memoryBytes: number; folderBytes: number; memoryAsked: boolean };
  /** The last bytes of the log: an abort says its reason there. */
  logEnd: string;
}

export type Verdict = { outcome: 'succeeded' } | { outcome: 'cancelled' } | { outcome: 'failed'; error: StepError };

const SIGNALS: Record<number, string> = {
  4: 'SIGILL, an instruction this processor lacks',
  6: 'SIGABRT, an abort inside a library',
  7: 'SIGBUS, a broken memory access',
  8: 'SIGFPE, an arithmetic fault',
  9: 'SIGKILL',
  11: 'SIGSEGV, a crash inside a library',
  15: 'SIGTERM',
  24: 'SIGXCPU, its limit of processor time',
  25: 'SIGXFSZ, its limit of file size',
  31: 'SIGSYS, a forbidden system call',
};

/** `2147483648` → `2 GiB` */
export function showBytes(bytes: number): string {
  const unit = bytes >= 1024 ** 3 ? (['GiB', 1024 ** 3] as const) : (['MiB', 1024 ** 2] as const);
  return `${Number((bytes / unit[1]).toFixed(1))} ${unit[0]}`;
}

const outOfMemory = ({ memoryBytes, memoryAsked }: AttemptFacts['limits']): string => {
  const [limit, more] = [showBytes(memoryBytes), showBytes(memoryBytes * 2).replace(' ', '')];
  const why = memoryAsked ? `this node asked for ${limit}` : `this node asked for nothing, and ${limit} is the default`;
  return `out of memory at ${limit}; ${why}. Use less, or ask for more with resources = {"memory": "${more}"} in the card`;
};

const failed = (kind: StepError['kind'], message: string): Verdict => ({ outcome: 'failed', error: { kind, message } });

function withoutResult({ end, logEnd, limits }: AttemptFacts): Verdict {
  if (/bad_alloc|Cannot allocate memory|MemoryError/.test(logEnd) && end.exit !== null && !('code' in end.exit && end.exit.code === 0)) {
    return failed('memory', outOfMemory(limits));
  }
  if (end.exit !== null && 'signal' in end.exit) {
    const { signal } = end.exit;
    return failed('card', `the card's process was killed by signal ${signal} (${SIGNALS[signal] ?? 'unknown'})`);
  }
  const code = end.exit?.code ?? 'unknown';
  return failed('contract', `the card's process ended with code ${code} before it returned; it must not call os._exit or replace itself`);
}

/** Decides once, from everything that is known. The engine's own cause outranks whatever the card left behind. */
export function judgeAttempt(facts: AttemptFacts): Verdict {
  const { end, result, problem, stopReason, limits } = facts;
  switch (end.cause) {
    case 'stopped':
      if (stopReason === 'draining') return failed('infrastructure', 'the runner was told to stop; the step is tried again elsewhere');
      return { outcome: 'cancelled' };
    case 'timeout':
      return failed(
        'timeout',
        `stopped after ${limits.wallSeconds} s, its time limit; make it faster, or ask for more with resources = {"timeout": ${Math.ceil(limits.wallSeconds * 2)}} in the card`,
      );
    case 'memory':
      return failed('memory', outOfMemory(limits));
    case 'disk':
      return failed(
        'card',
        `stopped because it left more than ${showBytes(limits.folderBytes)} or too many files in its outputs or in /tmp`,
      );
    case 'finished':
  }
  if (stopReason === 'cancelled') return { outcome: 'cancelled' };
  if (problem !== null) return failed('contract', problem);
  if (result === null) return withoutResult(facts);
  if (result.status === 'succeeded') return { outcome: 'succeeded' };
  const error = result.error ?? { kind: 'card', message: 'the card failed without saying why' };
  if (error.kind === 'memory') return { outcome: 'failed', error: { ...error, message: outOfMemory(limits) } };
  // A card may have written this itself; only the runner may say that something was not the card's fault.
  const kind = error.kind === 'contract' ? 'contract' : 'card';
  return {
    outcome: 'failed',
    error: {
      ...error,
      kind,
      message: error.message.slice(0, 2_000),
      ...(error.traceback === undefined ? {} : { traceback: error.traceback.slice(0, 40_000) }),
    },
  };
}
