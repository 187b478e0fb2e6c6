/** What every adapter of `Database` promises; run by one test file per adapter. */
import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { Database } from './database.ts';
import { readMigrations } from './schema-files.ts';

/** `open` opens the same database each time. */
export function databaseContract(open: () => Promise<Database>): void {
  let database: Database;
  beforeAll(async () => {
    database = await open();
    await database.sql.query(
      'CREATE TABLE seen (id bigserial PRIMARY KEY, label text, bytes bytea, at timestamptz, plain timestamp(3), doc jsonb)',
    );
  });
  afterAll(() => database.close());

  test('every migration is applied and recorded with the checksum of its file', async () => {
    const rows = await database.sql.query<{ migration_name: string; checksum: string }>(
      'SELECT migration_name, checksum FROM _prisma_migrations ORDER BY 1',
    );
    expect(rows).toEqual(readMigrations().map(({ name, checksum }) => ({ migration_name: name, checksum })));
  });

  test('values come back as they went in', async () => {
    const bytes = new Uint8Array(randomBytes(300));
    const at = new Date('2026-03-29T01:30:00.123Z');
    const [row] = await database.sql.query<{ id: bigint; bytes: Uint8Array; at: Date; plain: Date; doc: unknown }>(
      'INSERT INTO seen (bytes, at, plain, doc) VALUES ($1, $2, $3, $4) RETURNING *',
      [bytes, at, at, JSON.stringify([{ a: 1 }])],
    );
    expect(typeof row?.id).toBe('bigint');
    expect(row?.bytes).toBeInstanceOf(Uint8Array);
    expect(Buffer.from(row?.bytes ?? []).equals(Buffer.from(bytes))).toBe(true);
    expect(row?.at).toEqual(at);
    expect(row?.plain).toEqual(at);
    expect(row?.doc).toEqual([{ a: 1 }]);
  });

  test('arrays of bytes, texts and integers unnest in order', async () => {
    const parts = Array.from({ length: 5 }, () => new Uint8Array(randomBytes(64)));
    const labels = ['a "quoted"', 'back\\slash', 'comma, brace }', '', 'NULL'];
    const rows = await database.sql.query<{ label: string; bytes: Uint8Array; n: bigint }>(
      'INSERT INTO seen (label, bytes) SELECT u.label, u.bytes FROM unnest($1::text[], $2::bytea[]) WITH ORDINALITY AS u(label, bytes, n) ORDER BY n RETURNING label, bytes',
      [labels, parts],
    );
    expect(rows.map((row) => row.label)).toEqual(labels);
    expect(rows.every((row, index) => Buffer.from(row.bytes).equals(Buffer.from(parts[index]!)))).toBe(true);
    const found = await database.sql.query<{ n: bigint }>('SELECT n FROM unnest($1::bigint[]) AS u(n) WHERE n = ANY($2::bigint[])', [
      [1n, 2n ** 60n],
      [2n ** 60n],
    ]);
    expect(found).toEqual([{ n: 2n ** 60n }]);
  });

  test('a transaction that throws leaves nothing behind, and its error reaches the caller', async () => {
    await expect(
      database.transaction(async (sql) => {
        await sql.query(`INSERT INTO seen (label) VALUES ('undone')`);
        throw new Error('changed my mind');
      }),
    ).rejects.toThrow('changed my mind');
    expect(await database.sql.query(`SELECT id FROM seen WHERE label = 'undone'`)).toEqual([]);
  });

  test('a statement that fails inside a transaction undoes it and leaves the session usable', async () => {
    await expect(
      database.transaction(async (sql) => {
        await sql.query(`INSERT INTO seen (label) VALUES ('half')`);
        await sql.query('SELECT no_such_column FROM seen');
      }),
    ).rejects.toThrow(/no_such_column/);
    expect(await database.sql.query(`SELECT id FROM seen WHERE label = 'half'`)).toEqual([]);
  });

  test('transactions, plain queries and Prisma at once all finish and none is lost', async () => {
    const work = Array.from({ length: 60 }, (_, index) => {
      if (index % 3 === 0) {
        return database.transaction(async (sql) => {
          const [row] = await sql.query<{ id: bigint }>(`INSERT INTO seen (label) VALUES ('many') RETURNING id`);
          await sql.query(`UPDATE seen SET doc = '1' WHERE id = $1`, [row?.id]);
        });
      }
      if (index % 3 === 1) return database.sql.query(`INSERT INTO seen (label) VALUES ('many')`);
      return database.prisma.$transaction(async (tx) => {
        await tx.project.create({ data: { id: `many-${index}`, name: 'Many' } });
        return tx.project.count();
      });
    });
    await Promise.all<unknown>(work);
    expect(await database.sql.query(`SELECT count(*) AS n FROM seen WHERE label = 'many'`)).toEqual([{ n: 40n }]);
    expect(await database.prisma.project.count({ where: { name: 'Many' } })).toBe(20);
  });

  test('Prisma and plain SQL see the same instants, bytes and JSON', async () => {
    const createdAt = new Date('2026-10-25T00:59:59.999Z');
    await database.prisma.documentUpdate.create({ data: { document: 'same', actor: 'a', bytes: new Uint8Array([0, 255, 92]), createdAt } });
    const [row] = await database.sql.query<{ created_at: Date; bytes: Uint8Array }>(
      `SELECT created_at, bytes FROM document_update WHERE document = 'same'`,
    );
    expect(row?.created_at).toEqual(createdAt);
    expect([...(row?.bytes ?? [])]).toEqual([0, 255, 92]);
    await database.prisma.project.create({ data: { id: 'same', name: 'Same', createdAt } });
    const [project] = await database.sql.query<{ created_at: Date }>(`SELECT created_at FROM project WHERE id = 'same'`);
    expect(project?.created_at).toEqual(createdAt);
    expect((await database.prisma.project.findUniqueOrThrow({ where: { id: 'same' } })).createdAt).toEqual(createdAt);
    await database.prisma.card.create({
      data: { id: 'same', projectId: 'same', path: 'cards/a.py', pathKey: 'cards/a.py', manifest: { inputs: [{ name: 'x' }] } },
    });
    const [card] = await database.sql.query<{ manifest: unknown }>(`SELECT manifest FROM card WHERE id = 'same'`);
    expect(card?.manifest).toEqual({ inputs: [{ name: 'x' }] });
  });

  test('a doubled key is the error Prisma documents', async () => {
    await database.prisma.project.create({ data: { id: 'twice', name: 'Twice' } });
    await expect(database.prisma.project.create({ data: { id: 'twice', name: 'Twice' } })).rejects.toMatchObject({ code: 'P2002' });
  });

  test('it opens again with what was written, applying nothing twice', async () => {
    await database.sql.query(`INSERT INTO seen (label) VALUES ('kept')`);
    await database.close();
    database = await open();
    expect(await database.sql.query(`SELECT label FROM seen WHERE label = 'kept'`)).toEqual([{ label: 'kept' }]);
  });

  test('a database that a newer version migrated is refused with a sentence', async () => {
    await database.sql.query(
      `INSERT INTO _prisma_migrations (id, checksum, migration_name, finished_at, applied_steps_count) VALUES ('newer', 'x', '99990101000000_newer', now(), 1)`,
    );
    await database.close();
    await expect(open()).rejects.toThrow(/newer version of Ensemble/);
  });
}
