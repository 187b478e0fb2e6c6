/** What the Runners page says of a machine, in words. Pure. */
import type { PoolInfo, RunnerInfo } from '@ensemble/protocol';

const GIB = 1024 ** 3;

export const showMemory = (bytes: number): string =>
  `${bytes >= 10 * GIB ? Math.floor(bytes / GIB) : Math.floor((bytes / GIB) * 10) / 10} GiB`;

const count = (n: number, what: string): string => `${n} ${what}${n === 1 ? '' : 's'}`;

/** `2 slots · 4 cores · 15.5 GiB · 1 GPU` */
export function machineText({ slots, cpus, memoryBytes, gpus }: Pick<RunnerInfo, 'slots' | 'cpus' | 'memoryBytes' | 'gpus'>): string {
  return [count(slots, 'slot'), count(cpus, 'core'), showMemory(memoryBytes), ...(gpus > 0 ? [count(gpus, 'GPU')] : [])].join(' · ');
}

/** `2 runners · 1 of 4 slots busy · at most 8 cores, 31 GiB for one card` */
export function poolText({ runners, slots, busy, cpus, memoryBytes, gpus }: PoolInfo): string {
  const most = [count(cpus, 'core'), showMemory(memoryBytes), ...(gpus > 0 ? [count(gpus, 'GPU')] : [])].join(', ');
  return `${count(runners, 'runner')} · ${busy} of ${count(slots, 'slot')} busy · at most ${most} for one card`;
}

/** One word for the badge, and its colour. */
export function stateOf({ state, cordoned, emptyAt, tasks }: RunnerInfo): { word: string; color: string } {
  if (state === 'offline') return { word: 'not connected', color: 'gray' };
  if (state === 'draining') return { word: 'shutting down', color: 'yellow' };
  if (cordoned && emptyAt !== null && tasks.length > 0) return { word: 'draining', color: 'yellow' };
  return cordoned ? { word: 'takes nothing new', color: 'yellow' } : { word: 'online', color: 'green' };
}

/** What to paste on the other machine, in a copy of the product's folder. */
export const runnerCommand = (serverUrl: string, token: string): string =>
  `ENSEMBLE_SERVER_URL=${serverUrl} ENSEMBLE_RUNNER_TOKEN=${token} npm run runner`;
