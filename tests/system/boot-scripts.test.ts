/** Boot scripts that run at the same time do each piece of work once. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { eventually, removeDirectory, repository } from '../lib/product.ts';

const directory = mkdtempSync(path.join(tmpdir(), 'ensemble-boot-'));
afterAll(() => removeDirectory(directory));

const contents = (name: string): string => {
  try {
    return readFileSync(path.join(directory, name), 'utf8');
  } catch {
    return '';
  }
};

/** A process that does slow work under the stamp `stamp`, and writes its name into the journal of who did. */
function prepare(name: string, stamp: string, workMs: number) {
  const script = path.join(directory, `${name}.mjs`);
  writeFileSync(
    script,
    `import { appendFileSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { unlessDone } from '${path.join(repository, 'scripts/lib/stamp.mjs')}';
await unlessDone('${path.join(directory, stamp)}', 'print', async () => {
  appendFileSync('${path.join(directory, stamp)}.journal', '${name} ');
  await sleep(${workMs});
});`,
  );
  const child = spawn('node', [script], { stdio: 'ignore' });
  return { child, ended: new Promise((resolve) => child.on('exit', resolve)) };
}

test('of several at once one works and the others find it done', async () => {
  const all = ['a', 'b', 'c'].map((name) => prepare(name, 'at-once', 400));
  expect(await Promise.all(all.map(({ ended }) => ended))).toEqual([0, 0, 0]);
  expect(contents('at-once.journal').trim()).toMatch(/^[abc]$/);
});

test('one that is killed in the middle leaves no lock behind', async () => {
  const killed = prepare('killed', 'midway', 60_000);
  await eventually(
    () => contents('midway.journal'),
    (text) => text !== '',
  );
  killed.child.kill('SIGKILL');
  await killed.ended;
  expect(await prepare('next', 'midway', 0).ended).toBe(0);
  expect(contents('midway.journal')).toBe('killed next ');
});
