/**
 * The process engine: a fresh sandbox of namespaces (L2) or Landlock (L3) for each attempt.
 * It knows folders and processes; what a card is, it does not.
 */
import { renameSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, stat, utimes } from 'node:fs/promises';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import type {
  AttemptPlace,
  ExecutionEngine,
  Sandbox,
  SandboxEnd,
  SandboxLimits,
  SandboxProgram,
  SandboxSink,
} from '../execution-engine.ts';
import { startLauncher, type LauncherProcess } from './launcher-process.ts';
import { recordSandbox, removeTree, startTicks, sweepLeftovers } from './leftovers.ts';
import { insidePaths, sandboxPlan, type Confinement, type PythonPlaces, type StandingLimits } from './sandbox-plan.ts';

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
}

/** Ids come from messages: as folder names they are hashed. */
const folderName = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32);

export class ProcessEngine implements ExecutionEngine {
  readonly name = 'process';
  readonly isolation: 'L2' | 'L3';
  readonly #options: ProcessEngineOptions;
  readonly #running = new Map<string, LauncherProcess>();
  readonly #runsInUse = new Map<string, number>();

  constructor(options: ProcessEngineOptions) {
    this.#options = options;
    this.isolation = options.confinement.level;
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
    await removeTree(folder);
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
    const processor = process.arch === 'arm64' ? 'arm64' : 'x64';
    const plan = sandboxPlan({ confinement, processor, python, host, uid, attemptId, limits, standing, program, graceSeconds });
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

  async cancel(attemptId: string): Promise<void> {
    const launcher = this.#running.get(attemptId);
    if (launcher === undefined) return;
    launcher.stop();
    await launcher.end.catch(() => undefined);
  }

  async dispose(sandbox: Sandbox): Promise<void> {
    const uses = (this.#runsInUse.get(sandbox.host.scratch) ?? 1) - 1;
    if (uses > 0) this.#runsInUse.set(sandbox.host.scratch, uses);
    else this.#runsInUse.delete(sandbox.host.scratch);
    const now = new Date();
    await utimes(sandbox.host.scratch, now, now).catch(() => undefined);
    await removeTree(join(sandbox.host.job, '..'));
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
