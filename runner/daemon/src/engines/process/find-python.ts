/** Finds the folders a card environment needs inside a sandbox. Reads only, runs nothing. */
import { access, readFile, realpath } from 'node:fs/promises';
import { dirname, join } from 'node:path';

export interface FoundPython {
  environment: string;
  /** Folder of the base interpreter when it is not below /usr, else null. */
  base: string | null;
  /** The base interpreter itself. */
  interpreter: string;
}

/** `python` is the environment's interpreter, such as `…/bin/python`. Throws when it is not there. */
export async function findPython(python: string): Promise<FoundPython> {
  const environment = dirname(dirname(python));
  const interpreter = await realpath(python).catch(() => {
    throw new Error(`There is no Python for cards at ${python}; run the set-up that makes it, or set ENSEMBLE_CARD_PYTHON.`);
  });
  const settings = await readFile(join(environment, 'pyvenv.cfg'), 'utf8').catch(() => '');
  const home = /^home\s*=\s*(.+)$/m.exec(settings)?.[1]?.trim() ?? dirname(interpreter);
  const base = dirname(home);
  return { environment, base: home === '/bin' || base === '/usr' || base.startsWith('/usr/') ? null : base, interpreter };
}

/** First of the candidates that is there; it runs the launcher. */
export async function findLauncherPython(interpreter: string): Promise<string> {
  for (const candidate of ['/usr/bin/python3', interpreter]) {
    if (
      await access(candidate).then(
        () => true,
        () => false,
      )
    )
      return candidate;
  }
  throw new Error('No Python 3 was found to start sandboxes with; install python3.');
}
