/**
 * A note in the data directory of a process that was started: pid and the moment it started, which together name one process
 * even after pids were used again. Reads `/proc`; where there is none, a recorded process counts as gone.
 */
import { readFileSync, rmSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

const END_GRACE_MS = 3_000;
const POLL_MS = 20;

interface ProcessRecord {
  pid: number;
  /** Clock ticks since the machine booted. */
  startTicks: string;
}

/** Undefined when no such process runs; a zombie does not count. */
export function startTicksOf(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    // The second field is the program's name in brackets and may hold anything; fields are counted after it.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    return fields[0] === 'Z' ? undefined : fields[19];
  } catch {
    return undefined;
  }
}

export async function writeProcessRecord(file: string, pid: number): Promise<void> {
  const record: ProcessRecord = { pid, startTicks: startTicksOf(pid) ?? '' };
  await writeFile(file, JSON.stringify(record), { mode: 0o600 });
}

export const removeProcessRecord = (file: string): void => rmSync(file, { force: true });

function readProcessRecord(file: string): ProcessRecord | undefined {
  try {
    const { pid, startTicks } = JSON.parse(readFileSync(file, 'utf8')) as Partial<ProcessRecord>;
    return typeof pid === 'number' && pid > 1 && typeof startTicks === 'string' ? { pid, startTicks } : undefined;
  } catch {
    return undefined;
  }
}

const send = (pid: number, signal: NodeJS.Signals): void => {
  try {
    process.kill(pid, signal);
  } catch {
    // It ended in between.
  }
};

/** Kills what the process started and left in its group. */
export const killGroup = (pid: number): void => send(-pid, 'SIGKILL');

/** Asks the process to end and, after `graceMs`, kills it. Resolves when it is gone. */
export async function endProcess(pid: number, graceMs = END_GRACE_MS): Promise<void> {
  const started = startTicksOf(pid);
  const alive = (): boolean => started !== undefined && startTicksOf(pid) === started;
  send(pid, 'SIGTERM');
  for (const deadline = Date.now() + graceMs; alive() && Date.now() < deadline;) await sleep(POLL_MS);
  if (!alive()) return;
  send(pid, 'SIGKILL');
  for (const deadline = Date.now() + END_GRACE_MS; alive() && Date.now() < deadline;) await sleep(POLL_MS);
}

/** Ends the process an earlier start left behind, if it is still the same one. Returns its pid. */
export async function endLeftover(file: string): Promise<number | undefined> {
  const record = readProcessRecord(file);
  if (!record || startTicksOf(record.pid) !== record.startTicks) return undefined;
  await endProcess(record.pid);
  killGroup(record.pid);
  removeProcessRecord(file);
  return record.pid;
}
