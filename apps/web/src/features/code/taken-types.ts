import type { ProjectCardEntry } from '@ensemble/protocol';

/** Card types of other files. A file that was told that its type is taken holds none. */
export function takenTypes(entries: ReadonlyMap<string, ProjectCardEntry>, cardId: string): Record<string, string> {
  const taken: [string, string][] = [];
  for (const entry of entries.values()) {
    if (entry.cardId === cardId || !entry.manifest || entry.diagnostics.some(({ code }) => code === 'card/type-taken')) continue;
    taken.push([entry.manifest.cardType, entry.path]);
  }
  return Object.fromEntries(taken);
}
