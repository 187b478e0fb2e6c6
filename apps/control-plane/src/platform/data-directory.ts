/**
 * One server at a time on a data directory: two embedded databases in one directory lose rows without a word. The lock is kept
 * fresh while the process lives; a process of this machine that was killed is recognised at once, one elsewhere (another
 * container on the same volume) when its lock has gone stale.
 */
import { mkdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { hostname } from 'node:os';
import path from 'node:path';
import lockfile from 'proper-lockfile';
import { startTicksOf } from './embedded/process-record.ts';

const STALE_MS = 15_000;
/** Of a process that was killed while it took the lock. */
const GUARD_STALE_MS = 5_000;
const GUARD_WAIT = { retries: 100, factor: 1, minTimeout: 100, maxTimeout: 100 };

interface Holder {
  pid: number;
  startTicks: string;
  /** Processes can be looked up by pid only within one of these. */
  machine: string;
}

function thisProcess(): Holder {
  let namespace = '';
  try {
    namespace = readlinkSync('/proc/self/ns/pid');
  } catch {
    // Not on Linux.
  }
  return { pid: process.pid, startTicks: startTicksOf(process.pid) ?? '', machine: `${hostname()} ${namespace}` };
}

export interface DataDirectoryLock {
  release(): Promise<void>;
}

/**
 * Makes the directory when missing. Throws a sentence that names the process that has it. `onLost` is called when another
 * process took the lock over, which only happens to one that was suspended; it must end this process.
 */
export async function lockDataDirectory(directory: string, onLost: () => void): Promise<DataDirectoryLock> {
  // Cards run as another user and must be able to pass through to their work directories.
  mkdirSync(directory, { recursive: true, mode: 0o711 });
  const holderFile = path.join(directory, 'lock-holder.json');
  const lockDirectory = path.join(directory, 'lock');
  const self = thisProcess();
  const readHolder = (): Partial<Holder> => {
    try {
      return JSON.parse(readFileSync(holderFile, 'utf8')) as Partial<Holder>;
    } catch {
      return {};
    }
  };
  const isOurs = (): boolean => {
    const { pid, startTicks, machine } = readHolder();
    return pid === self.pid && startTicks === self.startTicks && machine === self.machine;
  };
  const refuse = (pid: number | undefined): Error =>
    new Error(
      `The data directory ${directory} is already used by the process ${pid ?? 'of another machine'}: stop that one, or set ENSEMBLE_DATA_DIR to another directory.`,
    );
  const take = async (): Promise<() => Promise<void>> =>
    await lockfile.lock(directory, {
      lockfilePath: lockDirectory,
      realpath: false,
      stale: STALE_MS,
      onCompromised: () => {
        // After a long sleep of the machine the lock looks stale, to us as to anybody: it is still ours when nobody took it.
        if (!isOurs()) return onLost();
        rmSync(lockDirectory, { recursive: true, force: true });
        void take().then((fresh) => (unlock = fresh), onLost);
      },
    });

  // Looking who has it, taking it and signing are one step: whoever comes between would break the lock of one that has not signed yet.
  const letNextOneLook = await lockfile.lock(path.join(directory, 'lock-guard'), {
    realpath: false,
    stale: GUARD_STALE_MS,
    retries: GUARD_WAIT,
    onCompromised: onLost,
  });
  let unlock: () => Promise<void>;
  try {
    unlock = await take().catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ELOCKED') throw error;
      const holder = readHolder();
      const canTell = holder.machine === self.machine && holder.pid !== undefined && self.startTicks !== '';
      if (!canTell || startTicksOf(holder.pid ?? 0) === holder.startTicks) throw refuse(holder.pid);
      rmSync(lockDirectory, { recursive: true, force: true });
      return await take();
    });
    writeFileSync(holderFile, JSON.stringify(self));
  } finally {
    await letNextOneLook();
  }
  return {
    async release() {
      // In this order: once it is unlocked, the signature in the file may be the next one's.
      rmSync(holderFile, { force: true });
      await unlock().catch(() => {});
    },
  };
}
