/** A project folder as the zip that the server imports. */
import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { MAX_ARCHIVE_BYTES } from '@ensemble/protocol';
import { zipSync } from 'fflate';
import { CliError } from './cli-error.ts';

const PASSED_OVER = /^(\.|__pycache__$|__MACOSX$|node_modules$)/;

/** Follows no symbolic links. */
export async function zipFolder(root: string): Promise<Uint8Array> {
  const files: Record<string, Uint8Array> = {};
  let bytes = 0;
  const visit = async (folder: string): Promise<void> => {
    for (const entry of await readdir(path.join(root, folder), { withFileTypes: true })) {
      if (PASSED_OVER.test(entry.name)) continue;
      const name = folder === '' ? entry.name : `${folder}/${entry.name}`;
      if (entry.isDirectory()) await visit(name);
      else if (entry.isFile()) {
        bytes += (files[name] = await readFile(path.join(root, name))).byteLength;
        if (bytes > 4 * MAX_ARCHIVE_BYTES) throw new CliError(`${root} holds more than can be imported. Leave large data files out.`);
      }
    }
  };
  await visit('');
  return zipSync(files);
}
