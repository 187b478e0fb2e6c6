/** What the journal holds of one loaded document, and when it is time to fold it. Ignores who edits. */
import * as Y from 'yjs';
import type { Journal } from './journal.ts';
import type { LoadedDocument } from './load-document.ts';

export interface FoldingOptions {
  /** Fold once this many rows, or this many bytes of rows, are not in a snapshot. */
  rows: number;
  bytes: number;
}

export interface DocumentLedger {
  /** The row is journalled and the document contains it. */
  applied(row: bigint, bytes: number): void;
  /** An upper bound of the document's size. */
  bytes(): number;
}

export interface DocumentLedgerOptions {
  name: string;
  document: Y.Doc;
  loaded: LoadedDocument;
  journal: Pick<Journal, 'checkpoint'>;
  folding: FoldingOptions;
  /** A checkpoint that fails costs nothing: its rows are folded by a later one. */
  onProblem(error: unknown): void;
}

const EMPTY_STATE_BYTES = 2;

export function openDocumentLedger({ name, document, loaded, journal, folding, onProblem }: DocumentLedgerOptions): DocumentLedger {
  let basedOn = loaded.snapshot;
  let rows = loaded.rows;
  let rowBytes = loaded.rowBytes;
  let stateBytes = loaded.stateBytes;
  let nextTry = { rows: folding.rows, bytes: folding.bytes };
  let checkpoint: Promise<void> | undefined;

  async function fold(): Promise<void> {
    const state = Y.encodeStateAsUpdate(document);
    const contained = rows;
    const containedBytes = rowBytes;
    // An empty state would stand in for rows that hold something.
    if (state.byteLength <= EMPTY_STATE_BYTES) return;
    rows = [];
    rowBytes = 0;
    try {
      basedOn = await journal.checkpoint(name, { state, rows: contained, basedOn });
      stateBytes = state.byteLength;
      nextTry = { rows: folding.rows, bytes: folding.bytes };
    } catch (error) {
      rows = [...contained, ...rows];
      rowBytes += containedBytes;
      nextTry = { rows: rows.length + folding.rows, bytes: rowBytes + folding.bytes };
      onProblem(error);
    }
  }

  function consider(): void {
    if (checkpoint || (rows.length < nextTry.rows && rowBytes < nextTry.bytes)) return;
    checkpoint = fold().finally(() => (checkpoint = undefined));
  }

  consider();
  return {
    applied(row, bytes) {
      rows.push(row);
      rowBytes += bytes;
      consider();
    },
    bytes: () => stateBytes + rowBytes,
  };
}
