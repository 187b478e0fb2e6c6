/** What folder and project were when they were last equal: the middle of every three-way merge. Kept in the folder. */
import path from 'node:path';
import { z } from 'zod';
import { CliError } from '../cli-error.ts';
import { readText, STATE_FILE, writeWhole } from './local-folder.ts';

const State = z.object({ version: z.literal(1), projectId: z.string(), files: z.array(z.tuple([z.string(), z.string()])) });

/** Empty for a folder that was never synchronised. Throws for one of another project. */
export async function readState(root: string, projectId: string): Promise<Map<string, string>> {
  const text = await readText(path.join(root, STATE_FILE));
  if (text === undefined) return new Map();
  let state: z.infer<typeof State>;
  try {
    state = State.parse(JSON.parse(text));
  } catch {
    throw new CliError(`${path.join(root, STATE_FILE)} cannot be read. Remove it to begin anew: files that differ are then kept twice.`);
  }
  if (state.projectId !== projectId)
    throw new CliError(
      `${root} is synchronised with another project (${state.projectId}). Choose another folder, or remove ${STATE_FILE} in it.`,
    );
  return new Map(state.files);
}

export const writeState = (root: string, projectId: string, files: ReadonlyMap<string, string>): Promise<void> =>
  writeWhole(root, STATE_FILE, `${JSON.stringify({ version: 1, projectId, files: [...files].sort(([a], [b]) => (a < b ? -1 : 1)) })}\n`);
