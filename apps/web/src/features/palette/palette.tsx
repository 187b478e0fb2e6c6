import { ActionIcon, ScrollArea, Skeleton, TextInput, Tooltip, VisuallyHidden } from '@mantine/core';
import { Plus, Search, SearchX, SquarePen } from 'lucide-react';
import { Link } from 'react-router';
import { useMemo, useState } from 'react';
import { CARD_DRAG_TYPE } from '../../shared/session/card-drag.ts';
import { useEditorUi } from '../../shared/session/editor-ui.ts';
import { usePipelineSession } from '../../shared/session/pipeline-session.ts';
import { cardAddress } from '../../shared/ui/card-address.ts';
import { CategoryIcon } from '../../shared/ui/category-icon.tsx';
import { EmptyState } from '../../shared/ui/empty-state.tsx';
import { groupCards } from './group-cards.ts';
import type { PaletteCard } from './group-cards.ts';
import classes from './palette.module.css';

/** The cards of the project, to drag onto the canvas or to add with the plus button. */
export function Palette({ loading }: { loading: boolean }) {
  const { cards, canEdit } = usePipelineSession();
  const [query, setQuery] = useState('');
  const groups = useMemo(() => groupCards(cards.values(), query), [cards, query]);
  return (
    <aside className={classes['palette']} aria-label="Card palette">
      <div className={classes['head']}>
        <VisuallyHidden component="h2">Cards</VisuallyHidden>
        <TextInput
          type="search"
          aria-label="Search cards"
          placeholder="Search cards"
          size="sm"
          leftSection={<Search size={15} aria-hidden />}
          value={query}
          onChange={(event) => setQuery(event.currentTarget.value)}
        />
      </div>
      <ScrollArea className={classes['body']} type="auto" scrollbarSize={8}>
        {loading ? (
          <div className={classes['skeletons']} role="status" aria-label="Loading cards">
            {[0, 1, 2, 3, 4].map((index) => (
              <Skeleton key={index} height={50} radius={8} />
            ))}
          </div>
        ) : null}
        {!loading && groups.length === 0 ? (
          <EmptyState compact icon={SearchX} title={query ? 'No card matches' : 'No cards'}>
            {query ? 'Try another word, or clear the search.' : 'This project has no cards yet.'}
          </EmptyState>
        ) : null}
        {groups.map(({ category, items }) => (
          <section key={category} className={classes['group']} aria-label={`${category} cards`}>
            <h3 className={classes['category']}>{category}</h3>
            <ul className={classes['list']}>
              {items.map((card) => (
                <PaletteItem key={card.cardType} card={card} canEdit={canEdit} />
              ))}
            </ul>
          </section>
        ))}
      </ScrollArea>
    </aside>
  );
}

function PaletteItem({ card, canEdit }: { card: PaletteCard; canEdit: boolean }) {
  const addCard = useEditorUi((ui) => ui.addCard);
  const { projectId, pipelineId } = usePipelineSession();
  return (
    <li>
      <Tooltip
        label={card.description || card.displayName}
        multiline
        maw={280}
        position="right"
        openDelay={600}
        disabled={!card.description}
      >
        <div
          className={classes['item']}
          data-card-type={card.cardType}
          data-draggable={canEdit || undefined}
          draggable={canEdit}
          onDragStart={(event) => {
            event.dataTransfer.setData(CARD_DRAG_TYPE, card.cardType);
            event.dataTransfer.effectAllowed = 'copy';
          }}
        >
          <span className={classes['icon']}>
            <CategoryIcon category={card.category} />
          </span>
          <span className={classes['texts']}>
            <span className={classes['name']}>{card.displayName}</span>
            <span className={classes['note']} data-errors={card.hasErrors || undefined}>
              {card.hasErrors ? 'has errors' : card.cardType}
            </span>
          </span>
          <ActionIcon
            component={Link}
            className={classes['code']}
            size="sm"
            to={cardAddress(projectId, card.cardId, { pipeline: pipelineId })}
            aria-label={`Open the code of ${card.displayName}`}
            draggable={false}
          >
            <SquarePen size={14} aria-hidden />
          </ActionIcon>
          {canEdit ? (
            <ActionIcon size="sm" aria-label={`Add ${card.displayName} to canvas`} onClick={() => addCard(card.cardType)}>
              <Plus size={15} aria-hidden />
            </ActionIcon>
          ) : null}
        </div>
      </Tooltip>
    </li>
  );
}
