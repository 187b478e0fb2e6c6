/** Opens files that a card has made. Never follows a link, never waits on a FIFO, never reads more than it was told. */
import { constants } from 'node:fs';
import { open, type FileHandle } from 'node:fs/promises';

/** Why a file of a card was not taken; `message` is a sentence for its author. */
export class RefusedFile extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'RefusedFile';
  }
}

/** A regular file with a single name, at most `maxBytes` long. Null when nothing has that name. The caller closes it. */
export async function openUntrusted(path: string, shown: string, maxBytes: number): Promise<{ handle: FileHandle; bytes: number } | null> {
  let handle: FileHandle;
  try {
    handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK | constants.O_NOCTTY);
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT') return null;
    if (code === 'ELOOP') throw new RefusedFile(`${shown} is a link; save a file instead`);
    throw new RefusedFile(`${shown} is no readable file`);
  }
  try {
    const about = await handle.stat();
    if (!about.isFile()) throw new RefusedFile(`${shown} is no regular file`);
    if (about.nlink !== 1) throw new RefusedFile(`${shown} has a second name; copy the file instead`);
    if (about.size > maxBytes) throw new RefusedFile(`${shown} has ${about.size} bytes, ${maxBytes} are allowed`);
    return { handle, bytes: about.size };
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The whole file, or null when nothing has that name. */
export async function readUntrusted(path: string, shown: string, maxBytes: number): Promise<Buffer | null> {
  const opened = await openUntrusted(path, shown, maxBytes);
  if (opened === null) return null;
  try {
    return await opened.handle.readFile();
  } finally {
    await opened.handle.close();
  }
}
