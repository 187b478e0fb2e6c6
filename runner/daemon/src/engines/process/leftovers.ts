/**
 * What a sandbox leaves when its daemon or launcher is killed: processes and folders.
 * Finds and ends them at the next start; ignores everything not marked as ours.
 */
import { readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeTree } from '../job-folders.ts';

const SandboxRecord = z.object({
  launcherPid: z.number().int(),
  startTicks: z.string(),
  uid: z.number().int().nullable(),
  attemptId: z.string(),
});
export type SandboxRecord = z.infer<typeof SandboxRecord>;

const RECORD_FILE = 'sandbox.json';

/** Start time of a process in clock ticks: with the pid it names a process for ever. Null when it is gone. */
export async function startTicks(pid: number): Promise<string | null> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => null);
  return stat?.slice(stat.lastIndexOf(')') + 2).split(' ')[19] ?? null;
}

export async function recordSandbox(folder: string, record: SandboxRecord): Promise<void> {
  const file = join(folder, RECORD_FILE);
  await writeFile(`${file}.new`, JSON.stringify(record));
  await rename(`${file}.new`, file);
}

async function allPids(): Promise<number[]> {
  return (await readdir('/proc')).filter((name) => /^\d+$/.test(name)).map(Number);
}

/** Processes that were started for one of these attempts, or run under one of these uids. */
async function processesOf(attempts: ReadonlySet<string>, uids: ReadonlySet<number>): Promise<number[]> {
  const found: number[] = [];
  for (const pid of await allPids()) {
    const [environment, status] = await Promise.all([
      readFile(`/proc/${pid}/environ`, 'latin1').catch(() => ''),
      readFile(`/proc/${pid}/status`, 'latin1').catch(() => ''),
    ]);
    const attempt = /(?:^|\0)ENSEMBLE_ATTEMPT=([^\0]*)/.exec(environment)?.[1];
    const uid = Number(/^Uid:\s+(\d+)/m.exec(status)?.[1] ?? -1);
    if ((attempt !== undefined && attempts.has(attempt)) || uids.has(uid)) found.push(pid);
  }
  return found;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // Gone already.
  }
}

async function readRecord(folder: string): Promise<SandboxRecord | null> {
  try {
    return SandboxRecord.parse(JSON.parse(await readFile(join(folder, RECORD_FILE), 'utf8')));
  } catch {
    return null;
  }
}

/**
 * Ends what runs for the recorded sandboxes below `jobsFolder` and removes their folders.
 * A launcher whose daemon is gone cleans up by itself, so it is given a moment first.
 */
export async function sweepLeftovers(jobsFolder: string): Promise<{ processes: number; folders: number }> {
  const folders = (await readdir(jobsFolder)).map((name) => join(jobsFolder, name));
  const records = (await Promise.all(folders.map(readRecord))).filter((record) => record !== null);
  const launcherLives = async (record: SandboxRecord): Promise<boolean> => (await startTicks(record.launcherPid)) === record.startTicks;
  for (let round = 0; round < 40 && (await Promise.all(records.map(launcherLives))).some(Boolean); round += 1) await pause(50);

  let processes = 0;
  for (const record of records) {
    if (await launcherLives(record)) {
      kill(record.launcherPid);
      processes += 1;
    }
  }
  const attempts = new Set(records.map((record) => record.attemptId));
  const uids = new Set(records.map((record) => record.uid).filter((uid) => uid !== null));
  for (let round = 0; round < 100 && records.length > 0; round += 1) {
    const left = await processesOf(attempts, uids);
    if (left.length === 0) break;
    processes += left.length;
    left.forEach(kill);
    await pause(10);
  }
  for (const folder of folders) await removeTree(folder);
  return { processes, folders: folders.length };
}
