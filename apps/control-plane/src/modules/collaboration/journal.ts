/** The journal of the shared documents: every accepted update, before anybody is told of it. Knows nothing of sockets. */

export interface JournalEntry {
  document: string;
  /** User id, or `system:<what>` for edits the server makes. */
  actor: string;
  /** One Yjs update (format 1). */
  bytes: Uint8Array;
}

/** An append that takes longer counts as failed. PGlite needs a good second for a big paste. */
export const appendTimeoutMs = (bytes: number, baseMs = 2_000): number => baseMs + Math.round((bytes / (1024 * 1024)) * 2_000);

export interface JournalRow {
  id: bigint;
  actor: string;
  bytes: Uint8Array;
}

export interface TimelineRow extends JournalRow {
  at: Date;
}

export interface StoredDocument {
  /** The newest snapshot; absent for a document that was never folded. */
  snapshot: { id: bigint; state: Uint8Array } | undefined;
  /** Every row that no snapshot contains, oldest first. Ids have gaps and may appear late: never a watermark. */
  unfolded: JournalRow[];
}

interface Checkpoint {
  state: Uint8Array;
  /** Rows the state contains and no earlier snapshot does. */
  rows: readonly bigint[];
  /** The snapshot the state was loaded from or last stored as. */
  basedOn: bigint | undefined;
}

export type BadRecord = { kind: 'update' | 'snapshot'; id: bigint; problem: string };

export interface Journal {
  /** Resolves with the row's id once the row is durable. A rejection leaves open whether it will be. */
  append(entry: JournalEntry): Promise<bigint>;
  /** One consistent view: a checkpoint that commits meanwhile is seen whole or not at all. */
  load(document: string): Promise<StoredDocument>;
  /**
   * Stores a snapshot and marks the rows it contains, in one transaction; resolves with its id. The rows stay: they are
   * the timeline. Rejects when a newer snapshot than `basedOn` is there: it may contain rows that this state lacks.
   */
  checkpoint(document: string, checkpoint: Checkpoint): Promise<bigint>;
  /**
   * Copies a record that cannot be applied to the quarantine and takes it out of `load`. An update stays in the timeline;
   * rows that only a bad snapshot contained are unfolded again.
   */
  quarantine(document: string, record: BadRecord): Promise<void>;
  /** Rows of a document in order of id, folded ones included, after `after`. */
  timeline(document: string, page: { after?: bigint; limit: number }): Promise<TimelineRow[]>;
  /** Resolves when a row could be written now; writes none. */
  probe(): Promise<void>;
}
