/** The journal in the installation's database, PostgreSQL or PGlite. What "durable" means is the database's promise. */
import type { Database, Sql } from '../../platform/database/database.ts';
import { createGroupCommit } from './group-commit.ts';
import { appendTimeoutMs } from './journal.ts';
import type { Journal, JournalEntry, JournalRow, StoredDocument, TimelineRow } from './journal.ts';

const BATCH = { maxEntries: 500, maxBytes: 2 * 1024 * 1024 } as const;
/** Each batch is one message to everybody in the document: more of them a second cost more than they please. */
const SPACING_MS = 3;
const KEPT_SNAPSHOTS = 3;
/** `folded_into` of rows that could not be applied: no snapshot has this id. */
const QUARANTINED = 0;

const INSERT = `
INSERT INTO document_update (document, actor, bytes)
SELECT u.document, u.actor, u.bytes FROM unnest($1::text[], $2::text[], $3::bytea[]) WITH ORDINALITY AS u(document, actor, bytes, n) ORDER BY n
RETURNING id`;

/** One statement, so that it sees one state of the database. */
const LOAD = `
WITH newest AS (SELECT id, state FROM document_snapshot WHERE document = $1 ORDER BY id DESC LIMIT 1)
SELECT true AS snapshot, id, '' AS actor, state AS bytes FROM newest
UNION ALL
SELECT false, id, actor, bytes FROM document_update WHERE document = $1 AND folded_into IS NULL
ORDER BY 1 DESC, 2`;

/** Writes a row and takes it back, in one statement. */
const PROBE = `
DO $probe$ BEGIN
  INSERT INTO document_update (document, actor, bytes) VALUES ('probe', 'system:probe', '');
  RAISE EXCEPTION USING ERRCODE = 'ENS01';
EXCEPTION WHEN SQLSTATE 'ENS01' THEN NULL;
END $probe$`;

async function insert(sql: Sql, batch: readonly JournalEntry[]): Promise<bigint[]> {
  const rows = await sql.query<{ id: bigint }>(INSERT, [
    batch.map((entry) => entry.document),
    batch.map((entry) => entry.actor),
    batch.map((entry) => entry.bytes),
  ]);
  return rows.map((row) => row.id).sort((a, b) => (a < b ? -1 : 1));
}

export function createSqlJournal(database: Database): Journal {
  const { sql } = database;
  const append = createGroupCommit<JournalEntry, bigint>({
    ...BATCH,
    spacingMs: SPACING_MS,
    // PGlite has one session. PostgreSQL takes all that is waiting to its disk at once, so that what waits there, and not
    // here, misses no flush: with four, half the wait of two when the disk is slow.
    maxInFlight: database.kind === 'pglite' ? 1 : 4,
    timeoutMs: appendTimeoutMs,
    sizeOf: (entry) => entry.bytes.byteLength,
    write: (batch) => insert(sql, batch),
  });

  return {
    append,

    async load(document): Promise<StoredDocument> {
      const rows = await sql.query<JournalRow & { snapshot: boolean }>(LOAD, [document]);
      const first = rows[0]?.snapshot ? rows.shift() : undefined;
      return {
        snapshot: first && { id: first.id, state: first.bytes },
        unfolded: rows.map(({ id, actor, bytes }) => ({ id, actor, bytes })),
      };
    },

    checkpoint: (document, { state, rows, basedOn }) =>
      database.transaction(async (tx) => {
        // Checkpoints of one document one after the other, or two could both find that nothing is newer.
        await tx.query('SELECT pg_advisory_xact_lock(hashtextextended($1, 0))', [`checkpoint ${document}`]);
        const [newest] = await tx.query<{ id: bigint | null }>('SELECT max(id) AS id FROM document_snapshot WHERE document = $1', [
          document,
        ]);
        if ((newest?.id ?? undefined) !== basedOn) throw new Error(`A newer snapshot of ${document} was stored meanwhile.`);
        const [snapshot] = await tx.query<{ id: bigint }>('INSERT INTO document_snapshot (document, state) VALUES ($1, $2) RETURNING id', [
          document,
          state,
        ]);
        const { id } = snapshot!;
        await tx.query(
          'UPDATE document_update SET folded_into = $1 WHERE id = ANY($2::bigint[]) AND document = $3 AND folded_into IS NULL',
          [id, rows, document],
        );
        await tx.query(
          `DELETE FROM document_snapshot WHERE document = $1 AND id <= (
             SELECT id FROM document_snapshot WHERE document = $1 ORDER BY id DESC OFFSET ${KEPT_SNAPSHOTS} LIMIT 1)`,
          [document],
        );
        return id;
      }),

    quarantine: (document, { kind, id, problem }) =>
      database.transaction(async (tx) => {
        if (kind === 'update') {
          await tx.query(
            `INSERT INTO document_quarantine (document, actor, bytes, problem)
             SELECT document, actor, bytes, $3 FROM document_update WHERE id = $1 AND document = $2`,
            [id, document, problem],
          );
          await tx.query(`UPDATE document_update SET folded_into = ${QUARANTINED} WHERE id = $1 AND document = $2`, [id, document]);
        } else {
          await tx.query(
            `INSERT INTO document_quarantine (document, actor, bytes, problem)
             SELECT document, 'system:snapshot', state, $3 FROM document_snapshot WHERE id = $1 AND document = $2`,
            [id, document, problem],
          );
          await tx.query('DELETE FROM document_snapshot WHERE id = $1 AND document = $2', [id, document]);
          // Rows that no remaining snapshot contains are needed again.
          await tx.query(
            `UPDATE document_update SET folded_into = NULL WHERE document = $1 AND folded_into > coalesce(
               (SELECT max(id) FROM document_snapshot WHERE document = $1), ${QUARANTINED})`,
            [document],
          );
        }
      }),

    timeline: (document, { after = 0n, limit }) =>
      sql.query<TimelineRow & object>(
        'SELECT id, actor, bytes, created_at AS at FROM document_update WHERE document = $1 AND id > $2 ORDER BY id LIMIT $3',
        [document, after, limit],
      ),

    async probe() {
      await sql.query(PROBE);
    },
  };
}
