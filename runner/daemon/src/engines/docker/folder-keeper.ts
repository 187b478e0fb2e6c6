/** The trusted helper beside one container: says when its folders hold too much, and opens scratch files to the next steps. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import type { Sandbox, StandingLimits } from '../execution-engine.ts';

const PROGRAM = join(import.meta.dirname, 'folder_keeper.py');

export interface FolderKeeper {
  /** The container is gone. Settles when the next step may use the scratch folder. */
  finish(): Promise<void>;
}

/** `uid`: who wrote there, when that is not this process's own user. */
export function keepFolders(
  python: string,
  host: Sandbox['host'],
  standing: StandingLimits,
  uid: number | null,
  told: { onFull(): void; onLost(reason: string): void },
): FolderKeeper {
  const { folderBytes, folderEntries } = standing;
  const plan = JSON.stringify({ out: host.out, scratch: host.scratch, folderBytes, folderEntries, uid });
  const child = spawn(python, ['-I', '-S', '-B', PROGRAM, plan], {
    stdio: ['pipe', 'pipe', 'inherit'],
    env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
    cwd: '/',
    // A terminal's signals to the daemon's group must not reach it: it ends when its input does.
    detached: true,
  });
  let finished = false;
  const lost = (reason: string): void => {
    if (!finished) told.onLost(`the helper that watches its folders ended early (${reason})`);
  };
  child.stdin.on('error', () => undefined);
  child.stdout.on('data', () => told.onFull());
  const gone = new Promise<void>((resolve) => {
    child.once('error', (error) => {
      lost(error.message);
      resolve();
    });
    child.once('close', (code, signal) => {
      lost(signal ?? `code ${code}`);
      resolve();
    });
  });
  return {
    finish: () => {
      finished = true;
      child.stdin.end();
      return gone;
    },
  };
}
