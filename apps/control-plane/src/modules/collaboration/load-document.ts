/** Fills an empty document from the journal. A record that cannot be applied goes to quarantine; the rest is loaded. */
import * as Y from 'yjs';
import type { BadRecord, Journal } from './journal.ts';

export interface LoadedDocument {
  snapshot: bigint | undefined;
  /** Rows the document contains and no snapshot does. */
  rows: bigint[];
  /** Bytes of those rows. */
  rowBytes: number;
  stateBytes: number;
  quarantined: BadRecord[];
}

const problemOf = (error: unknown): string => (error instanceof Error ? error.message : String(error)).slice(0, 500);

/** Reads the update to its end before anything of it is applied: a broken one must not leave its first half behind. */
function apply(document: Y.Doc, update: Uint8Array): void {
  Y.decodeUpdate(update);
  Y.applyUpdate(document, update);
}

/** Throws when the journal cannot be read: then the document must not be opened at all. */
export async function loadDocument(document: Y.Doc, name: string, journal: Journal): Promise<LoadedDocument> {
  const loaded: LoadedDocument = { snapshot: undefined, rows: [], rowBytes: 0, stateBytes: 0, quarantined: [] };
  const quarantine = async (record: BadRecord): Promise<void> => {
    loaded.quarantined.push(record);
    await journal.quarantine(name, record);
  };
  let stored = await journal.load(name);
  while (stored.snapshot) {
    try {
      apply(document, stored.snapshot.state);
      loaded.snapshot = stored.snapshot.id;
      loaded.stateBytes = stored.snapshot.state.byteLength;
      break;
    } catch (error) {
      await quarantine({ kind: 'snapshot', id: stored.snapshot.id, problem: problemOf(error) });
      stored = await journal.load(name);
    }
  }
  for (const row of stored.unfolded) {
    try {
      apply(document, row.bytes);
      loaded.rows.push(row.id);
      loaded.rowBytes += row.bytes.byteLength;
    } catch (error) {
      await quarantine({ kind: 'update', id: row.id, problem: problemOf(error) });
    }
  }
  return loaded;
}
