import { OwnerLink, SessionInfo } from '@ensemble/protocol';
import { z } from 'zod';
import type { App } from '../../platform/http/app.ts';
import type { Accounts } from './accounts.ts';

export interface AccountRoutesOptions {
  accounts: Accounts;
  /** Address people open, without a trailing slash. */
  publicUrl(): string;
  describeInstance(): SessionInfo['instance'];
  /** A session of theirs is over: sockets that it opened must not outlive it. */
  onSignedOut(userId: string): Promise<void>;
}

/** Doors that let people in, or try to: few calls a minute from one address. */
export const SIGN_IN_LIMIT = { max: 60, timeWindow: '1 minute' };

export function registerAccountRoutes(app: App, { accounts, publicUrl, describeInstance, onSignedOut }: AccountRoutesOptions): void {
  app.get(
    '/api/session',
    {
      config: { action: 'instance.read' },
      schema: { summary: 'Who is signed in, and what this installation is', response: { 200: SessionInfo } },
    },
    async ({ actor }) => ({
      user: actor.kind === 'user' ? { id: actor.userId, name: actor.name, isOwner: actor.isOwner } : null,
      instance: describeInstance(),
    }),
  );

  app.post(
    '/api/sign-out',
    { config: { action: 'instance.read' }, schema: { summary: 'End the session', response: { 204: z.null() } } },
    async (request, reply) => {
      const cookies = await accounts.signOut(request.headers);
      if (request.actor.kind === 'user') await onSignedOut(request.actor.userId);
      return await reply.header('set-cookie', cookies).code(204).send(null);
    },
  );

  app.post(
    '/api/owner-link',
    {
      config: { action: 'instance.ownerLink', rateLimit: SIGN_IN_LIMIT },
      schema: {
        summary: 'Make a one-time link that lets its opener in as the owner of this installation',
        response: { 200: OwnerLink },
      },
    },
    async () => ({ url: `${publicUrl()}/join/${(await accounts.links.createOwnerLink()).token}` }),
  );
}
