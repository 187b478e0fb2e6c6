/**
 * Removes edges whose node has been gone for a while, as an edit that history shows. Looks only at pipelines that changed
 * since it started, and forgets one once nothing in it dangles.
 */
import { DANGLING_GRACE_MS, danglingEdges, sweepDanglingEdges } from '@ensemble/pipeline';
import type { Collaboration } from './collaboration.ts';
import type { Person } from './visit.ts';

export interface DanglingEdgeSweep {
  /** Looks once at every pipeline that changed. Rejects with what the documents reject with. */
  sweep(): Promise<void>;
  stop(): void;
}

export const SWEEP_ACTOR = 'system:dangling-edges';

export interface DanglingEdgeSweepOptions {
  collaboration: Pick<Collaboration<Person>, 'edit' | 'read' | 'onChanged'>;
  now: () => number;
  graceMs?: number;
}

/** The caller calls `sweep` every few seconds. */
export function watchDanglingEdges({ collaboration, now, graceMs = DANGLING_GRACE_MS }: DanglingEdgeSweepOptions): DanglingEdgeSweep {
  /** Pipelines to look at → edges that dangle there → since when. */
  const watched = new Map<string, Map<string, number>>();
  const stop = collaboration.onChanged((name) => {
    if (name.startsWith('pipeline:') && !watched.has(name)) watched.set(name, new Map());
  });

  async function look(name: string, since: Map<string, number>): Promise<void> {
    const dangling = await collaboration.read(name, danglingEdges);
    if (dangling.length === 0) return void watched.delete(name);
    for (const edge of since.keys()) if (!dangling.includes(edge)) since.delete(edge);
    for (const edge of dangling) if (!since.has(edge)) since.set(edge, now());
    if (![...since.values()].some((at) => now() - at >= graceMs)) return;
    await collaboration.edit(name, SWEEP_ACTOR, (doc) => void sweepDanglingEdges(doc, since, now(), SWEEP_ACTOR, graceMs));
  }

  return {
    stop,
    async sweep() {
      for (const [name, since] of watched) await look(name, since);
    },
  };
}
