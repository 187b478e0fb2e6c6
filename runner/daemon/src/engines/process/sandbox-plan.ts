/**
 * The plan handed to the launcher: which folders, limits and program make one sandbox.
 * Pure; the launcher's `launch.py` reads the same names.
 */
import { cardEnvironment } from '../card-environment.ts';
import type { SandboxLimits, SandboxProgram, StandingLimits } from '../execution-engine.ts';
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

/** What the sandbox is made of, whoever runs in it. */
function walls(input: Pick<PlanInput, 'confinement' | 'processor' | 'python' | 'uid' | 'graceSeconds'>): Record<string, unknown> {
  const { confinement, python } = input;
  return {
    level: confinement.level,
    stage: confinement.stage,
    uid: input.uid,
    bubblewrap: python.bubblewrap,
    seccomp: buildSeccompProgram(input.processor, confinement.level === 'L2' ? 'namespaced' : 'shared').toString('base64'),
    graceSeconds: input.graceSeconds,
  };
}

const pythonFolders = (python: PythonPlaces): Record<string, string> => ({
  python: python.environment,
  sdk: python.sdk,
  ...(python.base === null ? {} : { base: python.base }),
});

const insideOf = (inside: InsidePaths, python: PythonPlaces): Record<string, string> => ({
  ...inside,
  ...(python.base === null ? {} : { base: python.base }),
});

const limitsOf = (standing: StandingLimits, limits: SandboxLimits): Record<string, number> => ({
  ...standing,
  memoryBytes: limits.memoryBytes,
  wallSeconds: limits.wallSeconds,
  fileBytes: standing.folderBytes,
  cpuSeconds: Math.ceil(limits.wallSeconds * standing.processes) + 60,
});

function environmentOf(
  inside: InsidePaths,
  { confinement, standing, limits }: Pick<PlanInput, 'confinement' | 'standing'> & { limits?: SandboxLimits },
  attemptId: string,
  more: Record<string, string>,
): Record<string, string> {
  const threads = limits?.cpus === undefined ? standing.threads : Math.ceil(limits.cpus);
  return cardEnvironment({ inside, isolation: confinement.level, attemptId, threads }, more);
}

export function sandboxPlan(input: PlanInput): Record<string, unknown> {
  const { python, host, standing, program } = input;
  const inside = insidePaths(input.confinement, python, host);
  return {
    ...walls(input),
    folders: { job: host.job, out: host.out, scratch: host.scratch, ...pythonFolders(python) },
    inside: insideOf(inside, python),
    limits: limitsOf(standing, input.limits),
    command: [`${inside.python}/bin/python`, ...program.args],
    environment: environmentOf(inside, input, input.attemptId, program.environment),
  };
}

/** What a zygote imports, as far as the environment has it. */
const PRELOADED = [
  'ensemble_harness.run_job ensemble_harness.process ensemble.storage cards.base encodings.ascii',
  'numpy numpy.random pandas pyarrow pyarrow.parquet',
  'sklearn sklearn.linear_model sklearn.ensemble sklearn.preprocessing sklearn.model_selection sklearn.metrics',
].flatMap((line) => line.split(' '));
/** Of data and processor time: what is lowered for each child must be high before. `warm.py` watches the zygote's size. */
const UNLIMITED: SandboxLimits = { memoryBytes: 2 ** 50, wallSeconds: 365 * 86_400 };

interface ZygotePlanInput extends Omit<PlanInput, 'host' | 'attemptId' | 'limits' | 'program'> {
  zygoteId: string;
}

/** For `warm.py`: the same walls as a card of its own would have, and no folders of any job. */
export function zygotePlan(input: ZygotePlanInput): Record<string, unknown> {
  const { python } = input;
  const inside = insidePaths(input.confinement, python, { job: '', scratch: '' });
  return {
    ...walls(input),
    folders: pythonFolders(python),
    inside: insideOf(inside, python),
    limits: limitsOf(input.standing, UNLIMITED),
    command: [`${inside.python}/bin/python`, '-m', 'ensemble_harness.zygote'],
    modules: PRELOADED,
    // A thread of its own would not live on in a child.
    environment: environmentOf(inside, input, input.zygoteId, { JE_ARROW_MALLOC_CONF: 'background_thread:false' }),
  };
}

/** One attempt for a zygote that `zygotePlan` made. */
export function warmRun(input: Omit<PlanInput, 'processor' | 'uid' | 'graceSeconds'>): Record<string, unknown> {
  const inside = insidePaths(input.confinement, input.python, input.host);
  return {
    id: input.attemptId,
    folders: input.host,
    limits: limitsOf(input.standing, input.limits),
    args: input.program.args,
    environment: environmentOf(inside, input, input.attemptId, input.program.environment),
  };
}
