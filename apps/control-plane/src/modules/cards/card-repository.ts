/** Rows of `card`. */
import type { CardManifest } from '@ensemble/cards';
import { ApiError } from '../../platform/api-error.ts';
import type { Database, Sql } from '../../platform/database/database.ts';

export interface CardRow {
  id: string;
  projectId: string;
  path: string;
  /** The last valid one. */
  manifest: CardManifest | undefined;
  /** Card types it had before, latest first. */
  formerTypes: string[];
  trashedAt: Date | undefined;
}

export interface CardRepository {
  /** Throws `conflict` when the path is taken, in whatever case. */
  add(card: { id: string; projectId: string; path: string }): Promise<void>;
  /** All or none, `also` included. Throws `conflict` when a path is taken. */
  addAll(projectId: string, cards: readonly { id: string; path: string }[], also?: (sql: Sql) => Promise<void>): Promise<void>;
  find(cardId: string): Promise<CardRow | undefined>;
  /** Oldest first, without those in the trash. */
  ofProject(projectId: string): Promise<CardRow[]>;
  /** Latest first. */
  trashOf(projectId: string): Promise<CardRow[]>;
  saveManifest(cardId: string, manifest: CardManifest, formerTypes: readonly string[]): Promise<void>;
  /** All or none. Throws `conflict` when a path is taken. */
  move(moves: readonly { id: string; path: string }[]): Promise<void>;
  trash(ids: readonly string[], now: Date): Promise<void>;
  /** All or none, as the youngest of the project: a type that another file took meanwhile stays with that one. */
  restore(files: readonly { id: string; path: string }[], now: Date): Promise<void>;
}

// Written by this module only, from what `@ensemble/cards` read.
const rowOf = (row: {
  id: string;
  projectId: string;
  path: string;
  manifest: unknown;
  formerTypes: string[];
  trashedAt: Date | null;
}): CardRow => ({
  id: row.id,
  projectId: row.projectId,
  path: row.path,
  manifest: row.manifest === null ? undefined : (row.manifest as CardManifest),
  formerTypes: row.formerTypes,
  trashedAt: row.trashedAt ?? undefined,
});

export function createCardRepository({ prisma, transaction }: Database): CardRepository {
  return {
    async add(card) {
      await pathOrConflict(() => prisma.card.create({ data: { ...card, pathKey: card.path.toLowerCase() } }));
    },
    async addAll(projectId, cards, also) {
      await pathOrConflict(() =>
        transaction(async (sql) => {
          if (cards.length > 0)
            await sql.query(
              `INSERT INTO card (id, project_id, path, path_key)
               SELECT id, $1, path, lower(path) FROM unnest($2::text[], $3::text[]) AS fresh (id, path)`,
              [projectId, cards.map(({ id }) => id), cards.map(({ path }) => path)],
            );
          await also?.(sql);
        }),
      );
    },
    async find(id) {
      const row = await prisma.card.findUnique({ where: { id } });
      return row ? rowOf(row) : undefined;
    },
    ofProject: async (projectId) =>
      (await prisma.card.findMany({ where: { projectId, trashedAt: null }, orderBy: [{ createdAt: 'asc' }, { path: 'asc' }] })).map(rowOf),
    trashOf: async (projectId) =>
      (
        await prisma.card.findMany({ where: { projectId, NOT: { trashedAt: null } }, orderBy: [{ trashedAt: 'desc' }, { path: 'asc' }] })
      ).map(rowOf),
    async saveManifest(id, manifest, formerTypes) {
      // Prisma's type of JSON leaves out optional keys, which JSON.stringify drops.
      const data = { manifest: JSON.parse(JSON.stringify(manifest)) as object, formerTypes: [...formerTypes] };
      await prisma.card.update({ where: { id }, data });
    },
    async move(moves) {
      await pathOrConflict(() =>
        transaction(async (sql) => {
          // Out of each other's way first: a folder may take the name of one that moves at the same time.
          for (const { id } of moves) await sql.query(`UPDATE card SET path_key = 'moving/' || id WHERE id = $1`, [id]);
          for (const { id, path } of moves) await setPath(sql, id, path);
        }),
      );
    },
    async trash(ids, now) {
      await transaction(async (sql) => {
        for (const id of ids)
          await sql.query(`UPDATE card SET path_key = 'trash/' || id, trashed_at = $2 WHERE id = $1 AND trashed_at IS NULL`, [id, now]);
      });
    },
    async restore(files, now) {
      await pathOrConflict(() =>
        transaction(async (sql) => {
          for (const { id, path } of files) {
            await setPath(sql, id, path);
            await sql.query('UPDATE card SET trashed_at = NULL, created_at = $2 WHERE id = $1', [id, now]);
          }
        }),
      );
    },
  };
}

const setPath = (sql: Sql, id: string, path: string): Promise<unknown> =>
  sql.query('UPDATE card SET path = $2, path_key = lower($2) WHERE id = $1', [id, path]);

/** Prisma's code for a unique constraint, and PostgreSQL's own. */
const UNIQUE = new Set(['P2002', '23505']);

async function pathOrConflict(write: () => Promise<unknown>): Promise<void> {
  try {
    await write();
  } catch (error) {
    if (!UNIQUE.has(String((error as { code?: unknown }).code))) throw error;
    throw new ApiError('conflict', 'Somebody has just made a card file of that name. Choose another name.', [
      { code: 'card-path', field: 'path', message: 'The name is taken.' },
    ]);
  }
}
