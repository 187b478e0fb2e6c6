/**
 * The plan handed to the launcher: which folders, limits and program make one sandbox.
 * Pure; the launcher's `launch.py` reads the same names.
 */
import type { SandboxLimits, SandboxProgram } from '../execution-engine.ts';
import { buildSeccompProgram, type Processor } from '../seccomp/seccomp-program.ts';

/** How the process engine confines, as found by the probes at start. */
export interface Confinement {
  level: 'L2' | 'L3';
  /**
   * A folder that everybody may enter, covered by a private mount with the sandbox's folders while one runs.
   * Null for an ordinary user, who reaches his own folders anyway.
   */
  stage: string | null;
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

export interface PythonPlaces {
  /** Folder of the card environment (a virtual environment). */
  environment: string;
  /** Folder of the base interpreter when it is not below /usr. */
  base: string | null;
  sdk: string;
  bubblewrap: string;
}

export interface InsidePaths {
  job: string;
  scratch: string;
  python: string;
  sdk: string;
}

/** Paths as the card sees them. Without mounts of its own (L3 as an ordinary user) it sees the host's. */
export function insidePaths(confinement: Confinement, python: PythonPlaces, host: { job: string; scratch: string }): InsidePaths {
  if (confinement.level === 'L2') return { job: '/ensemble/job', scratch: '/tmp', python: '/ensemble/python', sdk: '/ensemble/sdk' };
  const { stage } = confinement;
  if (stage === null) return { job: host.job, scratch: host.scratch, python: python.environment, sdk: python.sdk };
  return { job: `${stage}/job`, scratch: '/tmp', python: `${stage}/python`, sdk: `${stage}/sdk` };
}

export interface PlanInput {
  confinement: Confinement;
  processor: Processor;
  python: PythonPlaces;
  host: { job: string; out: string; scratch: string };
  uid: number | null;
  attemptId: string;
  limits: SandboxLimits;
  standing: StandingLimits;
  program: SandboxProgram;
  graceSeconds: number;
}

export function sandboxPlan(input: PlanInput): Record<string, unknown> {
  const { confinement, python, host, standing, limits } = input;
  const inside = insidePaths(confinement, python, host);
  const threads = String(standing.threads);
  return {
    level: confinement.level,
    stage: confinement.stage,
    uid: input.uid,
    bubblewrap: python.bubblewrap,
    seccomp: buildSeccompProgram(input.processor, confinement.level === 'L2' ? 'namespaced' : 'shared').toString('base64'),
    folders: {
      job: host.job,
      out: host.out,
      scratch: host.scratch,
      python: python.environment,
      sdk: python.sdk,
      ...(python.base === null ? {} : { base: python.base }),
    },
    inside: { ...inside, ...(python.base === null ? {} : { base: python.base }) },
    limits: {
      ...standing,
      memoryBytes: limits.memoryBytes,
      wallSeconds: limits.wallSeconds,
      fileBytes: standing.folderBytes,
      cpuSeconds: Math.ceil(limits.wallSeconds * standing.processes) + 60,
    },
    graceSeconds: input.graceSeconds,
    command: [`${inside.python}/bin/python`, ...input.program.args],
    environment: {
      PATH: '/usr/bin:/bin',
      HOME: `${inside.scratch}/.home`,
      USER: 'card',
      LOGNAME: 'card',
      LANG: 'C.UTF-8',
      TMPDIR: inside.scratch,
      PYTHONPATH: inside.sdk,
      PYTHONSAFEPATH: '1',
      PYTHONUNBUFFERED: '1',
      PYTHONDONTWRITEBYTECODE: '1',
      MPLBACKEND: 'Agg',
      OMP_NUM_THREADS: threads,
      OPENBLAS_NUM_THREADS: threads,
      MKL_NUM_THREADS: threads,
      // Where multiprocessing cannot have semaphores or shared memory, joblib would only warn and fall back.
      ...(confinement.level === 'L3' ? { JOBLIB_MULTIPROCESSING: '0' } : {}),
      ...input.program.environment,
      ENSEMBLE_ATTEMPT: input.attemptId,
      ENSEMBLE_ISOLATION: confinement.level,
      ENSEMBLE_NETWORK: 'off',
    },
  };
}
