/** Links that work once. Knows what a link is for only as far as it has to store it. */
import { createHash } from 'node:crypto';
import { ApiError, notFound } from '../../platform/api-error.ts';
import { newId, newSecret } from '../../platform/ids.ts';
import type { AccessLink, AccessLinkRepository } from './access-link-repository.ts';

const HOUR_MS = 3_600_000;
const OWNER_LINK_MS = 24 * HOUR_MS;
const INVITATION_MS = 7 * 24 * HOUR_MS;

const hashOf = (token: string): string => createHash('sha256').update(token).digest('hex');

export interface AccessLinks {
  createOwnerLink(): Promise<{ token: string; expiresAt: Date }>;
  createInvitation(invitation: {
    projectId: string;
    role: string;
    createdById: string | null;
  }): Promise<{ token: string; expiresAt: Date }>;
  /** Throws `not-found`, or `link-used` for one that was used or has expired. */
  look(token: string): Promise<AccessLink>;
  /** Uses the link up and does the work it stands for; gives the link back when that fails. */
  redeem<T extends { userId: string }>(token: string, work: (link: AccessLink) => Promise<T>): Promise<T>;
}

export function createAccessLinks(repository: AccessLinkRepository, now: () => Date): AccessLinks {
  const spent = (link: AccessLink): ApiError =>
    link.usedAt === null
      ? new ApiError('link-used', 'This link has expired: ask for a new one.')
      : new ApiError('link-used', 'This link was used already: ask for a new one.');

  async function look(token: string): Promise<AccessLink> {
    const link = await repository.find(hashOf(token));
    if (!link) throw notFound('link');
    if (link.usedAt !== null || link.expiresAt <= now()) throw spent(link);
    return link;
  }

  async function create(rest: Pick<AccessLink, 'kind' | 'projectId' | 'role'> & { createdById: string | null }, lastsMs: number) {
    const token = newSecret();
    const expiresAt = new Date(now().getTime() + lastsMs);
    await repository.add({ id: newId(), tokenHash: hashOf(token), expiresAt, ...rest });
    return { token, expiresAt };
  }

  return {
    createOwnerLink: () => create({ kind: 'owner', projectId: null, role: null, createdById: null }, OWNER_LINK_MS),
    createInvitation: ({ projectId, role, createdById }) => create({ kind: 'invitation', projectId, role, createdById }, INVITATION_MS),
    look,
    async redeem(token, work) {
      const link = await look(token);
      if (!(await repository.take(link.id, now()))) throw spent({ ...link, usedAt: now() });
      try {
        const result = await work(link);
        await repository.recordUser(link.id, result.userId);
        return result;
      } catch (error) {
        await repository.giveBack(link.id);
        throw error;
      }
    },
  };
}
