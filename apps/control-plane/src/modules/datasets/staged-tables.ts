/** Artifacts as files that the table workers may read. Keeps the last ones used; ignores what is in them. */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { ArtifactError, type ArtifactStore } from '@ensemble/artifact-store';

const KEPT = 64;

export interface StagedTables {
  /** The path is there until `work` is over, and usually longer. */
  use<T>(sha256: string, work: (path: string) => Promise<T>): Promise<T>;
}

export function createStagedTables(store: Pick<ArtifactStore, 'stage'>, directory: string, kept = KEPT): StagedTables {
  /** In the order of their last use. */
  const staged = new Map<string, { ready: Promise<string>; users: number }>();

  const stage = async (sha256: string): Promise<string> => {
    await mkdir(directory, { recursive: true });
    const file = path.join(directory, sha256);
    await store.stage(sha256, file).catch((error: unknown) => {
      // Left by an earlier process; content never changes under a hash.
      if (!(error instanceof ArtifactError) || error.code !== 'artifact/exists') throw error;
    });
    return file;
  };

  const forget = async (): Promise<void> => {
    for (const [sha256, entry] of staged) {
      if (staged.size <= kept) return;
      if (entry.users > 0) continue;
      staged.delete(sha256);
      await rm(await entry.ready.catch(() => path.join(directory, sha256)), { force: true });
    }
  };

  return {
    async use(sha256, work) {
      const entry = staged.get(sha256) ?? { ready: stage(sha256), users: 0 };
      staged.delete(sha256);
      staged.set(sha256, entry);
      entry.users += 1;
      try {
        return await work(await entry.ready);
      } catch (error) {
        // Not a table that could not be staged: next time may be better.
        await entry.ready.catch(() => staged.delete(sha256));
        throw error;
      } finally {
        entry.users -= 1;
        await forget();
      }
    },
  };
}
