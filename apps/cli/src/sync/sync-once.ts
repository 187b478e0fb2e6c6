/** Makes a folder and a project equal, as far as their changes fit together. Ignores when it is called. */
import path from 'node:path';
import { read, type ApiClient } from '@ensemble/api-client';
import { FolderOutcomes, FolderState, type FolderChange, type FolderOutcome } from '@ensemble/protocol';
import { decideSync } from './decide-sync.ts';
import { conflictName, readLocal, readText, removeLocal, writeWhole } from './local-folder.ts';
import { readState, writeState } from './sync-state.ts';

export interface SyncTarget {
  api: ApiClient;
  projectId: string;
  root: string;
  say(line: string): void;
  now(): Date;
}

export interface SyncResult {
  /** Of the project, as it was seen last. */
  state: string;
  conflicts: number;
  /** Files that stay different, because their change was refused. */
  refused: number;
}

/** A push changes the project, and that is fetched again; people who type meanwhile add a round. */
const MOST_ROUNDS = 10;

/** `told` remembers what was refused already, so that it is said once. */
export async function syncOnce(target: SyncTarget, told: Map<string, string> = new Map()): Promise<SyncResult> {
  const { root, projectId } = target;
  const base = await readState(root, projectId);
  let conflicts = 0;
  let refused = new Map<string, string | null>();
  for (let round = 0; ; round++) {
    const remote = await fetchFolder(target);
    const files = new Map(remote.files.map(({ path: file, text }) => [file, text]));
    const plan = decideSync(base, await readLocal(root, target.say), files);
    for (const [file, text] of plan.agreed) base.set(file, text);
    for (const file of plan.forgotten) base.delete(file);
    // What was refused is tried again when it changes.
    const push = plan.push.filter((change) => !refused.has(change.path) || refused.get(change.path) !== change.after);
    for (const [file, text] of plan.pull) await pull(target, base, file, text);
    if (push.length > 0) {
      const result = await pushAll(target, base, files, push, told);
      conflicts += result.conflicts;
      refused = new Map([...refused, ...result.refused]);
    }
    await writeState(root, projectId, base);
    if ((push.length === 0 && plan.pull.size === 0) || round >= MOST_ROUNDS) {
      for (const file of told.keys()) if (!refused.has(file)) told.delete(file);
      return { state: remote.state, conflicts, refused: refused.size };
    }
  }
}

const fetchFolder = ({ api, projectId }: SyncTarget): Promise<FolderState> =>
  read(FolderState, api.GET('/api/projects/{projectId}/folder', { params: { path: { projectId } } }));

/** Leaves a file alone that was changed since it was read: the next round sees that. */
async function pull({ root, say }: SyncTarget, base: Map<string, string>, file: string, text: string | null): Promise<void> {
  if ((await readText(path.join(root, file))) !== base.get(file)) return;
  if (text === null) {
    await removeLocal(root, file);
    base.delete(file);
    say(`← ${file} removed`);
    return;
  }
  await writeWhole(root, file, text);
  say(`← ${file}${base.has(file) ? '' : ' (new)'}`);
  base.set(file, text);
}

async function pushAll(
  target: SyncTarget,
  base: Map<string, string>,
  remote: ReadonlyMap<string, string>,
  changes: FolderChange[],
  told: Map<string, string>,
): Promise<{ conflicts: number; refused: Map<string, string | null> }> {
  const { api, projectId, say } = target;
  const { outcomes } = await read(
    FolderOutcomes,
    api.POST('/api/projects/{projectId}/folder/changes', { params: { path: { projectId } }, body: { changes } }),
  );
  const byPath = new Map(outcomes.map((outcome) => [outcome.path, outcome]));
  let conflicts = 0;
  const refused = new Map<string, string | null>();
  for (const change of changes) {
    const outcome: FolderOutcome = byPath.get(change.path) ?? {
      path: change.path,
      outcome: 'refused',
      message: 'The server did not say what became of it.',
    };
    const { path: file, after, movedFrom } = change;
    if (outcome.outcome === 'applied' || outcome.outcome === 'merged') {
      if (movedFrom !== undefined) base.delete(movedFrom);
      // As the folder has it: what the server merged into it comes back as a change of the project.
      if (after === null) base.delete(file);
      else base.set(file, after);
      const how = after === null ? ' removed' : movedFrom === undefined ? (change.before === null ? ' (new)' : '') : ` (was ${movedFrom})`;
      say(`→ ${file}${how}${outcome.outcome === 'merged' ? ', merged with what others did' : ''}`);
    } else if (outcome.outcome === 'conflict' || after === null) {
      conflicts += outcome.outcome === 'conflict' ? 1 : 0;
      await keepBoth(target, base, remote, change, outcome);
    } else {
      refused.set(file, after);
      if (told.get(file) !== `${outcome.message} ${after}`) say(`! ${outcome.message ?? `${file} was not taken over`}`);
      told.set(file, `${outcome.message} ${after}`);
    }
  }
  return { conflicts, refused };
}

/** The folder's text goes beside, and the project's takes its place. */
async function keepBoth(
  { root, say, now }: SyncTarget,
  base: Map<string, string>,
  remote: ReadonlyMap<string, string>,
  { path: file, after, movedFrom }: FolderChange,
  { message }: FolderOutcome,
): Promise<void> {
  const theirs = remote.get(file);
  let kept = '';
  if (after !== null) {
    const copy = conflictName(file, now());
    await writeWhole(root, copy, after);
    kept = `; yours is kept as ${copy}`;
  }
  if (theirs === undefined) {
    await removeLocal(root, file);
    base.delete(file);
  } else {
    await writeWhole(root, file, theirs);
    base.set(file, theirs);
  }
  if (movedFrom !== undefined) base.delete(movedFrom);
  say(`⚠ ${message ?? `${file} was changed on both sides`}${kept}`);
}
