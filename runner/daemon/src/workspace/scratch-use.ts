/** Whether a step left something in the scratch folder that all steps of its run share. Reads names and times, never content. */
import { lstat, readdir } from 'node:fs/promises';
import { join } from 'node:path';

/** Times of files come from a clock that ticks every few milliseconds. */
const TICK_MS = 20;
/** More than that is not looked through. */
const MOST_ENTRIES = 5_000;

/**
 * `since`: milliseconds since 1970. True when a file was made or changed after that, by this step or another of the run at
 * the same time, and when it cannot be told.
 */
export async function leavesScratch(folder: string, since: number): Promise<boolean> {
  let seen = 0;
  const open = [folder];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    try {
      for (const entry of await readdir(path, { withFileTypes: true })) {
        if (++seen > MOST_ENTRIES) return true;
        const inside = join(path, entry.name);
        if (entry.isDirectory()) open.push(inside);
        // Nobody can set this time.
        else if ((await lstat(inside)).ctimeMs >= since - TICK_MS) return true;
      }
    } catch {
      return true;
    }
  }
  return false;
}
