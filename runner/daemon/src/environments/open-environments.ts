/** Puts this runner's environments together from its settings and its engine. */
import type { ArtifactStore } from '@ensemble/artifact-store';
import type { AttemptPython, ExecutionEngine } from '../engines/execution-engine.ts';
import { installerUid } from '../engines/process/slot-uids.ts';
import { readBaseEnvironment } from './base-environment.ts';
import { ConfinedInstaller } from './confined-installer.ts';
import { EnvironmentFolders } from './environment-folders.ts';
import { Environments, type EnvironmentPorts } from './environments.ts';

const DEADLINE_MS = 30 * 60_000;
/** Longer than any card may take without touching it, and than a warm sandbox stays. */
const IDLE_MS = 60 * 60_000;
const TRIAL_SECONDS = 120;
const TRIAL_BYTES = 2 * 1024 ** 3;

/** What cards rely on, whatever else is installed. */
const TRIAL = 'import ensemble_harness, ensemble, cards.base, joblib, numpy, pandas, pyarrow, sklearn\nprint("trial passed")';

export interface OpenEnvironmentsOptions extends Pick<EnvironmentPorts, 'lockOf' | 'tell'> {
  root: string;
  uv: string;
  maxBytes: number;
  settings: Readonly<Record<string, string>>;
  python: { environment: string; interpreter: string };
  sdkDir: string;
  launcherPython: string;
  engine: ExecutionEngine;
  store: ArtifactStore;
  /** A slot that no attempt has. */
  slot: number;
}

export async function openEnvironments(options: OpenEnvironmentsOptions): Promise<Environments> {
  const { root, uv, settings, python, launcherPython, store, maxBytes, lockOf, tell } = options;
  const uid = await installerUid();
  const { interpreter, environment } = python;
  const environments = new Environments({
    base: await readBaseEnvironment(environment, options.sdkDir),
    installer: new ConfinedInstaller({ uv, root, base: environment, interpreter, launcherPython, uid, settings }),
    interpreter,
    uid,
    folders: new EnvironmentFolders(root, uid),
    store,
    maxBytes,
    idleMs: IDLE_MS,
    deadlineMs: DEADLINE_MS,
    lockOf,
    trial: trialIn(options.engine, options.slot),
    tell,
  });
  await environments.open();
  return environments;
}

/** One at a time: they have one slot. */
function trialIn(engine: ExecutionEngine, slot: number): (python: AttemptPython) => Promise<string | null> {
  let last: Promise<unknown> = Promise.resolve();
  let count = 0;
  const tryOut = async (python: AttemptPython): Promise<string | null> => {
    count += 1;
    const id = `trial-${process.pid}-${count}`;
    const sandbox = await engine.prepare({ attemptId: id, runId: id, slot, python });
    let output = '';
    try {
      const end = await engine.run(
        sandbox,
        { args: ['-c', TRIAL], environment: {} },
        { memoryBytes: TRIAL_BYTES, wallSeconds: TRIAL_SECONDS },
        { output: (bytes) => void (output = (output + bytes.toString('utf8')).slice(-20_000)), event: () => undefined },
      );
      const passed = end.exit !== null && 'code' in end.exit && end.exit.code === 0 && output.trimEnd().endsWith('trial passed');
      return passed ? null : (output.trim().split('\n').at(-1) ?? '') || `the trial ended with ${JSON.stringify(end.exit ?? end.cause)}`;
    } finally {
      await engine.dispose(sandbox);
    }
  };
  return (python) => {
    const trial = last.then(() => tryOut(python));
    last = trial.catch(() => undefined);
    return trial;
  };
}
