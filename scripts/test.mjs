/**
 * `npm test`: installs what tests need, runs them all, and ends with one line over all runners.
 * `--long` runs the long fuzz and kill runs as well.
 */
import { existsSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import path from 'node:path';
import { binaries, root, run, which } from './lib/run-command.mjs';
import { fail, say, step } from './lib/console.mjs';
import { prepareCardPython, prepareProduct } from './lib/prepare.mjs';
import { installSystemPackages } from './lib/system-packages.mjs';
import { startTestPostgres } from './lib/test-postgres.mjs';

const long = process.argv.includes('--long');
const results = path.join(root, 'test-results');
const total = { passed: 0, failed: 0, skipped: 0 };
const skippedNames = [];
const brokenRunners = [];

/** vitest runs two files of a project side by side; in `whole` each starts a product of its own, with its own ports and folders. */
async function runVitest(project, env) {
  const report = path.join(results, `vitest-${project}.json`);
  const args = ['run', '--project', project, '--reporter=default', '--reporter=json', `--outputFile.json=${report}`];
  const { code } = await run(path.join(binaries, 'vitest'), args, { env, stdout: 'stdout' });
  if (!existsSync(report)) {
    brokenRunners.push(`vitest ${project}`);
    return;
  }
  const json = JSON.parse(readFileSync(report, 'utf8'));
  total.passed += json.numPassedTests;
  total.failed += json.numFailedTests;
  total.skipped += json.numPendingTests + json.numTodoTests;
  for (const file of json.testResults) {
    // A file that failed outside its tests has no failed test to count.
    if (file.status === 'failed' && !file.assertionResults.some((one) => one.status === 'failed')) total.failed += 1;
    for (const one of file.assertionResults) if (one.status === 'pending' || one.status === 'skipped') skippedNames.push(one.fullName);
  }
  if (code !== 0 && json.numFailedTests === 0 && json.success) brokenRunners.push(`vitest ${project} (exit code ${code})`);
}

async function runPytest(python) {
  const report = path.join(results, 'pytest.xml');
  const args = ['-m', 'pytest', '-q', '-p', 'no:cacheprovider', `--junitxml=${report}`, 'runner/python/tests'];
  const { code } = await run(python, args, { env: { PYTHONDONTWRITEBYTECODE: '1' }, stdout: 'stdout' });
  const suite = existsSync(report) ? /<testsuite [^>]*>/.exec(readFileSync(report, 'utf8'))?.[0] : undefined;
  if (!suite) {
    brokenRunners.push('pytest');
    return;
  }
  const count = (name) => Number(new RegExp(`${name}="(\\d+)"`).exec(suite)?.[1] ?? 0);
  const failed = count('failures') + count('errors');
  total.failed += failed;
  total.skipped += count('skipped');
  total.passed += count('tests') - failed - count('skipped');
  if (code !== 0 && failed === 0) brokenRunners.push(`pytest (exit code ${code})`);
}

let postgres;
try {
  await prepareProduct();
  const testPython = await prepareCardPython({ withTests: true });
  if (!which('docker') || !existsSync('/usr/sbin/dockerd')) await installSystemPackages(['docker.io'], 'tests with real containers');
  if (!which('chromium')) await installSystemPackages(['chromium'], 'tests in a real browser');
  postgres = await step('Starting a PostgreSQL for this test run', startTestPostgres);
  rmSync(results, { recursive: true, force: true });
  mkdirSync(results, { recursive: true });
  const env = {
    ...(postgres ? { ENSEMBLE_TEST_DATABASE_URL: postgres.url } : {}),
    ...(long ? { ENSEMBLE_LONG: '1' } : {}),
  };
  await step('Python tests', () => runPytest(testPython));
  await step('Unit tests', () => runVitest('unit', env));
  await step('Whole-product tests: system, chaos, two browsers', () => runVitest('whole', env));
} catch (error) {
  await postgres?.stop();
  fail(error.message);
}
await postgres?.stop();
for (const name of skippedNames) say(`skipped: ${name}`);
for (const name of brokenRunners) say(`✖ ${name} did not finish properly`);
total.failed += brokenRunners.length;
console.log(`${total.passed} passed, ${total.failed} failed, ${total.skipped} skipped`);
process.exit(total.failed > 0 || total.passed === 0 ? 1 : 0);
