/** Remembers what a folder was made from, so that boot scripts repeat quickly. */
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { exclusively } from './exclusively.mjs';
import { root } from './run-command.mjs';

const SKIPPED = new Set(['node_modules', 'dist', '.cache', '.turbo', '.git', '__pycache__', 'generated']);

/** SHA-256 over names and contents of files and folders given relative to the repository. */
export function fingerprint(paths, extra = '') {
  const hash = createHash('sha256').update(extra);
  const visit = (file) => {
    if (!existsSync(file)) return;
    if (statSync(file).isDirectory()) {
      for (const name of readdirSync(file).sort()) if (!SKIPPED.has(name)) visit(path.join(file, name));
    } else {
      hash.update(path.relative(root, file)).update('\0').update(readFileSync(file)).update('\0');
    }
  };
  for (const entry of paths) visit(path.join(root, entry));
  return hash.digest('hex');
}

/** Does the work unless `stampFile` says that it was done for this fingerprint, by this process or one beside it. Returns whether it worked. */
export async function unlessDone(stampFile, print, work) {
  const isDone = () => existsSync(stampFile) && readFileSync(stampFile, 'utf8') === print;
  if (isDone()) return false;
  return await exclusively(stampFile, async () => {
    if (isDone()) return false;
    await work();
    mkdirSync(path.dirname(stampFile), { recursive: true });
    writeFileSync(stampFile, print);
    return true;
  });
}
