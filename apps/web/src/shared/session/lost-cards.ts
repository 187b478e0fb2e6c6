/** Where the cards of types have gone that no card of the project has any more: nodes may still name them. Pure. */
import type { LostCard } from '@ensemble/pipeline';
import type { ProjectCardEntry, ProjectTrashEntry } from '@ensemble/protocol';

/** By card type. `cardId` is the file: under another type now, or in the trash. */
export type LostCards = ReadonlyMap<string, LostCard & { cardId: string }>;

export const NONE_LOST: LostCards = new Map();

/** A card that lives under another type comes before one in the trash, the latest of those before older ones. */
export function lostCards(entries: Iterable<ProjectCardEntry>, trash: Iterable<ProjectTrashEntry>): LostCards {
  const all = [...entries];
  const present = new Set(all.map(({ manifest }) => manifest?.cardType));
  const lost = new Map<string, LostCard & { cardId: string }>();
  for (const { cardId, manifest, formerTypes } of all.sort((a, b) => (a.path < b.path ? -1 : 1)))
    for (const type of formerTypes ?? [])
      if (manifest && !present.has(type) && !lost.has(type)) lost.set(type, { kind: 'renamed', cardType: manifest.cardType, cardId });
  for (const { cardId, cardType, path } of [...trash].sort((a, b) => b.trashedAt - a.trashedAt))
    if (cardType !== undefined && !present.has(cardType) && !lost.has(cardType)) lost.set(cardType, { kind: 'trashed', path, cardId });
  return lost;
}
