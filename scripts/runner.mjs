/** `npm run runner`: from a copy of this repository to a runner of a server elsewhere. Installs what cards need, then serves. */
import { spawn } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import path from 'node:path';
import { environment, root, which } from './lib/run-command.mjs';
import { fail, say, secondsSinceStart } from './lib/console.mjs';
import { onLauncherGone } from './lib/launcher.mjs';
import { prepareRunner } from './lib/prepare.mjs';

if (!process.env.ENSEMBLE_SERVER_URL && !process.env.ENSEMBLE_NATS_URL)
  fail('Set ENSEMBLE_SERVER_URL to the address of the server and ENSEMBLE_RUNNER_TOKEN to a token from its Runners page.');
let programs;
try {
  programs = await prepareRunner();
} catch (error) {
  fail(error.message);
}
const kept = path.join(root, '.ensemble-runner');
mkdirSync(kept, { recursive: true, mode: 0o711 });
say(`Ready to start after ${secondsSinceStart()} s. Everything it keeps is in ${kept}.`);

const env = {
  ENSEMBLE_RUNNER_DIR: path.join(kept, 'runner'),
  ENSEMBLE_ARTIFACTS_DIR: path.join(kept, 'artifacts'),
  ...programs,
  ...environment(),
};
const command = ['node', '--disable-warning=ExperimentalWarning', path.join(root, 'runner/daemon/src/main.ts')];
const bound = which('setpriv') ? ['setpriv', '--pdeathsig', 'TERM', ...command] : command;
const runner = spawn(bound[0], bound.slice(1), { env, stdio: 'inherit' });

// Ctrl-C reaches the whole foreground group: the runner gets its own copy and drains, this script waits for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => runner.kill('SIGTERM'));
process.on('SIGHUP', () => runner.kill('SIGTERM'));
const stopWatching = onLauncherGone(() => runner.kill('SIGTERM'));
runner.on('error', (error) => fail(`The runner could not be started: ${error.message}`));
runner.on('exit', (code, signal) => {
  stopWatching();
  process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1));
});
