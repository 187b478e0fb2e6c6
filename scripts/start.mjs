/** `npm start`: from a fresh clone to a running product. Needs Node ≥ 20, npm and Python 3.11; installs the rest. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { environment, root, which } from './lib/run-command.mjs';
import { fail, say, secondsSinceStart } from './lib/console.mjs';
import { onLauncherGone } from './lib/launcher.mjs';
import { prepareProduct } from './lib/prepare.mjs';

try {
  await prepareProduct();
} catch (error) {
  fail(error.message);
}
say(`Ready to start after ${secondsSinceStart()} s.`);

// The server ends with this script, however this script ends.
const command = ['node', '--disable-warning=ExperimentalWarning', path.join(root, 'apps/control-plane/src/main.ts')];
const bound = which('setpriv') ? ['setpriv', '--pdeathsig', 'TERM', ...command] : command;
const server = spawn(bound[0], bound.slice(1), { cwd: process.env.INIT_CWD ?? root, env: environment(), stdio: 'inherit' });

// Ctrl-C reaches the whole foreground group: the server gets its own copy and drains, this script waits for it.
process.on('SIGINT', () => {});
process.on('SIGTERM', () => server.kill('SIGTERM'));
process.on('SIGHUP', () => server.kill('SIGTERM'));
const stopWatching = onLauncherGone(() => server.kill('SIGTERM'));
server.on('error', (error) => fail(`The server could not be started: ${error.message}`));
server.on('exit', (code, signal) => {
  stopWatching();
  process.exit(code ?? (signal === 'SIGTERM' || signal === 'SIGINT' ? 0 : 1));
});
