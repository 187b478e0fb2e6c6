/**
 * Where environments lie: `ready/<key>` complete ones, `making/…` those that are not, `cache` uv's. Several daemons of a machine may
 * share one root. Knows names, sizes and ages; not what is in an environment.
 */
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { removeTree } from '../engines/job-folders.ts';
import { takeMachineLock } from './machine-lock.ts';

export const EnvironmentFacts = z.object({
  lockHash: z.string(),
  packages: z.number().int(),
  /** Of the whole environment. */
  bytes: z.number(),
  /** Of what it does not share with the base environment. */
  ownBytes: z.number(),
});
export type EnvironmentFacts = z.infer<typeof EnvironmentFacts>;

/** Beside the folder, not in it: nothing that was installed can have written it. */
const factsFile = (folder: string): string => `${folder}.json`;

export class EnvironmentFolders {
  readonly root: string;
  readonly #uid: number | null;

  constructor(root: string, uid: number | null) {
    this.root = root;
    this.#uid = uid;
  }

  /** Makes the folders and removes what a daemon that is gone was making. */
  async open(): Promise<void> {
    for (const name of ['ready', 'making', 'cache']) {
      await mkdir(join(this.root, name), { recursive: true });
      await chmod(join(this.root, name), 0o755);
    }
    await chmod(this.root, 0o755);
    if (this.#uid !== null) await chown(join(this.root, 'cache'), this.#uid, this.#uid);
    for (const name of await readdir(join(this.root, 'making'))) {
      const release = await takeMachineLock(this.#lockName(name));
      if (release === null) continue;
      await removeTree(join(this.root, 'making', name));
      release();
    }
  }

  /** An empty folder for the installer, below `root`, and the lock that says it is in use. */
  async makeFolder(): Promise<{ folder: string; remove(): Promise<void> }> {
    const name = randomBytes(12).toString('hex');
    const release = await takeMachineLock(this.#lockName(name));
    const folder = join('making', name);
    await mkdir(join(this.root, folder));
    if (this.#uid !== null) await chown(join(this.root, folder), this.#uid, this.#uid);
    return {
      folder,
      remove: async () => {
        await removeTree(join(this.root, folder)).finally(() => release?.());
      },
    };
  }

  /** Waits until no daemon of this machine makes this environment. */
  lock(key: string): Promise<(() => void) | null> {
    return takeMachineLock(this.#lockName(`key-${key}`));
  }

  folderOf(key: string): string {
    return join(this.root, 'ready', key);
  }

  /** Null when it is not there, or not whole. */
  async find(key: string): Promise<EnvironmentFacts | null> {
    try {
      const facts = EnvironmentFacts.parse(JSON.parse(await readFile(factsFile(this.folderOf(key)), 'utf8')));
      await stat(join(this.folderOf(key), 'pyvenv.cfg'));
      return facts;
    } catch {
      return null;
    }
  }

  /** `made` was made below `root`; `facts` is written first, so that a folder without them never counts. */
  async publish(key: string, made: string, facts: string): Promise<void> {
    const folder = this.folderOf(key);
    await removeTree(folder);
    await rename(join(this.root, made), folder);
    await rename(join(this.root, facts), factsFile(folder));
  }

  /** Tells every daemon that it is wanted. */
  async touch(key: string): Promise<void> {
    const now = new Date();
    await utimes(factsFile(this.folderOf(key)), now, now).catch(() => undefined);
  }

  /**
   * Removes the least recently used environments until the others need no more than `maxBytes`, and uv's cache with them.
   * Never one that was used within `idleMs` or that `inUse` names.
   */
  async removeUnused(maxBytes: number, idleMs: number, inUse: (key: string) => boolean): Promise<string[]> {
    const ready = join(this.root, 'ready');
    const known = await Promise.all(
      (await readdir(ready))
        .filter((name) => name.endsWith('.json'))
        .map(async (name) => {
          const key = name.slice(0, -'.json'.length);
          const [facts, used] = await Promise.all([this.find(key), stat(join(ready, name)).catch(() => null)]);
          return { key, ownBytes: facts?.ownBytes ?? 0, usedAt: used?.mtimeMs ?? 0 };
        }),
    );
    let total = known.reduce((sum, { ownBytes }) => sum + ownBytes, 0);
    const removed: string[] = [];
    for (const { key, ownBytes, usedAt } of known.toSorted((a, b) => a.usedAt - b.usedAt)) {
      if (total <= maxBytes) break;
      if (inUse(key) || Date.now() - usedAt < idleMs) continue;
      await removeTree(factsFile(this.folderOf(key)));
      await removeTree(this.folderOf(key));
      total -= ownBytes;
      removed.push(key);
    }
    return removed;
  }

  /** While nothing is being made. */
  async emptyCache(): Promise<void> {
    for (const name of await readdir(join(this.root, 'cache'))) await removeTree(join(this.root, 'cache', name));
  }

  #lockName(name: string): string {
    return `${this.root}/${name}`;
  }
}
