/** The environment every card gets, as it lies on this runner's disk. Reads names of files; starts nothing. */
import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { environmentSetText } from '@ensemble/protocol';
import { diskBytes } from './confined-installer.ts';
import { normalisedName, parseLock, type LockedPackage } from './lock-text.ts';

export interface BaseEnvironment {
  folder: string;
  /** Below `folder`, and in the same place in every environment made from it. */
  sitePackages: string;
  /** `3.11` */
  python: string;
  /** Lines of `requirements.in`. */
  requirements: string[];
  locked: LockedPackage[];
  /** `name==version` of what is really there. */
  installed: ReadonlySet<string>;
  /** On disk; measured once. */
  bytes(): Promise<number>;
  /** SHA-256 that names a set of canonical requirements on top of this base. */
  setId(requirements: readonly string[]): string;
}

/** What `requirements.in` and `requirements.lock` of the SDK say, one after the other. */
const readBaseText = async (sdkDir: string): Promise<string> =>
  `${await readFile(join(sdkDir, 'requirements.in'), 'utf8')}\n${await readFile(join(sdkDir, 'requirements.lock'), 'utf8')}`;

/** `numpy-2.4.6.dist-info` → `numpy==2.4.6` */
export function pinOfInfo(folder: string): string | undefined {
  const [, name, version] = /^(.+)-([^-]+)\.dist-info$/.exec(folder) ?? [];
  return name === undefined ? undefined : `${normalisedName(name)}==${version}`;
}

export async function readBaseEnvironment(folder: string, sdkDir: string): Promise<BaseEnvironment> {
  const library = (await readdir(join(folder, 'lib'))).find((name) => /^python3\.\d+$/.test(name));
  if (library === undefined) throw new Error(`${folder} is no Python environment.`);
  const sitePackages = join('lib', library, 'site-packages');
  const names = await readdir(join(folder, sitePackages));
  const text = await readBaseText(sdkDir);
  let bytes: Promise<number> | undefined;
  const requirements = (await readFile(join(sdkDir, 'requirements.in'), 'utf8'))
    .split('\n')
    .map((line) => line.replace(/#.*/, '').trim())
    .filter((line) => line !== '');
  return {
    folder,
    sitePackages,
    python: library.slice('python'.length),
    requirements,
    locked: parseLock(await readFile(join(sdkDir, 'requirements.lock'), 'utf8')),
    installed: new Set(names.flatMap((name) => pinOfInfo(name) ?? [])),
    bytes: () => (bytes ??= diskBytes(join(folder, sitePackages))),
    setId: (wanted) => createHash('sha256').update(environmentSetText(wanted, text)).digest('hex'),
  };
}
