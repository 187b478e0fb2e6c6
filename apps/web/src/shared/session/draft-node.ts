/**
 * One node of a card in a pipeline of its own that nobody shares and nothing saves: the form of a node works on it as it does
 * on the canvas. Knows nothing of what the settings are for.
 */
import type { JsonObject } from '@ensemble/cards';
import { writeGraph } from '@ensemble/pipeline';
import type { ProjectCardEntry } from '@ensemble/protocol';
import { useEffect, useMemo } from 'react';
import * as Y from 'yjs';
import { createStore } from './external-store.ts';
import type { LiveDocument } from './live-document.ts';
import { useOpenPipelineSession } from './pipeline-session.ts';
import type { PipelineSession } from './pipeline-session.ts';
import { useOpened } from './use-opened.ts';

export const DRAFT_NODE = 'draft';

interface Draft {
  cardType: string;
  config: JsonObject;
}

function openDraft({ cardType, config }: Draft): LiveDocument {
  const doc = new Y.Doc();
  const position = { x: 0, y: 0 };
  const written = writeGraph(
    doc,
    { title: '', nodes: [{ id: DRAFT_NODE, card: cardType, title: '', position, config }], edges: [], notes: [], frames: [] },
    'draft',
  );
  if (!written.ok) throw new Error(`The settings cannot be shown: ${written.message}`);
  const facts = createStore({
    online: true,
    authenticated: true,
    everSynced: true,
    unsyncedChanges: 0,
    storageAvailable: true,
    changesRefused: 0,
    readOnly: false,
    accessChanges: 0,
  });
  return { name: `draft:${cardType}`, doc, awareness: null, facts, close: () => doc.destroy() };
}

const close = (live: LiveDocument) => live.close();

/** A new draft whenever `config` is another object. Undefined until it is open. */
export function useDraftNode(
  { cardType, config }: { cardType: string; config: JsonObject | undefined },
  { projectId, entry, canEdit }: { projectId: string; entry: ProjectCardEntry; canEdit: boolean },
): PipelineSession | undefined {
  const key = useMemo(() => (config ? { cardType, config } : undefined), [cardType, config]);
  const live = useOpened(key, openDraft, close);
  const cards = useMemo(() => new Map([[cardType, entry]]), [cardType, entry]);
  const session = useOpenPipelineSession({ pipelineId: '', projectId, live, cards, canEdit, past: undefined });
  // The form is there at once, not a frame later.
  useEffect(() => session?.watch.flush(), [session]);
  return session;
}
