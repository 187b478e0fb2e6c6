/**
 * The folders of attempts: a job folder with `out/` for each, a scratch folder for each run. Every engine keeps them alike.
 * Knows no process and no sandbox.
 */
import { execFile } from 'node:child_process';
import { createHash, randomUUID } from 'node:crypto';
import { renameSync, utimesSync } from 'node:fs';
import { chmod, chown, mkdir, readdir, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { AttemptPlace, Sandbox } from './execution-engine.ts';

const run = promisify(execFile);

/** Ids come from messages: as folder names they are hashed. */
const folderName = (id: string): string => createHash('sha256').update(id).digest('hex').slice(0, 32);

/** Removes a tree that a card has written: any depth, any modes, links not followed. */
export async function removeTree(path: string): Promise<void> {
  try {
    await run('/bin/rm', ['-rf', '--one-file-system', '--', path]);
  } catch {
    // A card of the same user may have taken its own folders' modes away.
    await run('/bin/chmod', ['-R', 'u+rwX', '--', path]).catch(() => undefined);
    await run('/bin/rm', ['-rf', '--one-file-system', '--', path]);
  }
}

export class JobFolders {
  /** One folder for each attempt, and for what is being removed. */
  readonly jobs: string;
  readonly #workspace: string;
  readonly #scratch: string;
  readonly #uidOf: ((slot: number) => number) | null;
  readonly #removals = new Set<Promise<void>>();
  readonly #runsInUse = new Map<string, number>();

  /** `uidOf`: who may write into `out/`; null when that is this process's own user. */
  constructor(workspace: string, uidOf: ((slot: number) => number) | null) {
    this.#workspace = workspace;
    this.jobs = join(workspace, 'jobs');
    this.#scratch = join(workspace, 'scratch');
    this.#uidOf = uidOf;
  }

  async open(): Promise<void> {
    await mkdir(this.jobs, { recursive: true });
    await mkdir(this.#scratch, { recursive: true });
    await chmod(this.#workspace, 0o711);
  }

  async prepare({ attemptId, runId, slot }: AttemptPlace): Promise<Sandbox['host']> {
    const folder = join(this.jobs, folderName(attemptId));
    const host = {
      job: join(folder, 'job'),
      out: join(folder, 'job', 'out'),
      scratch: join(this.#scratch, folderName(runId)),
    };
    // Before the first wait: from now on nobody removes the scratch folder as idle.
    this.#runsInUse.set(host.scratch, (this.#runsInUse.get(host.scratch) ?? 0) + 1);
    if (await stat(folder).catch(() => null)) await removeTree(folder);
    await mkdir(host.out, { recursive: true });
    await mkdir(host.scratch, { recursive: true });
    await Promise.all([chmod(folder, 0o711), chmod(host.job, 0o755), chmod(host.scratch, 0o777)]);
    const uid = this.#uidOf?.(slot);
    if (uid !== undefined) await chown(host.out, uid, uid);
    return host;
  }

  /** At once out of the way; `settle` waits for the rest. Without a wait: nobody prepares the same attempt in between. */
  dispose(host: Sandbox['host']): void {
    const now = new Date();
    try {
      utimesSync(host.scratch, now, now);
    } catch {
      // Somebody has removed it.
    }
    const uses = (this.#runsInUse.get(host.scratch) ?? 1) - 1;
    if (uses > 0) this.#runsInUse.set(host.scratch, uses);
    else this.#runsInUse.delete(host.scratch);
    // What is in it may take long to remove.
    const going = join(this.jobs, `gone-${randomUUID()}`);
    renameSync(join(host.job, '..'), going);
    const removal = removeTree(going)
      .catch(() => undefined)
      .finally(() => this.#removals.delete(removal));
    this.#removals.add(removal);
  }

  async removeIdleScratch(idleMs: number): Promise<void> {
    for (const name of await readdir(this.#scratch)) {
      const folder = join(this.#scratch, name);
      const used = await stat(folder).catch(() => null);
      // No wait between the question and the renaming, so that no attempt begins with a folder that goes away.
      if (used === null || Date.now() - used.mtimeMs < idleMs || this.#runsInUse.has(folder)) continue;
      const going = join(this.jobs, `scratch-${name}-${Date.now()}`);
      try {
        renameSync(folder, going);
      } catch {
        // Another call of this was quicker.
        continue;
      }
      await removeTree(going);
    }
  }

  /** Settles when everything disposed of is removed. */
  async settle(): Promise<void> {
    await Promise.all(this.#removals);
  }
}
