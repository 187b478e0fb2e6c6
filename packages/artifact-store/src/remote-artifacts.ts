/** Artifacts somewhere else: in an object store, or behind another server's door. Knows no hashes of its own; who reads checks. */
import type { Readable } from 'node:stream';
import type { ByteRange } from './artifact-store.ts';

/** Every method rejects with `ArtifactError`: `artifact/unavailable` when the other side does not answer. */
export interface RemoteArtifacts {
  /** Size in bytes, or undefined when it is not there. */
  size(sha256: string): Promise<number | undefined>;
  /** Bytes of a range that lies within the artifact. The caller consumes or destroys the stream, which may break off. */
  read(sha256: string, range?: ByteRange): Promise<Readable>;
  /** Uploads a file of `size` bytes whose content has that hash. One that was interrupted goes on where it stopped. */
  write(sha256: string, size: number, file: string): Promise<void>;
}
