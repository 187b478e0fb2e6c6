/**
 * Finds the highest isolation level this machine really offers, by running a card-like program at each
 * and checking from inside that the walls stand. Says what refused each level that did not pass.
 */
import { access, constants } from 'node:fs/promises';
import { engineRefusal } from '../probe-engine.ts';
import type { Confinement } from './sandbox-plan.ts';
import { ProcessEngine, type ProcessEngineOptions } from './process-engine.ts';
import { STAGES } from './stage-folders.ts';

export type FoundIsolation = { found: true; engine: ProcessEngine; refused: string[] } | { found: false; sentence: string };
type EngineBase = Omit<ProcessEngineOptions, 'confinement'>;

async function firstStage(): Promise<string | null> {
  for (const folder of STAGES) {
    if (
      await access(folder, constants.F_OK).then(
        () => true,
        () => false,
      )
    )
      return folder;
  }
  return null;
}

/** `forced` tries one level only. Sweeps what an earlier daemon left, so it runs once, before the daemon serves. */
export async function findIsolation(base: EngineBase, forced: 'L2' | 'L3' | undefined): Promise<FoundIsolation> {
  const stage = base.uidOf === null ? null : await firstStage();
  const levels = (['L2', 'L3'] as const).filter((level) => forced === undefined || level === forced);
  // Root without the right to mount still can use Landlock on folders that everybody may enter.
  const candidates: Confinement[] = levels.flatMap((level) => [{ level, stage }, ...(stage === null ? [] : [{ level, stage: null }])]);
  const refused: string[] = [];
  for (const confinement of candidates) {
    const engine = new ProcessEngine({ ...base, confinement });
    if (refused.length === 0) await engine.sweep();
    const reason = await engineRefusal(engine, base.workspace);
    if (reason === null) return { found: true, engine, refused };
    refused.push(`${confinement.level}${confinement.stage === null ? '' : ' with mounts'}: ${reason}`);
  }
  return {
    found: false,
    sentence:
      `No sandbox works on this machine, so this runner serves nothing. ${refused.join('; ')}. ` +
      'L2 needs bubblewrap and user namespaces; L3 needs Landlock (Linux 6.2 or newer); both need a Python for cards that every user may read.',
  };
}
