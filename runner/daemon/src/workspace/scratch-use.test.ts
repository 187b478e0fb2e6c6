import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { leavesScratch } from './scratch-use.ts';

it('tells files that were made since a time, however deep and whatever their times say', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'ensemble-scratch-'));
  try {
    expect(await leavesScratch(folder, Date.now())).toBe(false);
    await mkdir(join(folder, 'a/b'), { recursive: true });
    expect(await leavesScratch(folder, 0)).toBe(false);
    const before = Date.now();
    await writeFile(join(folder, 'a/b/file'), 'x');
    await utimes(join(folder, 'a/b/file'), 1, 1);
    expect(await leavesScratch(folder, before)).toBe(true);
    // Another step, a minute later, that left nothing.
    expect(await leavesScratch(folder, before + 60_000)).toBe(false);
    expect(await leavesScratch(join(folder, 'gone'), before)).toBe(true);
  } finally {
    await rm(folder, { recursive: true });
  }
});
