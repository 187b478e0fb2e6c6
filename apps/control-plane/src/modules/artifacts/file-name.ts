/** A name people give a file: cards get the file under it. */
import { ApiError } from '../../platform/api-error.ts';

const MAX_NAME_BYTES = 200;

/** Throws for anything that is no plain file name. */
export function requireFileName(name: string): void {
  const plain = name !== '' && name !== '.' && name !== '..' && !/[/\\\p{C}]/u.test(name) && Buffer.byteLength(name) <= MAX_NAME_BYTES;
  if (!plain)
    throw new ApiError('bad-request', `A file needs a plain name of at most ${MAX_NAME_BYTES} bytes, without slashes.`, [
      { code: 'file-name', field: 'name', message: 'This is no plain file name.' },
    ]);
}
