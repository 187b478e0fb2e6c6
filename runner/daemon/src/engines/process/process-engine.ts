/**
 * The process engine: a sandbox of namespaces (L2) or Landlock (L3) for each attempt, or at warm level `card` a child of a
 * zygote in a sandbox that serves one attempt after the other. Whatever is odd about the zygote, the attempt gets a sandbox of its own.
 * It knows folders and processes; what a card is, it does not.
 */
import { statSync } from 'node:fs';
import { chown, mkdir } from 'node:fs/promises';
import { randomUUID } from 'node:crypto';
import { join } from 'node:path';
import type {
  AttemptPlace,
  AttemptPython,
  ExecutionEngine,
  Sandbox,
  SandboxEnd,
  SandboxLimits,
  SandboxProgram,
  SandboxSink,
  StandingLimits,
} from '../execution-engine.ts';
import { JobFolders, removeTree } from '../job-folders.ts';
import { startLauncher } from './launcher-process.ts';
import { recordSandbox, startTicks, sweepLeftovers } from './leftovers.ts';
import { insidePaths, sandboxPlan, warmRun, zygotePlan, type Confinement, type PythonPlaces } from './sandbox-plan.ts';
import { NotBegun, ZygoteProcess } from './zygotes/zygote-process.ts';
import { ZygotePool, type PoolLimits } from './zygotes/zygote-pool.ts';

export interface ProcessEngineOptions {
  /** Folder of the daemon's own; nobody else writes there. */
  workspace: string;
  confinement: Confinement;
  python: PythonPlaces;
  /** Runs the launcher: any Python from 3.9 on, standard library only. */
  launcherPython: string;
  standing: StandingLimits;
  /** As root: the uid of a slot. Null for an ordinary user. */
  uidOf: ((slot: number) => number) | null;
  /** Between SIGTERM and SIGKILL. */
  graceSeconds: number;
  /** Null: every attempt gets a sandbox of its own. */
  warm: WarmLimits | null;
}

interface WarmLimits extends PoolLimits {
  onRefused(reason: string): void;
}

const PROCESSOR = process.arch === 'arm64' ? 'arm64' : 'x64';
/** Zygotes have uids from the end of the daemon's range, slots from its beginning. */
const LAST_UID = 255;
const STOPPED_BEFORE: SandboxEnd = { cause: 'stopped', exit: null, peakMemoryBytes: 0, durationMs: 0, warm: 'card' };

/** An environment that was removed and made again is another one, at the same path. */
function trustWith(trustKey: string, folder: string): string {
  const about = statSync(folder, { throwIfNoEntry: false });
  return JSON.stringify([trustKey, about?.ino]);
}

export class ProcessEngine implements ExecutionEngine {
  readonly name = 'process';
  readonly isolation: 'L2' | 'L3';
  readonly #options: ProcessEngineOptions;
  readonly #running = new Map<string, { stop(): void; end: Promise<unknown> }>();
  readonly #zygotes: ZygotePool | null;
  readonly #folders: JobFolders;

  constructor(options: ProcessEngineOptions) {
    this.#options = options;
    this.isolation = options.confinement.level;
    this.#folders = new JobFolders(options.workspace, options.uidOf);
    this.#zygotes = this.#makePool();
  }

  /** Zygotes need mounts that are exchanged from outside, a uid of their own, and a pid namespace: L2 as root. */
  #makePool(): ZygotePool | null {
    const { warm, confinement, standing, uidOf, graceSeconds, launcherPython } = this.#options;
    if (warm === null || uidOf === null || confinement.level !== 'L2' || confinement.stage === null) return null;
    return new ZygotePool(warm, {
      start: (environment, index) => {
        const python = { ...this.#options.python, environment };
        const uid = uidOf(LAST_UID - index);
        const zygoteId = `zygote-${randomUUID()}`;
        const plan = zygotePlan({ confinement, processor: PROCESSOR, python, uid, standing, graceSeconds, zygoteId });
        const zygote = new ZygoteProcess(launcherPython, plan, uid);
        void this.#record(join(this.#folders.jobs, zygoteId), zygoteId, zygote).catch(() => undefined);
        return zygote;
      },
      onRefused: warm.onRefused,
    });
  }

  /** For the daemon that comes after this one. */
  async #record(folder: string, zygoteId: string, zygote: ZygoteProcess): Promise<void> {
    await mkdir(folder);
    const ticks = await startTicks(zygote.pid);
    if (ticks !== null) await recordSandbox(folder, { launcherPid: zygote.pid, startTicks: ticks, uid: zygote.uid, attemptId: zygoteId });
    await zygote.gone;
    await removeTree(folder);
  }

  keepWarm(): void {
    this.#zygotes?.keep(this.#options.python.environment);
  }

  warm(trustKey: string, python?: AttemptPython): void {
    const folder = python?.folder ?? this.#options.python.environment;
    this.#zygotes?.warm(trustWith(trustKey, folder), folder);
  }

  async close(): Promise<void> {
    await this.#zygotes?.close();
    await this.#folders.settle();
  }

  /** Environments are made from the same base interpreter. */
  #pythonOf({ python }: AttemptPlace): PythonPlaces {
    return python === undefined ? this.#options.python : { ...this.#options.python, environment: python.folder };
  }

  async prepare(place: AttemptPlace): Promise<Sandbox> {
    const host = await this.#folders.prepare(place);
    const { job, scratch } = insidePaths(this.#options.confinement, this.#pythonOf(place), host);
    return { ...place, host, inside: { job, scratch } };
  }

  async run(sandbox: Sandbox, program: SandboxProgram, limits: SandboxLimits, sink: SandboxSink): Promise<SandboxEnd> {
    const { confinement, standing, uidOf, graceSeconds, launcherPython } = this.#options;
    const python = this.#pythonOf(sandbox);
    const uid = uidOf?.(sandbox.slot) ?? null;
    const { attemptId, host } = sandbox;
    const ended = await this.#runWarm(sandbox, python, program, limits, sink);
    if (ended !== null) return ended;
    const plan = sandboxPlan({ confinement, processor: PROCESSOR, python, host, uid, attemptId, limits, standing, program, graceSeconds });
    const launcher = startLauncher(launcherPython, confinement.level, plan, sink);
    this.#running.set(attemptId, launcher);
    // It may end before it is waited for.
    launcher.end.catch(() => undefined);
    try {
      const ticks = launcher.pid > 0 ? await startTicks(launcher.pid) : null;
      if (ticks !== null) await recordSandbox(join(host.job, '..'), { launcherPid: launcher.pid, startTicks: ticks, uid, attemptId });
      return await launcher.end;
    } finally {
      this.#running.delete(attemptId);
    }
  }

  /** Null when no zygote took the attempt. */
  async #runWarm(
    sandbox: Sandbox,
    python: PythonPlaces,
    program: SandboxProgram,
    limits: SandboxLimits,
    sink: SandboxSink,
  ): Promise<SandboxEnd | null> {
    const { confinement, standing } = this.#options;
    const { attemptId, trustKey, host } = sandbox;
    if (this.#zygotes === null || trustKey === undefined) return null;
    let stopped = false;
    const { promise: over, resolve: tellOver } = Promise.withResolvers<void>();
    const running = { stop: (): void => void (stopped = true), end: over };
    this.#running.set(attemptId, running);
    try {
      const zygote = await this.#zygotes.take(trustWith(trustKey, python.environment), python.environment);
      if (zygote === null) return stopped ? STOPPED_BEFORE : null;
      let ended: Promise<SandboxEnd>;
      try {
        await chown(host.out, zygote.uid, zygote.uid);
        ended = zygote.run(attemptId, warmRun({ confinement, python, host, attemptId, limits, standing, program }), sink);
      } finally {
        this.#zygotes.release(zygote);
      }
      running.stop = () => zygote.stop(attemptId);
      if (stopped) zygote.stop(attemptId);
      return await ended;
    } catch (error) {
      if (!(error instanceof NotBegun)) throw error;
      const uid = this.#options.uidOf?.(sandbox.slot);
      if (uid !== undefined) await chown(host.out, uid, uid);
      return stopped ? STOPPED_BEFORE : null;
    } finally {
      tellOver();
      this.#running.delete(attemptId);
    }
  }

  async cancel(attemptId: string): Promise<void> {
    const running = this.#running.get(attemptId);
    if (running === undefined) return;
    running.stop();
    await running.end.catch(() => undefined);
  }

  async dispose(sandbox: Sandbox): Promise<void> {
    this.#folders.dispose(sandbox.host);
  }

  removeIdleScratch(idleMs: number): Promise<void> {
    return this.#folders.removeIdleScratch(idleMs);
  }

  async sweep(): Promise<{ processes: number; folders: number }> {
    await this.#folders.open();
    return sweepLeftovers(this.#folders.jobs);
  }
}
