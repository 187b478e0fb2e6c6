/** What people see of runners: what heartbeats say, what was decided about them, and what they execute. Pure. */
import type { PoolInfo, RunnerInfo } from '@ensemble/protocol';
import type { KnownRunner } from './registrations.ts';
import type { RunnerView } from './runner-registry.ts';

type Task = RunnerInfo['tasks'][number];

export function describeRunners(
  live: readonly RunnerView[],
  known: readonly KnownRunner[],
  tasksOf: (runnerId: string) => Task[],
): RunnerInfo[] {
  const decided = new Map(known.map((runner) => [runner.id, runner]));
  const present = live.map(({ heartbeat, lastSeen }): RunnerInfo => {
    const runner = decided.get(heartbeat.runnerId);
    const { runnerId: id, name, version, startedAt, pools, engines, slots, cpus, memoryBytes, gpus, load, draining } = heartbeat;
    const state = draining ? 'draining' : 'online';
    return {
      id,
      name,
      state,
      ...decisionsOf(runner),
      lastSeen,
      version,
      startedAt,
      pools,
      engines,
      slots,
      cpus,
      memoryBytes,
      gpus,
      load,
      tasks: tasksOf(id),
    };
  });
  const here = new Set(present.map(({ id }) => id));
  const absent = known
    // Of one that was not registered nothing is left but a decision.
    .filter(({ id, publicKey, cordonedAt }) => !here.has(id) && (publicKey !== null || cordonedAt !== null))
    .map((runner): RunnerInfo => {
      const { id, name, lastSeenAt, pools } = runner;
      const machine = { version: null, startedAt: null, engines: [], slots: 0, cpus: 0, memoryBytes: 0, gpus: 0, load: null };
      const state = 'offline';
      return {
        id,
        name,
        state,
        ...decisionsOf(runner),
        lastSeen: lastSeenAt?.getTime() ?? null,
        pools: [...pools],
        ...machine,
        tasks: tasksOf(id),
      };
    });
  return [...present, ...absent].sort((a, b) => a.name.localeCompare(b.name) || (a.id < b.id ? -1 : 1));
}

const decisionsOf = (runner: KnownRunner | undefined): Pick<RunnerInfo, 'cordoned' | 'emptyAt' | 'registered'> => ({
  cordoned: runner?.cordonedAt != null,
  emptyAt: runner?.emptyAt?.getTime() ?? null,
  registered: runner?.publicKey != null,
});

/** Of runners that take work. */
export function describePools(runners: readonly RunnerInfo[]): PoolInfo[] {
  const open = runners.filter(({ state, cordoned }) => state === 'online' && !cordoned);
  const names = [...new Set(open.flatMap(({ pools }) => pools))].sort();
  return names.map((pool) => {
    const serving = open.filter(({ pools }) => pools.includes(pool));
    const sum = (of: (runner: RunnerInfo) => number): number => serving.reduce((total, runner) => total + of(runner), 0);
    const most = (of: (runner: RunnerInfo) => number): number => Math.max(...serving.map(of));
    return {
      pool,
      runners: serving.length,
      slots: sum(({ slots }) => slots),
      busy: sum(({ tasks }) => tasks.length),
      cpus: most(({ cpus }) => cpus),
      memoryBytes: most(({ memoryBytes }) => memoryBytes),
      gpus: most(({ gpus }) => gpus),
    };
  });
}
