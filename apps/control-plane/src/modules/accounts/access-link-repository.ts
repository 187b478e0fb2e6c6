/** Rows of `access_link`. */
import type { Database } from '../../platform/database/database.ts';

export interface AccessLink {
  id: string;
  kind: 'owner' | 'invitation';
  projectId: string | null;
  role: string | null;
  expiresAt: Date;
  usedAt: Date | null;
}

interface NewAccessLink {
  id: string;
  kind: AccessLink['kind'];
  tokenHash: string;
  projectId: string | null;
  role: string | null;
  createdById: string | null;
  expiresAt: Date;
}

export interface AccessLinkRepository {
  add(link: NewAccessLink): Promise<void>;
  find(tokenHash: string): Promise<AccessLink | undefined>;
  /** True for exactly one caller, however many ask at once. */
  take(id: string, now: Date): Promise<boolean>;
  giveBack(id: string): Promise<void>;
  recordUser(id: string, userId: string): Promise<void>;
}

export function createAccessLinkRepository({ prisma }: Database): AccessLinkRepository {
  return {
    async add(link) {
      await prisma.accessLink.create({ data: link });
    },
    async find(tokenHash) {
      const row = await prisma.accessLink.findUnique({ where: { tokenHash } });
      return row ? { ...row, kind: row.kind === 'owner' ? 'owner' : 'invitation' } : undefined;
    },
    async take(id, now) {
      const { count } = await prisma.accessLink.updateMany({ where: { id, usedAt: null, expiresAt: { gt: now } }, data: { usedAt: now } });
      return count === 1;
    },
    async giveBack(id) {
      await prisma.accessLink.updateMany({ where: { id, usedById: null }, data: { usedAt: null } });
    },
    async recordUser(id, userId) {
      await prisma.accessLink.update({ where: { id }, data: { usedById: userId } });
    },
  };
}
