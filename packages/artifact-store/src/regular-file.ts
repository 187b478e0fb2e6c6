/**
 * Opens a file that somebody untrusted may have placed: only a regular file, through no symbolic
 * link below a trusted directory. Knows nothing of artifacts beyond the error it throws.
 */
import { constants } from 'node:fs';
import { lstat, open, realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { dirname, join, relative, resolve } from 'node:path';
import { ArtifactError } from './artifact-store.ts';

/** The caller closes the handle. */
export async function openRegularFile(path: string, within: string = dirname(path)): Promise<FileHandle> {
  const refuse = (why: string, cause?: unknown): ArtifactError =>
    new ArtifactError('artifact/not-a-file', `${path} ${why}; write a regular file there.`, { cause });
  // O_NONBLOCK: opening a pipe that nobody writes to would wait for ever.
  const flags = constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK;
  const handle = await open(path, flags).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') throw refuse('does not exist', error);
    if (error.code === 'ELOOP') throw refuse('is a symbolic link', error);
    if (error.code === 'ENXIO') throw refuse('is no regular file', error);
    throw error;
  });
  try {
    const opened = await handle.stat({ bigint: true });
    if (!opened.isFile()) throw refuse('is no regular file');
    const below = relative(resolve(within), resolve(path));
    if (below === '' || below.startsWith('..')) throw refuse(`is not inside ${within}`);
    // Checked after opening: what is found at the path without links must be what was opened.
    const expected = join(await realpath(within), below);
    const [real, found] = await Promise.all([realpath(path), lstat(expected, { bigint: true })]).catch((error: unknown) => {
      throw refuse('was moved while it was read', error);
    });
    if (real !== expected || found.ino !== opened.ino || found.dev !== opened.dev) throw refuse('is reached through a symbolic link');
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}
