/**
 * What has to happen for a folder and a project to be equal again, from three states: as both last were, the folder now, the
 * project now. Pure; nothing is ever dropped that was not there in the state both knew.
 */
import type { FolderChange } from '@ensemble/protocol';

export interface SyncPlan {
  /** To the project. */
  push: FolderChange[];
  /** To the disk: path → the project's text, or null to remove the file. */
  pull: Map<string, string | null>;
  /** Equal on both sides, whatever they were before. */
  agreed: Map<string, string>;
  /** Gone on both sides. */
  forgotten: string[];
}

type Files = ReadonlyMap<string, string>;

export function decideSync(base: Files, local: Files, remote: Files): SyncPlan {
  const plan: SyncPlan = { push: [], pull: new Map(), agreed: new Map(), forgotten: [] };
  for (const path of new Set([...base.keys(), ...local.keys(), ...remote.keys()])) {
    const [before, here, there] = [base.get(path), local.get(path), remote.get(path)];
    if (here === there) {
      if (here === undefined) plan.forgotten.push(path);
      else plan.agreed.set(path, here);
    } else if (here === before) plan.pull.set(path, there ?? null);
    // Changed in the folder, perhaps in the project too: the server merges with what is there then.
    else plan.push.push({ path, before: before ?? null, after: here ?? null });
  }
  findMoves(plan, base, local);
  return plan;
}

const isMovable = (path: string): boolean => path.startsWith('cards/') || path.startsWith('pipelines/');

/** A file that vanished while another with the same text, or nearly, appeared was renamed: nodes and history stay with it. */
function findMoves(plan: SyncPlan, base: Files, local: Files): void {
  const gone = plan.push.filter(({ path, after }) => after === null && isMovable(path));
  const appeared = plan.push.filter(({ path, before, after }) => before === null && after !== null && isMovable(path));
  for (const change of appeared) {
    const from = gone.find(({ path }) => base.get(path) === local.get(change.path));
    if (!from) continue;
    gone.splice(gone.indexOf(from), 1);
    plan.push.splice(plan.push.indexOf(from), 1);
    change.movedFrom = from.path;
    change.before = from.before;
  }
}
