/** Both isolation levels, ready to run hostile programs in. For tests only. */
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { findDocker } from '../../engines/docker/find-docker.ts';
import type { ExecutionEngine, Sandbox, SandboxEnd } from '../../engines/execution-engine.ts';
import { findPython } from '../../engines/process/find-python.ts';
import { findIsolation } from '../../engines/process/probe-isolation.ts';
import { claimSlotUids } from '../../engines/process/slot-uids.ts';
import { CARD_PYTHON, SDK_DIR, until } from '../test-bench.ts';
import type { TestDocker } from '../test-docker.ts';

export type Level = 'L1' | 'L2' | 'L3';
/** fresh: in a sandbox started for it. child: in a child of a zygote. */
type Mode = 'fresh' | 'child';
/** A zygote of a bench runs under this slot's user. */
export const ZYGOTE_SLOT = 255;
export const FOLDER_BYTES = 64 * 1024 ** 2;
const TRUST_KEY = 'project and starter';
const FOLDER_ENTRIES = 5_000;
const SHARED_MEMORY_BYTES = 16 * 1024 ** 2;

export interface HostileRun {
  level: Level;
  /** fresh without it. */
  mode?: Mode;
  slot: number;
  /** Staged into the job folder. */
  files?: Record<string, string>;
  /** Written to `targets.json`, with the paths as the card sees them. */
  targets?: Record<string, unknown>;
  args: (sandbox: Sandbox) => string[];
  memoryBytes?: number;
  wallSeconds?: number;
  /** Runs beside the program, which is stopped afterwards. Without it the program runs to its end. */
  during?: (output: () => string, sandbox: Sandbox) => Promise<void>;
  /** After all processes are gone, before the folders are. */
  after?: (sandbox: Sandbox, end: SandboxEnd, output: string) => Promise<void>;
}

export class ProbeBench {
  /** Open to everybody, and not below /tmp, which a sandbox replaces anyway: only the sandbox is in the way. */
  readonly folder: string;
  readonly uidOf: (slot: number) => number;
  readonly #engines: Map<Level | 'child', ExecutionEngine>;
  #count = 0;

  private constructor(folder: string, uidOf: (slot: number) => number, engines: Map<Level | 'child', ExecutionEngine>) {
    this.folder = folder;
    this.uidOf = uidOf;
    this.#engines = engines;
  }

  /** With level L1 where there is a Docker. */
  static async open(processes: number, docker: TestDocker | null): Promise<ProbeBench> {
    const folder = await mkdtemp('/var/tmp/ensemble-probes-');
    await chmod(folder, 0o755);
    const uidOf = await claimSlotUids();
    const python = await findPython(CARD_PYTHON);
    const engines = new Map<Level | 'child', ExecutionEngine>();
    const common = {
      uidOf,
      graceSeconds: 0.1,
      standing: {
        processes,
        openFiles: 256,
        folderBytes: FOLDER_BYTES,
        folderEntries: FOLDER_ENTRIES,
        sharedMemoryBytes: SHARED_MEMORY_BYTES,
        threads: 1,
      },
    };
    const places = { environment: python.environment, base: python.base, sdk: SDK_DIR, bubblewrap: '/usr/bin/bwrap' };
    for (const [name, level] of [
      ['L2', 'L2'],
      ['L3', 'L3'],
      ['child', 'L2'],
    ] as const) {
      const warm = name === 'child' ? { perKey: 1, total: 1, idleMs: 600_000, onRefused: (reason: string) => console.warn(reason) } : null;
      const found = await findIsolation(
        { ...common, workspace: join(folder, name), python: places, launcherPython: '/usr/bin/python3', warm },
        level,
      );
      if (!found.found) throw new Error(found.sentence);
      engines.set(name, found.engine);
    }
    if (docker !== null) {
      const { socketPath, image } = docker;
      const owner = { instance: 'probes', runner: folder };
      const found = await findDocker(
        {
          ...common,
          workspace: join(folder, 'L1'),
          python: places,
          helperPython: '/usr/bin/python3',
          socketPath,
          owner,
          images: { cpu: image, gpu: null },
          gpus: 0,
        },
        'L1',
      );
      if (!found.found) throw new Error(found.sentence);
      engines.set('L1', found.engine);
    }
    return new ProbeBench(folder, uidOf ?? (() => process.getuid?.() ?? 0), engines);
  }

  /** Settles when a zygote waits; then the next program with the mode `child` runs in a child of it. */
  async zygote(): Promise<void> {
    const engine = this.#engines.get('child');
    engine?.warm(TRUST_KEY);
    await until('a zygote', async () => {
      const end = await this.inSandbox({ level: 'L2', mode: 'child', slot: 0, args: () => ['-c', ''] });
      return end.warm === 'card';
    });
  }

  async inSandbox(run: HostileRun): Promise<SandboxEnd> {
    const engine = this.#engines.get(run.mode === 'child' ? 'child' : run.level);
    if (engine === undefined) throw new Error(`no engine for ${run.level}`);
    this.#count += 1;
    const sandbox = await engine.prepare({
      attemptId: `${run.level}-${this.#count}`,
      runId: `${run.level}-${this.#count}`,
      slot: run.slot,
      trustKey: TRUST_KEY,
    });
    const around = sandbox.inside.job.replace(/job$/, '');
    const targets = { ...run.targets, job: sandbox.inside.job, sdk: `${around}sdk`, python: `${around}python` };
    for (const [name, content] of Object.entries({ ...run.files, 'targets.json': JSON.stringify(targets) })) {
      await writeFile(join(sandbox.host.job, name), content);
    }
    let output = '';
    const ended = engine.run(
      sandbox,
      { args: run.args(sandbox), environment: {} },
      { memoryBytes: run.memoryBytes ?? 512 * 1024 ** 2, wallSeconds: run.wallSeconds ?? 300 },
      { output: (bytes) => void (output.length < 1024 ** 2 && (output += bytes.toString('utf8'))), event: () => undefined },
    );
    try {
      if (run.during !== undefined) {
        await run.during(() => output, sandbox);
        await engine.cancel(sandbox.attemptId);
      }
      const end = await ended;
      if (run.mode === 'child' && end.warm !== 'card' && run.during !== undefined) throw new Error('it did not run in a child of a zygote');
      await run.after?.(sandbox, end, output);
      return end;
    } finally {
      await engine.cancel(sandbox.attemptId);
      await engine.dispose(sandbox);
      await engine.removeIdleScratch(0);
    }
  }

  async close(): Promise<void> {
    for (const engine of this.#engines.values()) await engine.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}
