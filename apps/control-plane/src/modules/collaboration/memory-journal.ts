/** The journal's twin for tests: the same promises, kept in memory, and gone with the process. */
import type { Journal, JournalRow } from './journal.ts';

interface StoredRow extends JournalRow {
  document: string;
  at: Date;
  foldedInto: bigint | undefined;
}

const QUARANTINED = 0n;
const KEPT_SNAPSHOTS = 3;

export interface MemoryJournal extends Journal {
  readonly quarantined: { document: string; actor: string; bytes: Uint8Array; problem: string }[];
}

export function createMemoryJournal(now: () => number = Date.now): MemoryJournal {
  const rows: StoredRow[] = [];
  const quarantined: MemoryJournal['quarantined'] = [];
  let snapshots: { id: bigint; document: string; state: Uint8Array }[] = [];
  let lastId = 0n;
  const snapshotsOf = (document: string) => snapshots.filter((snapshot) => snapshot.document === document);

  return {
    quarantined,
    append({ document, actor, bytes }) {
      rows.push({ id: (lastId += 1n), document, actor, bytes: bytes.slice(), at: new Date(now()), foldedInto: undefined });
      return Promise.resolve(lastId);
    },
    load(document) {
      const newest = snapshotsOf(document).at(-1);
      return Promise.resolve({
        snapshot: newest && { id: newest.id, state: newest.state },
        unfolded: rows
          .filter((row) => row.document === document && row.foldedInto === undefined)
          .map(({ id, actor, bytes }) => ({ id, actor, bytes })),
      });
    },
    async checkpoint(document, { state, rows: contained, basedOn }) {
      if (snapshotsOf(document).at(-1)?.id !== basedOn) throw new Error(`A newer snapshot of ${document} was stored meanwhile.`);
      const id = (lastId += 1n);
      snapshots.push({ id, document, state: state.slice() });
      for (const row of rows) {
        if (row.document === document && row.foldedInto === undefined && contained.includes(row.id)) row.foldedInto = id;
      }
      const kept = new Set(snapshotsOf(document).slice(-KEPT_SNAPSHOTS));
      snapshots = snapshots.filter((snapshot) => snapshot.document !== document || kept.has(snapshot));
      return id;
    },
    quarantine(document, { kind, id, problem }) {
      if (kind === 'update') {
        const row = rows.find((candidate) => candidate.document === document && candidate.id === id);
        if (row) {
          quarantined.push({ document, actor: row.actor, bytes: row.bytes, problem });
          row.foldedInto = QUARANTINED;
        }
        return Promise.resolve();
      }
      const bad = snapshotsOf(document).find((snapshot) => snapshot.id === id);
      if (bad) quarantined.push({ document, actor: 'system:snapshot', bytes: bad.state, problem });
      snapshots = snapshots.filter((snapshot) => snapshot !== bad);
      const newest = snapshotsOf(document).at(-1)?.id ?? QUARANTINED;
      for (const row of rows) {
        if (row.document === document && row.foldedInto !== undefined && row.foldedInto > newest) row.foldedInto = undefined;
      }
      return Promise.resolve();
    },
    timeline(document, { after = 0n, limit }) {
      return Promise.resolve(
        rows
          .filter((row) => row.document === document && row.id > after)
          .slice(0, limit)
          .map(({ id, actor, bytes, at }) => ({ id, actor, bytes, at })),
      );
    },
    probe: () => Promise.resolve(),
  };
}
