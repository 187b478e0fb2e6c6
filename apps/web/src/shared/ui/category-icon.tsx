import { BrainCircuit, Boxes, Gauge, Puzzle, Sparkles, Table2 } from 'lucide-react';
import type { LucideIcon } from 'lucide-react';
import { createElement } from 'react';

const ICONS: ReadonlyMap<string, LucideIcon> = new Map([
  ['data', Table2],
  ['model', Boxes],
  ['training', BrainCircuit],
  ['evaluation', Gauge],
  ['inference', Sparkles],
]);

/** Decorative: the category is always written beside it or in the name of what it belongs to. */
export function CategoryIcon({ category, size = 16 }: { category: string | undefined; size?: number }) {
  return createElement(ICONS.get(category ?? '') ?? Puzzle, { size, 'aria-hidden': true });
}
