/**
 * What an engine does: gives an attempt a confined place, runs one program in it, and leaves no process behind.
 * It knows nothing of cards, messages or the control plane.
 */
import type { IsolationLevel } from '@ensemble/protocol';

/** An environment to run in instead of the base environment. The folder is bound read-only; never start its interpreter outside a sandbox. */
export interface AttemptPython {
  /** `<folder>/bin/python` */
  executable: string;
  folder: string;
}

/** Who asks for a sandbox. `slot` counts from 0; two attempts at one time never have the same. */
export interface AttemptPlace {
  attemptId: string;
  runId: string;
  /** Project and starter of the run: only attempts with the same key ever share a warm sandbox. Absent: a fresh one. */
  trustKey?: string;
  slot: number;
  /** Absent: the base environment. */
  python?: AttemptPython;
}

/** A place made by `prepare`. `host` paths are for staging and collecting, `inside` paths are what the card sees. */
export interface Sandbox extends AttemptPlace {
  host: { job: string; out: string; scratch: string };
  inside: { job: string; scratch: string };
}

export interface SandboxLimits {
  memoryBytes: number;
  wallSeconds: number;
  /** Cores it asked for; without it a slot's share. */
  cpus?: number;
  /** Numbers of the GPUs that are its own. Only for an engine that has some; absent: none. */
  gpus?: readonly number[];
}

/** Limits that are the same for all attempts of a daemon. */
export interface StandingLimits {
  /** Processes and threads of one attempt. */
  processes: number;
  openFiles: number;
  /** Bytes a card may leave in `out/`, and a run in its scratch folder. */
  folderBytes: number;
  folderEntries: number;
  sharedMemoryBytes: number;
  /** Threads that numeric libraries start. */
  threads: number;
}

/** Where the sandbox's output goes while it runs. Called in order; must not throw. */
export interface SandboxSink {
  output(bytes: Buffer): void;
  /** One line from file descriptor 3, without its newline. */
  event(line: string): void;
}

export interface SandboxProgram {
  /** Arguments after the Python of the card environment. */
  args: string[];
  environment: Record<string, string>;
}

/** How a sandbox ended; all its processes are gone. `exit` is null when the engine had to kill it. */
export interface SandboxEnd {
  cause: 'finished' | 'stopped' | 'timeout' | 'memory' | 'disk';
  exit: { code: number } | { signal: number } | null;
  peakMemoryBytes: number;
  durationMs: number;
  /** card: in a child of a zygote. container: in a sandbox started for it. */
  warm: 'card' | 'container';
}

/** The engine could not start the sandbox: not the card's fault. */
export class SandboxRefused extends Error {
  constructor(reason: string) {
    super(`the sandbox could not be started: ${reason}`);
    this.name = 'SandboxRefused';
  }
}

export interface ExecutionEngine {
  readonly name: string;
  readonly isolation: IsolationLevel;
  /** Makes an empty job folder with `out/`, and the run's scratch folder if it is not there. */
  prepare(place: AttemptPlace): Promise<Sandbox>;
  /** Runs the program and settles when no process of it is left. Rejects with `SandboxRefused`. */
  run(sandbox: Sandbox, program: SandboxProgram, limits: SandboxLimits, sink: SandboxSink): Promise<SandboxEnd>;
  /** Stops an attempt. Settles once it is gone; at once when it does not run here. */
  cancel(attemptId: string): Promise<void>;
  /** Removes the job folder. */
  dispose(sandbox: Sandbox): Promise<void>;
  /** Removes the scratch folders of runs that were not used since `idleMs` ago. */
  removeIdleScratch(idleMs: number): Promise<void>;
  /** From now on has a warm sandbox of the base environment for whoever comes first, where that is possible. */
  keepWarm(): void;
  /** Has a warm sandbox ready for attempts of this trust key, where that is possible. Returns at once. */
  warm(trustKey: string, python?: AttemptPython): void;
  /** Ends what is kept warm. Settles when it is gone; afterwards nothing is started. */
  close(): Promise<void>;
  /** Once, before the first `prepare`: ends processes and removes folders that an earlier daemon left. Returns what it found. */
  sweep(): Promise<{ processes: number; folders: number }>;
}
