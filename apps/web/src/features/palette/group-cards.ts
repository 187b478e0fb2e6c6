/** The palette's order: groups by category, the usual categories first, cards by name. Pure. */
import type { ProjectCardEntry } from '@ensemble/protocol';

export interface PaletteCard {
  cardId: string;
  cardType: string;
  displayName: string;
  description: string;
  category: string;
  hasErrors: boolean;
}

export interface PaletteGroup {
  category: string;
  items: PaletteCard[];
}

const USUAL = ['data', 'model', 'training', 'evaluation', 'inference'];

/** Cards whose name, type, category or description contains every word of `query`. */
export function groupCards(entries: Iterable<ProjectCardEntry>, query: string): PaletteGroup[] {
  const words = query.toLowerCase().split(/\s+/).filter(Boolean);
  const groups = new Map<string, PaletteCard[]>();
  for (const { cardId, manifest, diagnostics } of entries) {
    if (!manifest) continue;
    const { cardType, displayName, description, category } = manifest;
    const text = `${displayName} ${cardType} ${category} ${description}`.toLowerCase();
    if (!words.every((word) => text.includes(word))) continue;
    const hasErrors = diagnostics.some((item) => item.severity === 'error');
    const card = { cardId, cardType, displayName, description, category, hasErrors };
    const group = groups.get(category || 'other');
    if (group) group.push(card);
    else groups.set(category || 'other', [card]);
  }
  const rank = (category: string) => (USUAL.includes(category) ? USUAL.indexOf(category) : USUAL.length);
  return [...groups]
    .map(([category, items]) => ({ category, items: items.sort((a, b) => a.displayName.localeCompare(b.displayName)) }))
    .sort((a, b) => rank(a.category) - rank(b.category) || a.category.localeCompare(b.category));
}
