/** Rows of `card`. */
import type { CardManifest } from '@ensemble/cards';
import type { Database } from '../../platform/database/database.ts';

export interface CardRow {
  id: string;
  projectId: string;
  path: string;
  /** The last valid one. */
  manifest: CardManifest | undefined;
}

export interface CardRepository {
  add(card: { id: string; projectId: string; path: string }): Promise<void>;
  find(cardId: string): Promise<CardRow | undefined>;
  /** Oldest first. */
  ofProject(projectId: string): Promise<CardRow[]>;
  saveManifest(cardId: string, manifest: CardManifest): Promise<void>;
}

// Written by this module only, from what `@ensemble/cards` read.
const rowOf = ({ id, projectId, path, manifest }: { id: string; projectId: string; path: string; manifest: unknown }): CardRow => ({
  id,
  projectId,
  path,
  manifest: manifest === null ? undefined : (manifest as CardManifest),
});

export function createCardRepository({ prisma }: Database): CardRepository {
  return {
    async add(card) {
      await prisma.card.create({ data: { ...card, pathKey: card.path.toLowerCase() } });
    },
    async find(id) {
      const row = await prisma.card.findUnique({ where: { id } });
      return row ? rowOf(row) : undefined;
    },
    ofProject: async (projectId) =>
      (await prisma.card.findMany({ where: { projectId }, orderBy: [{ createdAt: 'asc' }, { path: 'asc' }] })).map(rowOf),
    async saveManifest(id, manifest) {
      // Prisma's type of JSON leaves out optional keys, which JSON.stringify drops.
      await prisma.card.update({ where: { id }, data: { manifest: JSON.parse(JSON.stringify(manifest)) as object } });
    },
  };
}
