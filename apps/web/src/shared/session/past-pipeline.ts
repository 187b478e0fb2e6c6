/**
 * The pipeline of a run as it was, opened like a live one: in a document of its own that nobody shares and nothing saves, so
 * that whatever draws a pipeline draws this one too. Knows nothing of the run's states.
 */
import type { CardManifest } from '@ensemble/cards';
import { writeGraph } from '@ensemble/pipeline';
import type { GraphToWrite } from '@ensemble/pipeline';
import type { ProjectCardEntry, RunVersionDetail } from '@ensemble/protocol';
import * as Y from 'yjs';
import { createStore } from './external-store.ts';
import type { LiveDocument } from './live-document.ts';
import type { CardIndex } from './watch-graph.ts';

export function openPastPipeline({ run, graph }: RunVersionDetail): LiveDocument {
  const doc = new Y.Doc();
  // The wire does not know the colours of notes; they are checked here, as everything else is.
  const written = writeGraph(doc, graph as GraphToWrite, 'past');
  if (!written.ok) throw new Error(`The canvas of run ${run.number} cannot be drawn: ${written.message}`);
  const facts = createStore({
    online: true,
    authenticated: true,
    everSynced: true,
    unsyncedChanges: 0,
    storageAvailable: true,
    changesRefused: 0,
    readOnly: true,
    accessChanges: 0,
  });
  return { name: `past:${run.id}`, doc, awareness: null, facts, close: () => doc.destroy() };
}

/** The cards as the run had them. They go by their type here: the files may be gone by now. */
export const pastCards = ({ cards }: RunVersionDetail): CardIndex =>
  new Map(
    Object.entries(cards).map(([card, { path, sourceHash, manifest }]): [string, ProjectCardEntry] => [
      card,
      {
        cardId: card,
        path,
        sourceHash,
        builtIn: false,
        diagnostics: [],
        ...(manifest === undefined ? {} : { manifest: manifest as unknown as CardManifest }),
      },
    ]),
  );
