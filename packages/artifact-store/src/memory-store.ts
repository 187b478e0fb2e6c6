/**
 * Artifacts in memory, for tests and short-lived tools. Ignores everything but the promises of `ArtifactStore`.
 */
import { createHash } from 'node:crypto';
import { chmod, writeFile } from 'node:fs/promises';
import { Readable } from 'node:stream';
import { ArtifactError, resolveRange, tooLarge, unknownArtifact } from './artifact-store.ts';
import type { ArtifactStore } from './artifact-store.ts';
import { openRegularFile } from './regular-file.ts';

export function createMemoryStore(): ArtifactStore {
  const artifacts = new Map<string, Uint8Array>();

  const get = (sha256: string): Uint8Array => {
    const bytes = artifacts.get(sha256);
    if (bytes === undefined) throw unknownArtifact(sha256);
    return bytes;
  };

  const store: ArtifactStore = {
    async put(content, { maxBytes = Infinity } = {}) {
      const chunks: Uint8Array[] = [];
      let size = 0;
      for await (const chunk of content instanceof Uint8Array ? [content] : content) {
        size += chunk.byteLength;
        if (size > maxBytes) throw tooLarge('The content', maxBytes);
        chunks.push(Uint8Array.from(chunk));
      }
      const bytes = new Uint8Array(Buffer.concat(chunks));
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      artifacts.set(sha256, bytes);
      return { sha256, size };
    },
    async putFile(path, { maxBytes, within } = {}) {
      const source = await openRegularFile(path, within);
      try {
        return await store.put(source.createReadStream({ autoClose: false }), maxBytes === undefined ? {} : { maxBytes });
      } finally {
        await source.close();
      }
    },
    size: async (sha256) => artifacts.get(sha256)?.byteLength,
    async openRead(sha256, range) {
      const bytes = get(sha256);
      const { start, end } = resolveRange(bytes.byteLength, range);
      return Readable.from(start < end ? [Buffer.from(bytes.slice(start, end))] : []);
    },
    async readAll(sha256, maxBytes) {
      const bytes = get(sha256);
      if (bytes.byteLength > maxBytes) throw tooLarge(`The artifact ${sha256}`, maxBytes);
      return bytes.slice();
    },
    async stage(sha256, destinationPath) {
      const bytes = get(sha256);
      await writeFile(destinationPath, bytes, { flag: 'wx' }).catch((error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        throw new ArtifactError('artifact/exists', `${destinationPath} exists already; remove it or stage to another name.`, {
          cause: error,
        });
      });
      await chmod(destinationPath, 0o444);
    },
  };
  return store;
}
