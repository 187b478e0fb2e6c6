/**
 * A store of immutable bytes named by their SHA-256. Knows nothing of runs, names or media types,
 * and nothing is ever overwritten: putting the same bytes again is free.
 */
import type { Readable } from 'node:stream';

export interface StoredArtifact {
  /** 64 lowercase hex digits. */
  sha256: string;
  /** In bytes. */
  size: number;
}

/** Bytes from `start` up to, not including, `end`; `end` defaults to the size and is cut to it. */
export interface ByteRange {
  start: number;
  end?: number;
}

export interface PutOptions {
  /** More bytes than this give `artifact/too-large` and leave nothing behind. */
  maxBytes?: number;
}

export interface PutFileOptions extends PutOptions {
  /**
   * A directory above the file that is trusted: no component below it may be a symbolic link.
   * Defaults to the file's own directory. Give it whenever a card could have made directories.
   */
  within?: string;
}

/** Every method rejects with `ArtifactError`; other errors are faults of the machine. */
export interface ArtifactStore {
  /** A chunk must not be changed once it was handed over. */
  put(content: Uint8Array | AsyncIterable<Uint8Array>, options?: PutOptions): Promise<StoredArtifact>;
  /** Copies a regular file; links, devices and pipes give `artifact/not-a-file`. */
  putFile(path: string, options?: PutFileOptions): Promise<StoredArtifact>;
  /** Size in bytes, or undefined when the store does not have it. */
  size(sha256: string): Promise<number | undefined>;
  /** The caller consumes or destroys the stream. */
  openRead(sha256: string, range?: ByteRange): Promise<Readable>;
  /** All bytes, checked against the hash; more than `maxBytes` give `artifact/too-large` before anything is read. */
  readAll(sha256: string, maxBytes: number): Promise<Uint8Array>;
  /** Makes the bytes available as a new read-only file, sharing them where the file system can. */
  stage(sha256: string, destinationPath: string): Promise<void>;
}

export type ArtifactErrorCode =
  | 'artifact/unknown'
  | 'artifact/not-a-file'
  | 'artifact/too-large'
  | 'artifact/bad-range'
  | 'artifact/exists'
  | 'artifact/no-space'
  | 'artifact/corrupt'
  | 'artifact/unavailable';

export class ArtifactError extends Error {
  readonly code: ArtifactErrorCode;

  constructor(code: ArtifactErrorCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ArtifactError';
    this.code = code;
  }
}

export const isSha256 = (text: string): boolean => /^[0-9a-f]{64}$/.test(text);

export const unknownArtifact = (sha256: string): ArtifactError =>
  new ArtifactError(
    'artifact/unknown',
    `The store has no artifact ${JSON.stringify(sha256.slice(0, 80))}; run the step that makes it again.`,
  );

export const tooLarge = (what: string, maxBytes: number): ArtifactError =>
  new ArtifactError('artifact/too-large', `${what} has more than ${maxBytes} bytes; read it in parts or make it smaller.`);

/** The range with both ends, as `slice` takes them. */
export function resolveRange(size: number, range: ByteRange | undefined): { start: number; end: number } {
  const start = range?.start ?? 0;
  const end = Math.min(range?.end ?? size, size);
  const whole = Number.isSafeInteger(start) && Number.isSafeInteger(end);
  if (!whole || start < 0 || start > size || (range?.end ?? start) < start) {
    const asked = `${start}–${range?.end ?? ''}`;
    throw new ArtifactError(
      'artifact/bad-range',
      `The bytes ${asked} are not within an artifact of ${size} bytes; ask for a range inside it.`,
    );
  }
  return { start, end };
}
