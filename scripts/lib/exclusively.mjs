/** Lets one process at a time do a piece of work on this machine. Knows nothing of the work. */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { say } from './console.mjs';
import { which } from './run-command.mjs';

const PATIENCE_MS = 1_000;

/**
 * `subject` names what must not be worked on twice. The kernel holds the lock and frees it however this process ends, so that
 * nothing is ever left locked. Where there is no `flock` command the work simply runs.
 */
export async function exclusively(subject, work) {
  if (!which('flock')) return await work();
  const file = path.join(tmpdir(), `ensemble-${createHash('sha256').update(subject).digest('hex').slice(0, 16)}.lock`);
  const holder = spawn('flock', [file, 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'ignore'] });
  holder.stdin.on('error', () => {});
  const patience = setTimeout(() => say('  another command is at it already; waiting for it'), PATIENCE_MS);
  await new Promise((resolve) => {
    holder.stdout.once('data', resolve);
    holder.once('error', resolve).once('exit', resolve);
  });
  clearTimeout(patience);
  try {
    return await work();
  } finally {
    holder.stdin.end();
  }
}
