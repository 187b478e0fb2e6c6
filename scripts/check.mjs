/** `npm run check`: types, lint, format, import rules, dead code. Everything is tried, then the verdict. */
import path from 'node:path';
import { binaries, run } from './lib/run-command.mjs';
import { fail, say, secondsSinceStart } from './lib/console.mjs';
import { prepareDatabaseClient, preparePackages } from './lib/prepare.mjs';

const bin = (name) => path.join(binaries, name);
const checks = [
  { name: 'types', command: bin('turbo'), args: ['run', 'typecheck', '--output-logs=errors-only', '--continue'] },
  { name: 'lint', command: bin('oxlint'), args: ['--type-aware', '--max-warnings=0', '.'] },
  { name: 'format', command: bin('prettier'), args: ['--check', '--log-level=warn', '.'] },
  { name: 'import rules', command: 'node', args: ['scripts/check-imports.mjs'] },
  { name: 'dead code', command: bin('knip'), args: [] },
];

try {
  await preparePackages();
  await prepareDatabaseClient();
} catch (error) {
  fail(error.message);
}
const failed = [];
for (const { name, command, args } of checks) {
  const from = Date.now();
  const result = await run(command, args, { quiet: true });
  const seconds = ((Date.now() - from) / 1000).toFixed(1);
  if (result.code === 0) say(`✔ ${name} (${seconds} s)`);
  else {
    failed.push(name);
    say(`✖ ${name} (${seconds} s)\n${result.output.trimEnd()}`);
  }
}
if (failed.length > 0) fail(`check failed: ${failed.join(', ')}`);
say(`check passed in ${secondsSinceStart()} s`);
