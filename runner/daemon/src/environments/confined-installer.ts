/**
 * Runs uv, or the base Python to compile what uv has installed: as a user of its own where the daemon is root, with writes below two
 * folders, limits, a deadline, and none of the daemon's secrets. Knows nothing of requirements.
 */
import { execFile, spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, isAbsolute, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { STAGES } from '../engines/process/stage-folders.ts';

const PROGRAM = join(import.meta.dirname, 'launcher', 'install.py');
const KEPT_OUTPUT = 400_000;
const FILE_BYTES = 8 * 1024 ** 3;
const MEMORY_BYTES = 4 * 1024 ** 3;
const SIZE_CHECK_MS = 1_000;

export interface InstallerOptions {
  /** Name on PATH, or path. */
  uv: string;
  /** Holds everything that is made; `cache/` below it is uv's. */
  root: string;
  /** Folder of the base environment. */
  base: string;
  /** The interpreter that environments are made from. */
  interpreter: string;
  /** Runs the confining program: any Python 3. */
  launcherPython: string;
  uid: number | null;
  /** Index, proxies, certificates: the machine's own settings, as uv names them. */
  settings: Readonly<Record<string, string>>;
}

export interface InstallerRun {
  /** After `uv`; `@root@` and `@base@` stand for those folders. */
  args: readonly string[];
  program?: 'uv' | 'python';
  /** Folder below `root`; the run may write there and in the cache. */
  folder: string;
  deadlineMs: number;
  /** The folder and the cache together may not grow by more. */
  maxBytes: number;
  signal?: AbortSignal;
  onLine?: (line: string) => void;
}

export interface InstallerEnd {
  ended: 'finished' | 'stopped' | 'timeout' | 'disk';
  code: number | null;
  output: string;
}

const execute = promisify(execFile);

const findOnPath = (command: string): string | undefined =>
  command.includes('/')
    ? command
    : (process.env['PATH'] ?? '')
        .split(delimiter)
        .map((folder) => join(folder, command))
        .find(existsSync);

const isLocal = (place: string): boolean => isAbsolute(place) || place.startsWith('file://');
const localPath = (place: string): string => (place.startsWith('file://') ? fileURLToPath(place) : place);

/** Bytes on disk below these folders, 0 for one that is not there. */
export async function diskBytes(...folders: string[]): Promise<number> {
  // du exits with 1 when something vanishes while it looks; what it counted is still on its output.
  const told = await execute('/usr/bin/du', ['-skxc', '--', ...folders]).catch((error: { stdout?: string }) => ({
    stdout: error.stdout ?? '',
  }));
  return Number(/^(\d+)\s+total$/m.exec(told.stdout)?.[1] ?? 0) * 1024;
}

export class ConfinedInstaller {
  readonly #options: InstallerOptions;
  #pipSettings: Promise<Record<string, string>> | undefined;

  constructor(options: InstallerOptions) {
    this.#options = options;
  }

  async run(run: InstallerRun): Promise<InstallerEnd> {
    const { root, launcherPython } = this.#options;
    run.signal?.throwIfAborted();
    const plan = await this.#plan(run);
    const folders = [join(root, run.folder), join(root, 'cache')];
    // Measured at the first look: what lasts a second has not filled a disk.
    let before: number | undefined;
    const child = spawn(launcherPython, ['-I', '-S', '-B', PROGRAM], {
      stdio: ['pipe', 'pipe', 'pipe'],
      env: { PATH: '/usr/bin:/bin', LANG: 'C.UTF-8' },
      cwd: '/',
      detached: true,
    });
    let output = '';
    let rest = '';
    let ended: InstallerEnd['ended'] = 'finished';
    const take = (bytes: Buffer): void => {
      const text = bytes.toString('utf8');
      output = (output + text).slice(-KEPT_OUTPUT);
      const lines = (rest + text).split('\n');
      rest = (lines.pop() ?? '').slice(-10_000);
      for (const line of lines) run.onLine?.(line.trimEnd());
    };
    child.stdout.on('data', take);
    child.stderr.on('data', take);
    child.stdin.on('error', () => undefined);
    child.stdin.end(`${JSON.stringify(plan)}\n`);
    const end = (why: InstallerEnd['ended']): void => {
      if (ended === 'finished') ended = why;
      try {
        if (child.pid !== undefined) process.kill(-child.pid, 'SIGKILL');
      } catch {
        // Gone already.
      }
    };
    const onAbort = (): void => end('stopped');
    run.signal?.addEventListener('abort', onAbort);
    const deadline = setTimeout(() => end('timeout'), run.deadlineMs);
    const sizes = setInterval(() => {
      void diskBytes(...folders).then((now) => {
        before ??= now;
        if (now - before > run.maxBytes) end('disk');
      });
    }, SIZE_CHECK_MS);
    try {
      const code = await new Promise<number | null>((resolve, reject) => {
        child.once('error', reject);
        child.once('close', resolve);
      });
      return { ended, code, output };
    } finally {
      clearTimeout(deadline);
      clearInterval(sizes);
      run.signal?.removeEventListener('abort', onAbort);
    }
  }

  async #plan(run: InstallerRun): Promise<object> {
    const { uv, root, base, interpreter, uid, settings } = this.#options;
    const program = findOnPath(uv);
    if (program === undefined) throw new Error(`There is no "${uv}" on this runner; install uv, or set ENSEMBLE_UV.`);
    const places: Record<string, string> = { uv: program, root, base };
    const environment: Record<string, string> = { ...(await this.#settingsOfPip()), ...settings };
    // Local folders of wheels and certificates may lie where the user that installs cannot go.
    for (const [name, value] of Object.entries(environment)) {
      const parts = name === 'UV_FIND_LINKS' ? value.split(/[\s,]+/).filter((part) => part !== '') : [value];
      const shown = parts.map((part) => {
        if (!isLocal(part) || !existsSync(localPath(part))) return part;
        const place = `p${Object.keys(places).length}`;
        places[place] = localPath(part);
        return `@${place}@`;
      });
      environment[name] = shown.join(name === 'UV_FIND_LINKS' ? ',' : ' ');
    }
    const folder = `@root@/${run.folder}`;
    return {
      places,
      writable: [folder, '@root@/cache'],
      stage: uid === null ? null : (STAGES.find((stage) => existsSync(stage)) ?? null),
      uid,
      limits: { fileBytes: FILE_BYTES, memoryBytes: MEMORY_BYTES },
      directory: folder,
      command: run.program === 'python' ? [interpreter, ...run.args] : ['@uv@', ...run.args],
      environment: {
        ...environment,
        PATH: '/usr/bin:/bin',
        LANG: 'C.UTF-8',
        HOME: folder,
        TMPDIR: folder,
        UV_CACHE_DIR: '@root@/cache',
        UV_PYTHON_DOWNLOADS: 'never',
        UV_NO_ENV_FILE: '1',
        NO_COLOR: '1',
      },
    };
  }

  /** uv ignores pip's settings: hand it the local wheel folders that pip knows, as `npm start` does for the base environment. */
  #settingsOfPip(): Promise<Record<string, string>> {
    const { settings, interpreter } = this.#options;
    if (settings['UV_FIND_LINKS'] !== undefined) return Promise.resolve({});
    this.#pipSettings ??= execute(interpreter, ['-m', 'pip', 'config', 'get', 'global.find-links'], {
      env: { ...settings, PATH: '/usr/bin:/bin', HOME: process.env['HOME'] ?? '/' },
      timeout: 20_000,
    }).then(
      ({ stdout }): Record<string, string> => (stdout.trim() === '' ? {} : { UV_FIND_LINKS: stdout.trim().replaceAll(/\s+/g, ',') }),
      () => ({}),
    );
    return this.#pipSettings;
  }
}
