/** Runs commands for the boot scripts. Knows nothing of what they do. */
import { spawn } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');
export const binaries = path.join(root, 'node_modules/.bin');

/** The environment in which `node` is the Node 24 of the lock file, where it has one. */
export const environment = (extra = {}) => ({
  ...process.env,
  PATH: `${binaries}${path.delimiter}${process.env.PATH ?? ''}`,
  TURBO_TELEMETRY_DISABLED: '1',
  CHECKPOINT_DISABLE: '1',
  // A quarter less to compile at every start.
  NODE_COMPILE_CACHE: process.env.NODE_COMPILE_CACHE ?? path.join(root, '.cache/node'),
  ...extra,
});

/** Absolute path of a command, or undefined. */
export function which(command) {
  for (const directory of (process.env.PATH ?? '').split(path.delimiter)) {
    const file = path.join(directory, command);
    try {
      accessSync(file, constants.X_OK);
      return file;
    } catch {
      // not in this directory
    }
  }
  return undefined;
}

/**
 * Resolves with { code, output }. `quiet` keeps the output for the error message; otherwise it is
 * shown on stderr as it comes.
 */
export function run(command, args, { cwd = root, env, quiet = false, stdout = 'stderr', input } = {}) {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env: environment(env), stdio: [input ? 'pipe' : 'ignore', 'pipe', 'pipe'] });
    let output = '';
    const take = (stream, target) =>
      stream.on('data', (chunk) => {
        output = (output + chunk).slice(-200_000);
        if (!quiet) target.write(chunk);
      });
    take(child.stdout, stdout === 'stdout' ? process.stdout : process.stderr);
    take(child.stderr, process.stderr);
    if (input) child.stdin.end(input);
    child.on('error', reject);
    child.on('close', (code, signal) => resolve({ code: code ?? 128, signal, output }));
  });
}

/** Like `run`, but a non-zero exit is an error that shows the end of the output. */
export async function mustRun(command, args, options = {}) {
  const result = await run(command, args, { quiet: true, ...options });
  if (result.code !== 0) {
    const shown = result.output.trim().split('\n').slice(-30).join('\n');
    throw new Error(`\`${[path.basename(command), ...args].join(' ').slice(0, 200)}\` failed with exit code ${result.code}:\n${shown}`);
  }
  return result.output;
}
