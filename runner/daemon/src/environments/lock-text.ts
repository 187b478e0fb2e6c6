/** The text of a lock: one pinned package with its hashes after the other, sorted. Pure. */

export interface LockedPackage {
  /** Normalised. */
  name: string;
  version: string;
  /** As uv writes it: the pin and its `--hash` lines. */
  text: string;
}

const PIN = /^([A-Za-z0-9][A-Za-z0-9._-]*)==([A-Za-z0-9.!+_-]+)$/;
const HASH = /^--hash=sha256:[0-9a-f]{64}$/;

export const normalisedName = (name: string): string => name.toLowerCase().replaceAll(/[-_.]+/g, '-');

/** Throws for a line that is neither pin, hash nor comment: a lock comes from the artifact store and is read like a stranger's. */
export function parseLock(text: string): LockedPackage[] {
  const logical = text
    .split('\n')
    .filter((line) => !line.trimStart().startsWith('#'))
    .join('\n')
    .replaceAll(/\\\n/g, ' ')
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return logical.map((line) => {
    const [pin = '', ...hashes] = line.split(/\s+/);
    const [, name, version] = PIN.exec(pin) ?? [];
    if (name === undefined || version === undefined || hashes.length === 0 || !hashes.every((hash) => HASH.test(hash)))
      throw new Error(`The lock has a line that is no pinned package with hashes: "${line.slice(0, 100)}".`);
    return { name: normalisedName(name), version, text: [pin, ...hashes].join(' \\\n    ') };
  });
}

export const lockText = (packages: Iterable<LockedPackage>): string =>
  [...packages]
    .toSorted((a, b) => (a.name < b.name ? -1 : 1))
    .map(({ text }) => `${text}\n`)
    .join('');

/** `base` with the packages of `changes` in place of those of the same name. */
export function mergeLocks(base: readonly LockedPackage[], changes: readonly LockedPackage[]): LockedPackage[] {
  return [...new Map([...base, ...changes].map((locked) => [locked.name, locked])).values()];
}

/** `numpy==1.26.4` of the lines ` + numpy==1.26.4` that `uv pip install --dry-run` prints. */
export function plannedChanges(output: string): string[] {
  return [...output.matchAll(/^ \+ ([A-Za-z0-9][A-Za-z0-9._-]*==[A-Za-z0-9.!+_-]+)\s*$/gm)].map(([, pin]) => pin ?? '');
}
