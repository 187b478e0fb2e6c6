/** Docs that cannot lie: settings as in the code, links that lead somewhere, commands that exist. */
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { ERRORS } from '../../apps/control-plane/src/platform/api-error.ts';
import { ENVIRONMENT } from '../../apps/control-plane/src/config.ts';

const repository = path.resolve(import.meta.dirname, '../..');
const tracked = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], { cwd: repository, encoding: 'utf8' })
  .split('\n')
  .filter((file) => file !== '' && existsSync(path.join(repository, file)));
const read = (file: string): string => readFileSync(path.join(repository, file), 'utf8');

test('docs/configuration.md lists exactly the settings that the code reads', () => {
  const rows = [...read('docs/configuration.md').matchAll(/^\| `(\w+)` +\| (.*?) *\| (.*?) *\|$/gm)].map(
    ([, name, fallback, description]) => ({ name, fallback, description }),
  );
  const expected = ENVIRONMENT.map((one) => ({
    name: one.name,
    fallback: 'default' in one ? `\`${one.default}\`` : '',
    description: one.description,
  }));
  expect(rows).toEqual(expected);
});

test('docs/errors.md lists exactly the errors that the API answers with', () => {
  const rows = [...read('docs/errors.md').matchAll(/^\| `([\w-]+)` +\| (\d+) +\| (.*?) *\| (.*?) *\|$/gm)];
  expect(rows.map(([, code, status, meaning, mender]) => ({ code, status: Number(status), meaning, mender }))).toEqual(
    Object.entries(ERRORS).map(([code, entry]) => ({ code, ...entry })),
  );
});

test('every relative link in Markdown leads to a file', () => {
  const dead: string[] = [];
  for (const file of tracked.filter((name) => name.endsWith('.md'))) {
    for (const [, target = ''] of read(file).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:|^#/.test(target)) continue;
      if (!existsSync(path.join(repository, path.dirname(file), target.replace(/#.*/, '')))) dead.push(`${file}: ${target}`);
    }
  }
  expect(dead).toEqual([]);
});

test('every npm command that the docs name is a script', () => {
  const { scripts } = JSON.parse(read('package.json')) as { scripts: Record<string, string> };
  const named = ['README.md', 'CONTRIBUTING.md', 'docs/guarantees.md'].flatMap((file) =>
    [...read(file).matchAll(/(?<=`|^)npm (?:run (?:-s )?)?(start|test(?::\w+)?|(?<=run |-s )[\w:]+)/gm)].map(([, name = '']) => name),
  );
  expect(named.length).toBeGreaterThan(5);
  expect(named.filter((name) => !(name in scripts))).toEqual([]);
});

test('nothing that is committed names a registry or a path of the machine it was written on', () => {
  // Written with brackets, so that this file does not name them either.
  const forbidden = /registry\.npm[j]s|pypi\.[o]rg|files\.python[h]osted|\/wor[k]\/main|\/opt\/[w]heels|\/root\/\.[p]yenv/;
  const text = tracked.filter((name) => /\.(ts|tsx|mjs|cjs|js|py|md|json|ya?ml|in|lock|toml|css|html|prisma|sh)$/.test(name));
  expect(text.filter((file) => forbidden.test(read(file)))).toEqual([]);
});
