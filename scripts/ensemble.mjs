/** `npm run -s ensemble -- …`: the command line, with whatever it needs installed first. stdout belongs to the command. */
import { spawn } from 'node:child_process';
import path from 'node:path';
import { environment, root } from './lib/run-command.mjs';
import { fail } from './lib/console.mjs';
import { preparePackages, prepareProduct } from './lib/prepare.mjs';

const args = process.argv.slice(2);
const startsProduct = args[0] === 'run' && !process.env.ENSEMBLE_URL;
try {
  if (startsProduct) await prepareProduct({ web: false });
  else await preparePackages();
} catch (error) {
  fail(error.message);
}
const child = spawn('node', [path.join(root, 'apps/cli/src/main.ts'), ...args], {
  cwd: process.env.INIT_CWD ?? process.cwd(),
  env: environment(),
  stdio: 'inherit',
});
process.on('SIGINT', () => {});
process.on('SIGTERM', () => child.kill('SIGTERM'));
child.on('exit', (code) => process.exit(code ?? 1));
