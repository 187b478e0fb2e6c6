/** Why an attempt still waits, in one sentence for people (RUNNER-3). Pure. */
import type { Need } from '@ensemble/protocol';
import { fitsAtAll, type RunnerCapacity } from './dispatcher.ts';
import { needKey, type WaitingAttempt } from './fair-queue.ts';

export interface QueueNote {
  reason: string;
  /** 1-based; absent when no runner can execute it, and for all but the first. */
  position?: number;
}

/** All places change whenever one step begins: telling a thousand of them each time would flood the documents. */
const PLACES_TOLD = 20;

/** What waits, as the dispatcher tells it. */
export interface Waiting {
  /** In the order of their turn, without those whose `needKey` is in `skipped`, which may grow meanwhile. */
  inTurn(skipped: ReadonlySet<string>): Iterable<WaitingAttempt>;
  /** In no order. */
  all(): Iterable<WaitingAttempt>;
}

export function queueNotes(waiting: Waiting, runners: readonly RunnerCapacity[]): Map<string, QueueNote> {
  const notes = new Map<string, QueueNote>();
  const places = new Map<string, number>();
  const obstacles = new Map<string, string | undefined>();
  const obstacle = (need: Need): string | undefined => {
    const key = needKey(need);
    if (!obstacles.has(key)) obstacles.set(key, obstacleOf(need, runners));
    return obstacles.get(key);
  };
  const told = new Set<string>();
  for (const { attemptId, need } of waiting.inTurn(told)) {
    const place = (places.get(need.pool) ?? 0) + 1;
    if (obstacle(need) !== undefined || place > PLACES_TOLD) {
      told.add(needKey(need));
      continue;
    }
    places.set(need.pool, place);
    notes.set(attemptId, { reason: `${ordinal(place)} in the queue for ${need.pool}`, position: place });
  }
  for (const { attemptId, need } of waiting.all()) {
    if (!notes.has(attemptId))
      notes.set(attemptId, { reason: obstacle(need) ?? `behind the first ${PLACES_TOLD} in the queue for ${need.pool}` });
  }
  return notes;
}

/** Why no runner of this moment can execute it; undefined when one can. */
function obstacleOf(need: Need, runners: readonly RunnerCapacity[]): string | undefined {
  const { pool } = need;
  const ofPool = runners.filter((runner) => runner.pools.includes(pool));
  if (ofPool.length === 0) return pool === 'gpu' ? 'no GPU runner is connected' : `no runner of pool ${pool} is connected`;
  const open = ofPool.filter((runner) => runner.takes);
  if (open.length === 0) return `all runners of pool ${pool} are cordoned or shutting down`;
  if (open.some((runner) => fitsAtAll(runner, need))) return undefined;
  const largest = (what: 'cpus' | 'memoryBytes' | 'gpus'): number => Math.max(...open.map((runner) => runner[what]));
  const { cpus = 0, memoryBytes = 0, gpus } = need;
  if (memoryBytes > largest('memoryBytes')) {
    return `needs ${showBytes(memoryBytes)}; the largest runner has ${showBytes(largest('memoryBytes'), 'down')}`;
  }
  if (cpus > largest('cpus')) return `needs ${count(cpus, 'core')}; the largest runner has ${largest('cpus')}`;
  if (gpus > largest('gpus')) return `needs ${count(gpus, 'GPU')}; the largest runner has ${largest('gpus')}`;
  return `no runner of pool ${pool} has cores, memory and GPUs enough for it at once`;
}

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `4 GiB`. `down` never promises more than there is. */
function showBytes(bytes: number, rounding?: 'down'): string {
  const unit = bytes >= 1024 ** 3 ? (['GiB', 1024 ** 3] as const) : (['MiB', 1024 ** 2] as const);
  const tenths = (bytes / unit[1]) * 10;
  return `${(rounding === 'down' ? Math.floor(tenths) : Math.ceil(tenths)) / 10} ${unit[0]}`;
}

export function ordinal(n: number): string {
  const teen = n % 100 >= 11 && n % 100 <= 13;
  return `${n}${teen ? 'th' : (['th', 'st', 'nd', 'rd'][n % 10] ?? 'th')}`;
}
