/** Installs Debian packages where that is possible, and says in one line where it is not. */
import { run, which } from './run-command.mjs';
import { say, step } from './console.mjs';

let updated = false;

/** Returns whether the packages are there afterwards. */
export async function installSystemPackages(packages, purpose) {
  if (!which('apt-get') || process.getuid?.() !== 0) {
    say(`! ${packages.join(', ')} not installed (needs apt-get and root): continuing without ${purpose}.`);
    return false;
  }
  return step(`Installing ${packages.join(', ')} for ${purpose}`, async () => {
    // In this run level services are installed and not started.
    const env = { DEBIAN_FRONTEND: 'noninteractive', RUNLEVEL: '1' };
    const wait = ['-o', 'DPkg::Lock::Timeout=120', '-qq'];
    if (!updated) {
      await run('apt-get', [...wait, 'update'], { env, quiet: true });
      updated = true;
    }
    const result = await run('apt-get', [...wait, '-y', '--no-install-recommends', 'install', ...packages], { env, quiet: true });
    if (result.code !== 0) say(`! apt-get could not install ${packages.join(', ')}: continuing without ${purpose}.`);
    return result.code === 0;
  });
}
