/** Which versions of which packages a set of requirements means, as a lock. Knows nothing of who asks and of what is made from it. */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { BaseEnvironment } from './base-environment.ts';
import type { ConfinedInstaller, InstallerEnd } from './confined-installer.ts';
import { lockText, mergeLocks, normalisedName, parseLock, plannedChanges } from './lock-text.ts';

const DEADLINE_MS = 5 * 60_000;
const MAX_BYTES = 1024 ** 3;

export class InstallerFailed extends Error {
  readonly end: InstallerEnd;

  constructor(end: InstallerEnd) {
    super('the installer failed');
    this.end = end;
  }
}

export interface ResolvePorts {
  installer: ConfinedInstaller;
  base: BaseEnvironment;
  /** Of the installer, empty: `<root>/<folder>`. */
  root: string;
  folder: string;
  signal: AbortSignal;
}

/**
 * The base packages keep their versions where they can, and give way within `requirements.in` where the card's wishes conflict:
 * that is how uv treats what is already installed. Rejects with `InstallerFailed`.
 */
export async function resolveLock(requirements: readonly string[], ports: ResolvePorts): Promise<string> {
  const { base, root, folder } = ports;
  const inFolder = (name: string): string => join(root, folder, name);
  await writeFile(inFolder('base.in'), base.requirements.join('\n'));
  await writeFile(inFolder('wishes.in'), requirements.join('\n'));
  const install = 'pip install --dry-run --no-progress --only-binary :all: --python @base@/bin/python -r base.in -r wishes.in';
  const planned = await installerRun(ports, install.split(' '));
  const pins = plannedChanges(planned.output);
  if (pins.length === 0) return lockText(base.locked);
  await writeFile(inFolder('pins.in'), pins.join('\n'));
  // Not `--no-deps`: then uv names no hashes of local wheels.
  const changed = new Set(pins.map((pin) => normalisedName(pin.split('==')[0] ?? '')));
  const kept = base.locked.map(({ name }) => name).filter((name) => !changed.has(name));
  await writeFile(inFolder('kept.in'), kept.join('\n'));
  const compile =
    'pip compile --quiet --generate-hashes --only-binary :all: --no-header --no-annotate --no-emit-index-url --no-emit-find-links ' +
    '--python @base@/bin/python --excludes kept.in pins.in -o changes.lock';
  await installerRun(ports, compile.split(' '));
  return lockText(mergeLocks(base.locked, parseLock(await readFile(inFolder('changes.lock'), 'utf8'))));
}

async function installerRun({ installer, folder, signal }: ResolvePorts, args: string[]): Promise<InstallerEnd> {
  const end = await installer.run({ args, folder, signal, deadlineMs: DEADLINE_MS, maxBytes: MAX_BYTES });
  if (end.ended !== 'finished' || end.code !== 0) throw new InstallerFailed(end);
  return end;
}
