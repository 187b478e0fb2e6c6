/**
 * A pipeline with one node, in a document that nobody shares and nothing saves: whatever draws a node and its form draws
 * those of a card that is being written.
 */
import { writeGraph } from '@ensemble/pipeline';
import * as Y from 'yjs';
import { createStore } from './external-store.ts';
import type { LiveDocument } from './live-document.ts';

export const SAMPLE_NODE = 'sample';

export function openSamplePipeline(cardType: string): LiveDocument {
  const doc = new Y.Doc();
  writeGraph(doc, { nodes: [{ id: SAMPLE_NODE, card: cardType, position: { x: 0, y: 0 } }], edges: [] }, 'sample');
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
  return { name: `sample:${cardType}`, doc, awareness: null, facts, close: () => doc.destroy() };
}
