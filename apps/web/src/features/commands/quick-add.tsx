import type { Point } from '@ensemble/pipeline';
import type { ReactNode } from 'react';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';
import { findCards } from './find-cards.ts';
import type { FoundCard, LooseWire } from './find-cards.ts';
import { PickList } from './pick-list.tsx';

export interface ListedItem {
  id: string;
  label: string;
  note: string;
  icon: ReactNode;
  add: (at: Point) => void;
}

interface QuickAddProps {
  /** From the top left corner of the canvas, in pixels. */
  at: Point;
  wire: LooseWire | undefined;
  /** Leaves out cards that would not fit; takes a card type. */
  fits?: ((cardType: string) => boolean) | undefined;
  /** What else can be added here; found by its label. */
  others: readonly ListedItem[];
  onPick: (card: FoundCard) => void;
  onPickOther: (item: ListedItem) => void;
  onClose: () => void;
}

/** The cards of the project in a searchable list at a place of the canvas; with a wire, those it can be connected to. */
export function QuickAdd({ at, wire, fits, others, onPick, onPickOther, onClose }: QuickAddProps) {
  const { cards } = usePipelineSession();
  return (
    <PickList
      label={wire ? `Add a card that fits ${wire.port.name}` : fits ? 'Insert a card into the connection' : 'Add a card'}
      placeholder={wire ? `Cards that fit ${wire.port.name} (${wire.port.type})` : 'Search cards'}
      style={{ left: at.x, top: at.y }}
      find={(query) => [
        ...findCards(cards.values(), query, wire)
          .filter((card) => fits?.(card.cardType) ?? true)
          .map((card) => ({
            id: card.cardType,
            label: card.displayName,
            note: card.port ? `${card.port.name}: ${card.port.type}` : card.cardType,
            icon: <CategoryIcon category={card.category} />,
          })),
        ...others.filter(({ label }) => label.toLowerCase().includes(query.trim().toLowerCase())),
      ]}
      empty={(query) => (query === '' ? 'No card of this project fits here.' : 'No card matches. Try another word.')}
      onPick={(cardType) => {
        const other = others.find(({ id }) => id === cardType);
        if (other) return onPickOther(other);
        const card = findCards(cards.values(), '', wire).find((candidate) => candidate.cardType === cardType);
        if (card) onPick(card);
        return undefined;
      }}
      onClose={onClose}
    />
  );
}
