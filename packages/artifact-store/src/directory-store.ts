/**
 * Artifacts in a directory: `sha256/ab/cdef…`, one read-only file each. Ignores who uses them.
 *
 * ART-1 a name in `sha256/` always has all its bytes: a file is written and flushed under `temp/`
 *       and only then renamed, so a crash at any moment leaves at most a temporary file.
 * ART-2 the directory may be shared by processes; the same content put twice at once is stored once.
 */
import { createHash, randomUUID } from 'node:crypto';
import { constants } from 'node:fs';
import { chmod, copyFile, link, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { ArtifactError, isSha256, resolveRange, tooLarge, unknownArtifact } from './artifact-store.ts';
import type { ArtifactStore, StoredArtifact } from './artifact-store.ts';
import { openRegularFile } from './regular-file.ts';

const TEMPORARY_FILE_LIFE_MS = 3_600_000;
const CHUNK_BYTES = 1 << 20;

/** Creates the directory when needed and removes temporary files that a crash left over an hour before `now`. */
export async function openDirectoryStore(directory: string, now: number = Date.now()): Promise<ArtifactStore> {
  const temporary = join(directory, 'temp');
  await mkdir(temporary, { recursive: true });
  await mkdir(join(directory, 'sha256'), { recursive: true });
  await sweep(temporary, now - TEMPORARY_FILE_LIFE_MS);
  return new DirectoryStore(directory, temporary);
}

class DirectoryStore implements ArtifactStore {
  private readonly directory: string;
  private readonly temporary: string;

  constructor(directory: string, temporary: string) {
    this.directory = directory;
    this.temporary = temporary;
  }

  put: ArtifactStore['put'] = async (content, { maxBytes } = {}) => {
    if (!(content instanceof Uint8Array)) return this.keep(content, 'The content', maxBytes);
    // What every run puts again, such as the sources of its cards, is there already: nothing is written and flushed for it.
    if (maxBytes === undefined || content.length <= maxBytes) {
      const sha256 = createHash('sha256').update(content).digest('hex');
      if ((await this.size(sha256)) === content.length) return { sha256, size: content.length };
    }
    return this.keep([content], 'The content', maxBytes);
  };

  putFile: ArtifactStore['putFile'] = async (path, { maxBytes, within } = {}) => {
    const source = await openRegularFile(path, within);
    try {
      if (maxBytes !== undefined && (await source.stat()).size > maxBytes) throw tooLarge(path, maxBytes);
      return await this.keep(chunksOf(source), path, maxBytes);
    } finally {
      await source.close();
    }
  };

  size: ArtifactStore['size'] = async (sha256) => {
    if (!isSha256(sha256)) return undefined;
    const found = await stat(this.pathOf(sha256)).catch(ifMissing);
    return found?.size;
  };

  openRead: ArtifactStore['openRead'] = async (sha256, range) => {
    const handle = await this.open(sha256);
    try {
      const { start, end } = resolveRange((await handle.stat()).size, range);
      if (start < end) return handle.createReadStream({ start, end: end - 1, highWaterMark: CHUNK_BYTES });
    } catch (error) {
      await handle.close();
      throw error;
    }
    await handle.close();
    return Readable.from([]);
  };

  readAll: ArtifactStore['readAll'] = async (sha256, maxBytes) => {
    const handle = await this.open(sha256);
    try {
      if ((await handle.stat()).size > maxBytes) throw tooLarge(`The artifact ${sha256}`, maxBytes);
      const bytes = await handle.readFile();
      if (createHash('sha256').update(bytes).digest('hex') === sha256) return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.length);
      throw new ArtifactError(
        'artifact/corrupt',
        `The artifact ${sha256} was damaged on disk; remove its file and run the step that makes it again.`,
      );
    } finally {
      await handle.close();
    }
  };

  stage: ArtifactStore['stage'] = async (sha256, destinationPath) => {
    const path = isSha256(sha256) ? this.pathOf(sha256) : undefined;
    if (path === undefined || (await stat(path).catch(ifMissing)) === undefined) throw unknownArtifact(sha256);
    try {
      await link(path, destinationPath).catch((error: NodeJS.ErrnoException) => {
        // Another file system, one without links, or as many links as it can count.
        if (!['EXDEV', 'EPERM', 'EMLINK', 'ENOTSUP', 'ENOSYS'].includes(error.code ?? '')) throw error;
        return copyReadOnly(path, destinationPath);
      });
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw translate(error);
      throw new ArtifactError('artifact/exists', `${destinationPath} exists already; remove it or stage to another name.`, {
        cause: error,
      });
    }
  };

  private async keep(
    content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
    what: string,
    maxBytes = Infinity,
  ): Promise<StoredArtifact> {
    const temporaryPath = join(this.temporary, randomUUID());
    const target = await open(temporaryPath, 'wx', 0o600).catch((error: unknown) => {
      throw translate(error);
    });
    try {
      const artifact = await writeHashed(content, target, what, maxBytes);
      await this.publish(temporaryPath, artifact);
      return artifact;
    } catch (error) {
      await target.close().catch(() => undefined);
      await rm(temporaryPath, { force: true });
      throw translate(error);
    }
  }

  private async publish(temporaryPath: string, { sha256, size }: StoredArtifact): Promise<void> {
    const path = this.pathOf(sha256);
    if ((await this.size(sha256)) === size) return rm(temporaryPath);
    await chmod(temporaryPath, 0o444);
    const made = await mkdir(dirname(path), { recursive: true });
    // Replaces only the same content, or a file whose size shows that it was damaged.
    await rename(temporaryPath, path);
    await flushDirectory(dirname(path));
    if (made !== undefined) await flushDirectory(dirname(dirname(path)));
  }

  private async open(sha256: string): Promise<FileHandle> {
    const handle = isSha256(sha256) ? await open(this.pathOf(sha256), 'r').catch(ifMissing) : undefined;
    if (handle === undefined) throw unknownArtifact(sha256);
    return handle;
  }

  private pathOf(sha256: string): string {
    return join(this.directory, 'sha256', sha256.slice(0, 2), sha256.slice(2));
  }
}

/** Hashes while writing, flushes, closes. The next chunk is read while this one is written. */
async function writeHashed(
  content: Iterable<Uint8Array> | AsyncIterable<Uint8Array>,
  target: FileHandle,
  what: string,
  maxBytes: number,
): Promise<StoredArtifact> {
  const hash = createHash('sha256');
  let size = 0;
  let writing: Promise<void> = Promise.resolve();
  try {
    for await (const chunk of content) {
      size += chunk.byteLength;
      if (size > maxBytes) throw tooLarge(what, maxBytes);
      hash.update(chunk);
      await writing;
      writing = writeFully(target, chunk);
      // Its failure is met at the next await; it must not count as unhandled until then.
      writing.catch(() => undefined);
    }
  } finally {
    await writing;
  }
  await target.sync();
  await target.close();
  return { sha256: hash.digest('hex'), size };
}

async function writeFully(target: FileHandle, chunk: Uint8Array): Promise<void> {
  for (let written = 0; written < chunk.byteLength;) {
    const { bytesWritten } = await target.write(chunk, written);
    written += bytesWritten;
  }
}

/** Three buffers in turn: one being read, one hashed, one written. */
async function* chunksOf(source: FileHandle): AsyncGenerator<Uint8Array> {
  const buffers = [0, 1, 2].map(() => Buffer.allocUnsafe(CHUNK_BYTES));
  for (let turn = 0; ; turn = (turn + 1) % buffers.length) {
    const buffer = buffers[turn] ?? Buffer.alloc(0);
    const { bytesRead } = await source.read(buffer, 0, buffer.length);
    if (bytesRead === 0) return;
    yield buffer.subarray(0, bytesRead);
  }
}

async function copyReadOnly(path: string, destinationPath: string): Promise<void> {
  try {
    await copyFile(path, destinationPath, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE);
    await chmod(destinationPath, 0o444);
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') await rm(destinationPath, { force: true });
    throw error;
  }
}

async function flushDirectory(path: string): Promise<void> {
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
}

async function sweep(temporary: string, olderThan: number): Promise<void> {
  for (const name of await readdir(temporary)) {
    const path = join(temporary, name);
    const found = await stat(path).catch(ifMissing);
    if (found !== undefined && found.mtimeMs < olderThan) await rm(path, { force: true });
  }
}

const codeOf = (error: unknown): unknown => (error instanceof Error && 'code' in error ? error.code : undefined);

function ifMissing(error: unknown): undefined {
  if (codeOf(error) !== 'ENOENT') throw error;
}

function translate(error: unknown): unknown {
  const code = codeOf(error);
  if (code !== 'ENOSPC' && code !== 'EDQUOT' && code !== 'EFBIG') return error;
  return new ArtifactError(
    'artifact/no-space',
    'The disk of the artifact store is full and nothing was stored; free some space and try again.',
    { cause: error },
  );
}
