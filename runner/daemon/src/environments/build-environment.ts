/**
 * Makes the environment of a lock: the base environment's packages by hard links, the others by uv from wheels whose hashes the lock
 * names, compiled by the base interpreter. Nothing of what is installed is executed here.
 */
import { execFile } from 'node:child_process';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { pinOfInfo, type BaseEnvironment } from './base-environment.ts';
import { diskBytes, type ConfinedInstaller, type InstallerRun } from './confined-installer.ts';
import { lockText, type LockedPackage } from './lock-text.ts';
import { InstallerFailed } from './resolve-lock.ts';
import type { EnvironmentFacts } from './environment-folders.ts';

const execute = promisify(execFile);
const COMPILE_DEADLINE_MS = 10 * 60_000;
/** Up to so many packages are compiled by one process: starting several takes longer. */
const FEW = 3;
const MOST_PLACES = 2_000;

export interface BuildPorts {
  installer: ConfinedInstaller;
  base: BaseEnvironment;
  interpreter: string;
  uid: number | null;
  root: string;
  /** Of the installer, empty: `<root>/<folder>`. */
  folder: string;
  deadlineMs: number;
  maxBytes: number;
  signal: AbortSignal;
  onProgress(message: string, fraction?: number): void;
}

/** What the base environment of this runner does not have as the lock wants it. */
export const missingFrom = (base: Pick<BaseEnvironment, 'installed'>, lock: readonly LockedPackage[]): LockedPackage[] =>
  lock.filter(({ name, version }) => !base.installed.has(`${name}==${version}`));

/** Leaves the environment in `<root>/<folder>/env`. Rejects with `InstallerFailed`. */
export async function buildEnvironment(lockHash: string, lock: readonly LockedPackage[], ports: BuildPorts): Promise<EnvironmentFacts> {
  const { base, interpreter, root, folder } = ports;
  const missing = missingFrom(base, lock);
  const run = (args: string[], more: Partial<InstallerRun> = {}): Promise<void> => confined(ports, args, more);
  ports.onProgress('laying out its folder');
  await run(['venv', '--quiet', '--relocatable', '--no-project', '--python', interpreter, 'env']);
  const environment = join(root, folder, 'env');
  await shareBase(ports, environment);
  await writeFile(join(root, folder, 'missing.lock'), lockText(missing));
  const progress = new InstallProgress(missing.length, ports.onProgress);
  const install = 'pip install --no-deps --require-hashes --only-binary :all: --link-mode hardlink --prefix env -r missing.lock';
  await run([...install.split(' '), '--python', interpreter], { onLine: (line) => progress.take(line) });
  ports.onProgress('compiling', 0.95);
  // `-S`: no `.pth` file of a package is obeyed. It exits with 1 when some file of a package is no Python 3, which is no fault.
  const end = await ports.installer.run({
    args: ['-I', '-S', '-m', 'compileall', '-q', '-j', missing.length > FEW ? '0' : '1', ...(await placesOf(ports, missing))],
    program: 'python',
    folder,
    deadlineMs: COMPILE_DEADLINE_MS,
    maxBytes: ports.maxBytes,
    signal: ports.signal,
  });
  if (end.ended !== 'finished') throw new InstallerFailed(end);
  const [bytes, shared] = await Promise.all([diskBytes(environment), base.bytes()]);
  const facts = { lockHash, packages: lock.length, bytes, ownBytes: Math.max(0, bytes - shared) };
  await writeFile(join(root, folder, 'facts.json'), JSON.stringify(facts));
  return facts;
}

/** What these packages brought: the base packages are compiled. A package's own list of its files is taken for names in one folder only. */
async function placesOf({ base, root, folder }: BuildPorts, packages: readonly LockedPackage[]): Promise<string[]> {
  const site = join('env', base.sitePackages);
  const present = new Set(await readdir(join(root, folder, site)));
  const wanted = new Set(packages.map(({ name, version }) => `${name}==${version}`));
  const tops = new Set<string>();
  for (const info of present) {
    const pin = pinOfInfo(info);
    if (pin === undefined || !wanted.has(pin)) continue;
    const record = await readFile(join(root, folder, site, info, 'RECORD'), 'utf8').catch(() => '');
    for (const line of record.split('\n')) tops.add(line.replace(/^"/, '').split(/[/,]/)[0] ?? '');
  }
  const found = [...tops].filter((top) => present.has(top) && !top.endsWith('.dist-info'));
  return found.length === 0 || found.length > MOST_PLACES ? [site] : found.map((top) => join(site, top));
}

async function confined({ installer, folder, signal, deadlineMs, maxBytes }: BuildPorts, args: string[], more: Partial<InstallerRun>) {
  const end = await installer.run({ args, folder, signal, deadlineMs, maxBytes, ...more });
  if (end.ended !== 'finished' || end.code !== 0) throw new InstallerFailed(end);
}

/** Hard links cost nothing and bring the compiled files along; on another file system they are copied. */
async function shareBase({ base, uid }: BuildPorts, environment: string): Promise<void> {
  const [from, to] = [join(base.folder, base.sitePackages), join(environment, base.sitePackages)];
  const copy = (how: string[]): Promise<unknown> =>
    execute('/bin/cp', ['-R', '--no-dereference', '--preserve=mode,timestamps', ...how, '--', `${from}/.`, to]);
  await copy(['--link']).catch(() => copy(['--reflink=auto', '--remove-destination']));
  // Folders, never files: those are the base environment's own.
  if (uid !== null) await execute('/usr/bin/find', [to, '-type', 'd', '-exec', '/bin/chown', '-h', `${uid}:${uid}`, '{}', '+']);
}

/** Reads what uv prints: `Downloading torch (180.2MiB)`, ` Downloaded torch`, `Prepared 12 packages`. */
export class InstallProgress {
  readonly #total: number;
  readonly #tell: (message: string, fraction?: number) => void;
  readonly #under = new Map<string, { size: string; bytes: number }>();
  #doneBytes = 0;
  #done = 0;

  constructor(total: number, tell: (message: string, fraction?: number) => void) {
    this.#total = total;
    this.#tell = tell;
    tell(`fetching ${total} ${total === 1 ? 'package' : 'packages'}`, 0);
  }

  take(line: string): void {
    const [, begun, size = ''] = /^Downloading (\S+) \(([\d.]+\s*[KMGT]?i?B)\)/.exec(line) ?? [];
    const ended = /^ Downloaded (\S+)/.exec(line)?.[1];
    if (begun !== undefined) this.#under.set(begun, { size, bytes: bytesOf(size) });
    else if (ended !== undefined) {
      this.#doneBytes += this.#under.get(ended)?.bytes ?? 0;
      this.#under.delete(ended);
      this.#done += 1;
    } else if (/^Prepared \d+ package/.test(line)) return this.#tell('unpacking', 0.9);
    else return;
    const open = [...this.#under].toSorted(([, a], [, b]) => b.bytes - a.bytes);
    const all = this.#doneBytes + open.reduce((sum, [, { bytes }]) => sum + bytes, 0);
    const what =
      open.length === 0
        ? 'fetching the rest'
        : `downloading ${open
            .slice(0, 2)
            .map(([name, { size }]) => `${name} (${size})`)
            .join(', ')}`;
    this.#tell(`${what}; ${this.#done} of ${this.#total} here`, all === 0 ? 0 : (0.9 * this.#doneBytes) / all);
  }
}

function bytesOf(size: string): number {
  const [, number = '0', unit = ''] = /^([\d.]+)\s*([KMGT]?)/.exec(size) ?? [];
  return Number(number) * 1024 ** ' KMGT'.indexOf(unit === '' ? ' ' : unit);
}
