/**
 * Remote artifacts, with a directory store before them that inputs are linked from. Ignores how the other side is reached.
 *
 * ART-3 what was put is stored remotely when `put` resolves: another machine can read it.
 * ART-4 what comes from the other side is kept here only when its bytes have the hash they are named by; a download that
 *       breaks off goes on where it stopped, and bytes that are wrong are fetched once more.
 */
import { mkdir, open, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { ArtifactError, isSha256, resolveRange, tooLarge, unknownArtifact } from './artifact-store.ts';
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';
import { openDirectoryStore } from './directory-store.ts';
import type { RemoteArtifacts } from './remote-artifacts.ts';

/** So long it is believed that the other side still has what it had. */
const BELIEVED_MS = 600_000;
const BELIEVED_ENTRIES = 20_000;
const DOWNLOAD_TRIES = 5;
/** Ranges of larger artifacts are read from afar instead of fetching all of it. */
const FETCHED_WHOLE_BYTES = 32 << 20;

export async function openCachedStore(directory: string, remote: RemoteArtifacts): Promise<ArtifactStore> {
  const local = await openDirectoryStore(directory);
  const partial = join(directory, 'partial');
  await mkdir(partial, { recursive: true });
  return new CachedStore(local, remote, partial);
}

class CachedStore implements ArtifactStore {
  readonly #local: ArtifactStore;
  readonly #remote: RemoteArtifacts;
  readonly #partial: string;
  /** Hash → when the other side was last known to have it. */
  readonly #believed = new Map<string, number>();
  readonly #downloads = new Map<string, Promise<void>>();
  readonly #uploads = new Map<string, Promise<void>>();

  constructor(local: ArtifactStore, remote: RemoteArtifacts, partial: string) {
    this.#local = local;
    this.#remote = remote;
    this.#partial = partial;
  }

  put: ArtifactStore['put'] = async (content, options) => this.#share(await this.#local.put(content, options));

  putFile: ArtifactStore['putFile'] = async (path, options) => this.#share(await this.#local.putFile(path, options));

  size: ArtifactStore['size'] = async (sha256) => {
    if (!isSha256(sha256)) return undefined;
    return (await this.#local.size(sha256)) ?? (await this.#remoteSize(sha256));
  };

  openRead: ArtifactStore['openRead'] = async (sha256, range) => {
    const missing = await this.#missingHere(sha256);
    if (missing !== undefined) {
      const { start, end } = resolveRange(missing, range);
      if (range !== undefined && missing > FETCHED_WHOLE_BYTES && start < end) return this.#remote.read(sha256, { start, end });
      await this.#fetch(sha256, missing);
    }
    return this.#local.openRead(sha256, range);
  };

  readAll: ArtifactStore['readAll'] = async (sha256, maxBytes) => {
    const missing = await this.#missingHere(sha256);
    if (missing !== undefined) {
      if (missing > maxBytes) throw tooLarge(`The artifact ${sha256}`, maxBytes);
      await this.#fetch(sha256, missing);
    }
    return this.#local.readAll(sha256, maxBytes);
  };

  stage: ArtifactStore['stage'] = async (sha256, destinationPath) => {
    const missing = await this.#missingHere(sha256);
    if (missing !== undefined) await this.#fetch(sha256, missing);
    await this.#local.stage(sha256, destinationPath);
  };

  async #share(stored: StoredArtifact): Promise<StoredArtifact> {
    await once(this.#uploads, stored.sha256, async () => {
      if ((await this.#remoteSize(stored.sha256)) === stored.size) return;
      const file = join(this.#partial, `${stored.sha256}.upload`);
      await rm(file, { force: true });
      await this.#local.stage(stored.sha256, file);
      try {
        await this.#remote.write(stored.sha256, stored.size, file);
      } finally {
        await rm(file, { force: true });
      }
      this.#believe(stored.sha256);
    });
    return stored;
  }

  async #remoteSize(sha256: string): Promise<number | undefined> {
    const since = this.#believed.get(sha256);
    if (since !== undefined && Date.now() - since < BELIEVED_MS) {
      const size = await this.#local.size(sha256);
      if (size !== undefined) return size;
    }
    const size = await this.#remote.size(sha256);
    if (size === undefined) this.#believed.delete(sha256);
    else this.#believe(sha256);
    return size;
  }

  /** Size of what only the other side has; undefined when it is here. */
  async #missingHere(sha256: string): Promise<number | undefined> {
    if (!isSha256(sha256)) throw unknownArtifact(sha256);
    if ((await this.#local.size(sha256)) !== undefined) return undefined;
    const size = await this.#remoteSize(sha256);
    if (size === undefined) throw unknownArtifact(sha256);
    return size;
  }

  #believe(sha256: string): void {
    this.#believed.delete(sha256);
    this.#believed.set(sha256, Date.now());
    if (this.#believed.size > BELIEVED_ENTRIES) this.#believed.delete(this.#believed.keys().next().value!);
  }

  async #fetch(sha256: string, size: number): Promise<void> {
    await once(this.#downloads, sha256, async () => {
      const file = join(this.#partial, sha256);
      for (let chance = 1; ; chance += 1) {
        await this.#download(sha256, size, file);
        const got = await this.#local.putFile(file);
        await rm(file, { force: true });
        if (got.sha256 === sha256) return;
        if (chance === 2)
          throw new ArtifactError(
            'artifact/corrupt',
            `The store sent wrong bytes for the artifact ${sha256}; run the step that makes it again.`,
          );
      }
    });
  }

  /** Until the file has all its bytes. */
  async #download(sha256: string, size: number, file: string): Promise<void> {
    let failure: unknown;
    for (let chance = 0; chance < DOWNLOAD_TRIES; chance += 1) {
      const start = (await stat(file).catch(() => undefined))?.size ?? 0;
      if (start > size) await rm(file);
      else if (start === size) {
        if (size > 0) return;
        return await (await open(file, 'a')).close();
      } else {
        const target = await open(file, 'a');
        try {
          await pipeline(await this.#remote.read(sha256, { start, end: size }), target.createWriteStream());
          failure = new Error('it ended too early');
        } catch (error) {
          if (error instanceof ArtifactError && error.code === 'artifact/unknown') throw error;
          failure = error;
        } finally {
          await target.close().catch(() => undefined);
        }
      }
    }
    if (((await stat(file).catch(() => undefined))?.size ?? 0) === size) return;
    throw new ArtifactError('artifact/unavailable', `The artifact ${sha256} could not be fetched: ${String(failure)}`, { cause: failure });
  }
}

async function once(running: Map<string, Promise<void>>, key: string, work: () => Promise<void>): Promise<void> {
  let promise = running.get(key);
  if (promise === undefined) {
    promise = work().finally(() => running.delete(key));
    running.set(key, promise);
  }
  await promise;
}
