/** What all parts of the editor share of one open pipeline. Provided by the editor page. */
import { createUndo } from '@ensemble/pipeline';
import { createContext, useContext, useEffect, useMemo, useState } from 'react';
import type * as Y from 'yjs';
import type { LiveDocument } from './live-document.ts';
import { useOpened } from './use-opened.ts';
import { useStore } from './use-store.ts';
import { NONE_LOST } from './lost-cards.ts';
import type { LostCards } from './lost-cards.ts';
import { watchGraph } from './watch-graph.ts';
import type { CardIndex, GraphView, GraphWatch } from './watch-graph.ts';

export interface PipelineSession {
  pipelineId: string;
  projectId: string;
  live: LiveDocument;
  doc: Y.Doc;
  /** Marks this tab's own edits; undo follows it. */
  origin: object;
  undo: Y.UndoManager;
  watch: GraphWatch;
  cards: CardIndex;
  /** Types without a card, and where it has gone. */
  lost: LostCards;
  canEdit: boolean;
  /** The run whose pipeline is shown as it was; undefined in the present. */
  past?: { runId: string } | undefined;
}

export const PipelineSessionContext = createContext<PipelineSession | undefined>(undefined);

export function usePipelineSession(): PipelineSession {
  const session = useContext(PipelineSessionContext);
  if (!session) throw new Error('usePipelineSession is used outside the editor page.');
  return session;
}

export const useGraphView = (): GraphView => useStore(usePipelineSession().watch.view);

type Fixed = Pick<PipelineSession, 'pipelineId' | 'projectId' | 'live' | 'cards' | 'canEdit' | 'past'>;

type Parts = Pick<PipelineSession, 'live' | 'origin' | 'undo' | 'watch'>;

function openParts(live: LiveDocument): Parts {
  const origin = { name: 'this tab' };
  return { live, origin, undo: createUndo(live.doc, origin), watch: watchGraph(live.doc) };
}

function closeParts({ watch, undo }: Parts): void {
  watch.close();
  undo.destroy();
}

/** Builds the session around an open document; undefined until there is one, and until it knows the cards: nobody reads it without. */
export function useOpenPipelineSession(
  fixed: Omit<Fixed, 'live'> & { live: LiveDocument | undefined; lost?: LostCards },
): PipelineSession | undefined {
  const { live, cards, lost = NONE_LOST, canEdit, pipelineId, projectId, past } = fixed;
  const parts = useOpened(live, openParts, closeParts);
  const [informed, setInformed] = useState<Parts>();
  useEffect(() => {
    parts?.watch.setCards(cards, lost);
    // oxlint-disable-next-line react/set-state-in-effect -- telling it has effects, so it cannot happen while rendering
    setInformed(parts);
  }, [parts, cards, lost]);
  return useMemo(
    () => (parts && informed === parts ? { ...parts, doc: parts.live.doc, cards, lost, canEdit, pipelineId, projectId, past } : undefined),
    [parts, informed, cards, lost, canEdit, pipelineId, projectId, past],
  );
}
