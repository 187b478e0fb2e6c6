/**
 * The process engine: a sandbox of namespaces (L2) or Landlock (L3) for each attempt, or at warm level `card` a child of a
 * zygote in a sandbox that serves one attempt after the other. Whatever is odd about the zygote, the attempt gets a sandbox of its own.
 * It knows folders and processes; what a card is, it does not.
 */
import { renameSync, statSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, rename, stat, utimes } from 'node:fs/promises';
import { createHash, randomUUID } from 'node:crypto';
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
} from '../execution-engine.ts';
import { startLauncher } from './launcher-process.ts';
import { recordSandbox, removeTree, startTicks, sweepLeftovers } from './leftovers.ts';
import { insidePaths, sandboxPlan, warmRun, zygotePlan, type Confinement, type PythonPlaces, type StandingLimits } from './sandbox-plan.ts';
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

/** Ids come from messages: as folder names they are hashed. */
const folderName = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32);

export class ProcessEngine implements ExecutionEngine {
  readonly name = 'process';
  readonly isolation: 'L2' | 'L3';
  readonly #options: ProcessEngineOptions;
  readonly #running = new Map<string, { stop(): void; end: Promise<unknown> }>();
  readonly #zygotes: ZygotePool | null;
  readonly #removals = new Set<Promise<void>>();
  readonly #runsInUse = new Map<string, number>();

  constructor(options: ProcessEngineOptions) {
    this.#options = options;
    this.isolation = options.confinement.level;
    this.#zygotes = this.#makePool();
  }

  /** Zygotes need mounts that are exchanged from outside, a uid of their own, and a pid namespace: L2 as root. */
  #makePool(): ZygotePool | null {
    const { warm, confinement, standing, uidOf, graceSeconds, launcherPython, workspace } = this.#options;
    if (warm === null || uidOf === null || confinement.level !== 'L2' || confinement.stage === null) return null;
    return new ZygotePool(warm, {
      start: (environment, index) => {
        const python = { ...this.#options.python, environment };
        const uid = uidOf(LAST_UID - index);
        const zygoteId = `zygote-${randomUUID()}`;
        const plan = zygotePlan({ confinement, processor: PROCESSOR, python, uid, standing, graceSeconds, zygoteId });
        const zygote = new ZygoteProcess(launcherPython, plan, uid);
        void this.#record(join(workspace, 'jobs', zygoteId), zygoteId, zygote).catch(() => undefined);
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

  warm(trustKey: string, python?: AttemptPython): void {
    const folder = python?.folder ?? this.#options.python.environment;
    this.#zygotes?.warm(trustWith(trustKey, folder), folder);
  }

  async close(): Promise<void> {
    await this.#zygotes?.close();
    await Promise.all(this.#removals);
  }

  /** Environments are made from the same base interpreter. */
  #pythonOf({ python }: AttemptPlace): PythonPlaces {
    return python === undefined ? this.#options.python : { ...this.#options.python, environment: python.folder };
  }

  async prepare(place: AttemptPlace): Promise<Sandbox> {
    const { workspace, uidOf, confinement } = this.#options;
    const python = this.#pythonOf(place);
    const folder = join(workspace, 'jobs', folderName(place.attemptId));
    const host = {
      job: join(folder, 'job'),
      out: join(folder, 'job', 'out'),
      scratch: join(workspace, 'scratch', folderName(place.runId)),
    };
    // Before the first wait: from now on nobody removes the scratch folder as idle.
    this.#runsInUse.set(host.scratch, (this.#runsInUse.get(host.scratch) ?? 0) + 1);
    if (await stat(folder).catch(() => null)) await removeTree(folder);
    await mkdir(host.out, { recursive: true });
    await mkdir(host.scratch, { recursive: true });
    await Promise.all([chmod(folder, 0o711), chmod(host.job, 0o755), chmod(host.scratch, 0o777)]);
    if (uidOf !== null) await chown(host.out, uidOf(place.slot), uidOf(place.slot));
    const { job, scratch } = insidePaths(confinement, python, host);
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
    const uses = (this.#runsInUse.get(sandbox.host.scratch) ?? 1) - 1;
    if (uses > 0) this.#runsInUse.set(sandbox.host.scratch, uses);
    else this.#runsInUse.delete(sandbox.host.scratch);
    const now = new Date();
    await utimes(sandbox.host.scratch, now, now).catch(() => undefined);
    // Out of the way at once; what is in it may take long to remove, and nobody waits for that.
    const going = join(this.#options.workspace, 'jobs', `gone-${randomUUID()}`);
    await rename(join(sandbox.host.job, '..'), going);
    const removal = removeTree(going)
      .catch(() => undefined)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  async removeIdleScratch(idleMs: number): Promise<void> {
    const scratch = join(this.#options.workspace, 'scratch');
    for (const name of await readdir(scratch)) {
      const folder = join(scratch, name);
      const used = await stat(folder).catch(() => null);
      // No wait between the question and the renaming, so that no attempt begins with a folder that goes away.
      if (used === null || Date.now() - used.mtimeMs < idleMs || this.#runsInUse.has(folder)) continue;
      const going = join(this.#options.workspace, 'jobs', `scratch-${name}-${Date.now()}`);
      try {
        renameSync(folder, going);
      } catch {
        // Another call of this was quicker.
        continue;
      }
      await removeTree(going);
    }
  }

  async sweep(): Promise<{ processes: number; folders: number }> {
    const { workspace } = this.#options;
    await mkdir(join(workspace, 'jobs'), { recursive: true });
    await mkdir(join(workspace, 'scratch'), { recursive: true });
    await chmod(workspace, 0o711);
    return sweepLeftovers(join(workspace, 'jobs'));
  }
}
