/** What a person may write into each kind of document. Ignores who the person is. */
import { PIPELINE_ROOTS } from '@ensemble/pipeline';
import type { DocumentKind } from '@ensemble/protocol';

export type RootShape = 'map' | 'text';

/** Root names and their shapes; undefined for documents that only the control plane writes. */
export function writableRoots(kind: DocumentKind): ReadonlyMap<string, RootShape> | undefined {
  if (kind === 'pipeline') return PIPELINE;
  if (kind === 'card') return CARD;
  return undefined;
}

const PIPELINE: ReadonlyMap<string, RootShape> = new Map(PIPELINE_ROOTS.map((root) => [root, 'map']));
const CARD: ReadonlyMap<string, RootShape> = new Map([['source', 'text']]);

/** Bytes of updates that wait for what they build on. Somebody who comes back with offline edits needs a few hundred. */
export const MAX_WAITING_BYTES = 1024 * 1024;

/** Bytes of a document's state; beyond it nothing more is accepted. */
export const MAX_DOCUMENT_BYTES = 32 * 1024 * 1024;
