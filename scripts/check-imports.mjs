/**
 * Import rules of the tree, checked by dependency-cruiser. With too new a TypeScript it reads nothing
 * and still exits 0, so a minimum number of modules is part of the check.
 * Usage: check-imports.mjs [folder [minimum number of modules]]
 */
import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';

const MINIMUM_MODULES = 100;
const repository = path.resolve(import.meta.dirname, '..');
const base = path.resolve(process.argv[2] ?? repository);
const minimum = Number(process.argv[3] ?? MINIMUM_MODULES);

const folders = ['apps', 'packages', 'runner', 'tests'].filter((folder) => existsSync(path.join(base, folder)));
const cruiser = path.join(repository, 'node_modules/.bin/depcruise');
const config = path.join(repository, '.dependency-cruiser.cjs');
let output;
try {
  output = execFileSync(cruiser, ['--config', config, '--output-type', 'json', ...folders], {
    cwd: base,
    maxBuffer: 1 << 28,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
} catch (error) {
  // A non-zero exit means violations; they are in the output.
  output = error.stdout;
}
const { summary, modules } = JSON.parse(output.toString());
const read = modules.filter((module) => !module.coreModule && !module.source.includes('node_modules')).length;
for (const violation of summary.violations) console.error(`${violation.rule.name}: ${violation.from} → ${violation.to}`);
if (read < minimum) {
  console.error(`only ${read} modules were read, expected at least ${minimum}: the reader is broken, not the tree`);
  process.exit(1);
}
console.error(`${read} modules, ${summary.violations.length} violations`);
process.exit(summary.violations.length > 0 ? 1 : 0);
