/** A product started by npm ends with npm, though npm's shell stands between them and lives on. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { eventually, removeDirectory, repository } from '../lib/product.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-launcher-'));
afterEach(() => removeDirectory(directory));

const contents = (file: string): string => {
  try {
    return readFileSync(path.join(directory, file), 'utf8');
  } catch {
    return '';
  }
};

test('a script notices that npm was killed with SIGKILL', async () => {
  const script = path.join(directory, 'script.mjs');
  writeFileSync(
    script,
    `import { writeFileSync } from 'node:fs';
import { onLauncherGone } from '${path.join(repository, 'scripts/lib/launcher.mjs')}';
const say = (name) => writeFileSync('${directory}/' + name, String(process.pid));
setTimeout(() => process.exit(), 120_000).unref();
onLauncherGone(() => say('noticed'));
say('watching');
`,
  );
  // The second command keeps the shell from turning into node.
  const npm = `require('child_process').spawn('sh', ['-c', 'node ${script}; true'], { stdio: 'ignore' }); setTimeout(() => {}, 120_000)`;
  const launcher = spawn('node', ['-e', npm], { env: { ...process.env, npm_lifecycle_event: 'start' }, stdio: 'ignore' });
  await eventually(
    () => contents('watching'),
    (pid) => pid !== '',
  );
  launcher.kill('SIGKILL');
  const pid = await eventually(
    () => contents('noticed'),
    (text) => text !== '',
  );
  expect(pid).toBe(contents('watching'));
});
