/**
 * Artifacts of a store behind HTTP, with a local store in front: what was read or put is read from there. Bytes stream both
 * ways and are checked against their hash; a broken transfer goes on where it was. Ignores who asks and what the bytes are.
 */
import { Readable } from 'node:stream';
import { ArtifactError, tooLarge, unknownArtifact } from './artifact-store.ts';
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';

export interface RemoteStoreOptions {
  local: ArtifactStore;
  /** Where an artifact is: `GET` with `Range: bytes=n-`, `HEAD`, `PUT`. */
  urlOf(sha256: string): string;
  headers: Readonly<Record<string, string>>;
  /** Milliseconds before the first new try; doubled for each further one. For tests. */
  retryMs?: number;
}

/** Tries without a single new byte. */
const TRIES = 6;
const RETRY_MS = 200;

/** The other side answered, and another try would bring the same answer. */
class Refused extends Error {}

export function openRemoteStore({ local, urlOf, headers, retryMs = RETRY_MS }: RemoteStoreOptions): ArtifactStore {
  const fetching = new Map<string, Promise<void>>();
  const uploading = new Map<string, Promise<void>>();

  async function ask(method: string, sha256: string, more: Record<string, string> = {}, body?: Readable): Promise<Response> {
    const streamed = body === undefined ? {} : { body: Readable.toWeb(body) as ReadableStream, duplex: 'half' };
    const response = await fetch(urlOf(sha256), { method, headers: { ...headers, ...more }, ...streamed } as RequestInit);
    if (response.ok) return response;
    const said = (await response.text().catch(() => '')).slice(0, 300);
    if (response.status === 404) throw unknownArtifact(sha256);
    const message = `The server answered ${response.status} to ${method} of artifact ${sha256}: ${said}`;
    throw response.status >= 500 || response.status === 429 ? new Error(message) : new Refused(message);
  }

  async function patiently<T>(work: () => Promise<T>): Promise<T> {
    for (let tries = 1; ; tries += 1) {
      try {
        return await work();
      } catch (error) {
        if (tries === TRIES || error instanceof ArtifactError || error instanceof Refused) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs * 2 ** (tries - 1)));
      }
    }
  }

  /** All bytes in order, over as many answers as it takes. */
  async function* download(sha256: string): AsyncGenerator<Uint8Array> {
    let at = 0;
    for (let tries = 1; ; tries += 1) {
      const before = at;
      try {
        const { body } = await ask('GET', sha256, at > 0 ? { range: `bytes=${at}-` } : {});
        if (body === null) return;
        for await (const chunk of body as AsyncIterable<Uint8Array>) {
          at += chunk.byteLength;
          yield chunk;
        }
        return;
      } catch (error) {
        if (at > before) tries = 1;
        if (tries >= TRIES || error instanceof ArtifactError || error instanceof Refused) throw error;
        await new Promise((resolve) => setTimeout(resolve, retryMs * 2 ** (tries - 1)));
      }
    }
  }

  const once = (under: Map<string, Promise<void>>, sha256: string, work: () => Promise<void>): Promise<void> => {
    const running = under.get(sha256) ?? work().finally(() => under.delete(sha256));
    under.set(sha256, running);
    return running;
  };

  const bring = async (sha256: string): Promise<void> => {
    if ((await local.size(sha256)) !== undefined) return;
    await once(fetching, sha256, async () => {
      const stored = await local.put(download(sha256));
      if (stored.sha256 === sha256) return;
      throw new ArtifactError('artifact/corrupt', `The bytes that came for artifact ${sha256} have the hash ${stored.sha256}.`);
    });
  };

  const remoteSize = (sha256: string): Promise<number | undefined> =>
    patiently(() => ask('HEAD', sha256)).then(
      (response) => Number(response.headers.get('content-length')),
      (error: unknown) => {
        if (error instanceof ArtifactError) return undefined;
        throw error;
      },
    );

  const send = async (stored: StoredArtifact): Promise<StoredArtifact> => {
    const { sha256, size } = stored;
    await once(uploading, sha256, async () => {
      if ((await remoteSize(sha256)) !== undefined) return;
      await patiently(async () => {
        const type = { 'content-type': 'application/octet-stream', 'content-length': String(size) };
        await ask('PUT', sha256, type, await local.openRead(sha256));
      });
    });
    return stored;
  };

  return {
    put: async (content, options) => send(await local.put(content, options)),
    putFile: async (path, options) => send(await local.putFile(path, options)),
    size: async (sha256) => (await local.size(sha256)) ?? (await remoteSize(sha256)),
    openRead: async (sha256, range) => {
      await bring(sha256);
      return await local.openRead(sha256, range);
    },
    readAll: async (sha256, maxBytes) => {
      if ((await local.size(sha256)) === undefined && ((await remoteSize(sha256)) ?? 0) > maxBytes) {
        throw tooLarge(`The artifact ${sha256}`, maxBytes);
      }
      await bring(sha256);
      return await local.readAll(sha256, maxBytes);
    },
    stage: async (sha256, destinationPath) => {
      await bring(sha256);
      await local.stage(sha256, destinationPath);
    },
  };
}
