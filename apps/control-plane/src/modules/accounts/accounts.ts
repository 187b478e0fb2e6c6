/** Finds out who asks, and lets people in. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Actor } from '@ensemble/permissions';
import { ApiError } from '../../platform/api-error.ts';
import type { Database } from '../../platform/database/database.ts';
import { createAccessLinkRepository } from './access-link-repository.ts';
import { createAccessLinks, type AccessLinks } from './access-links.ts';
import { createAuthentication, type SignedIn } from './authentication.ts';
import { writeOperatorToken } from './operator-token.ts';
import { loadInstanceSecrets } from './secrets.ts';

export interface AccountsOptions {
  database: Database;
  dataDirectory: string;
  publicUrl: string | undefined;
  now?: () => Date;
}

export interface Accounts {
  readonly links: AccessLinks;
  /** Throws `not-signed-in` for a bearer token that is wrong; without any credentials the actor is anonymous. */
  actorOf(headers: IncomingHttpHeaders): Promise<Actor>;
  /** The first owner of this installation; undefined before anybody used an owner link. */
  firstOwner(): Promise<{ userId: string } | undefined>;
  /** Everybody who administers this installation. */
  owners(): Promise<string[]>;
  signInAs(userId: string): Promise<SignedIn>;
  signUp(name: string, rights: { isOwner: boolean }): Promise<SignedIn>;
  /** Returns the cookies that delete the session in the browser. */
  signOut(headers: IncomingHttpHeaders): Promise<string[]>;
}

export function createAccounts(options: AccountsOptions): Accounts {
  const { prisma } = options.database;
  const authentication = createAuthentication(options.database, loadInstanceSecrets(options.dataDirectory), options.publicUrl);
  const operatorToken = writeOperatorToken(options.dataDirectory);
  const owners = async () => await prisma.user.findMany({ where: { isOwner: true }, orderBy: { createdAt: 'asc' }, select: { id: true } });
  return {
    links: createAccessLinks(createAccessLinkRepository(options.database), options.now ?? (() => new Date())),
    async actorOf(headers) {
      const { authorization } = headers;
      if (authorization !== undefined) {
        const token = /^Bearer (\S+)$/i.exec(authorization)?.[1];
        if (token !== undefined && operatorToken.matches(token)) return { kind: 'operator' };
        throw new ApiError(
          'not-signed-in',
          'This token is not valid: the server makes a new one at every start, in the file local-token of its data directory.',
        );
      }
      const person = await authentication.personOf(headers.cookie);
      return person ? { kind: 'user', ...person } : { kind: 'anonymous' };
    },
    async firstOwner() {
      const [first] = await owners();
      return first && { userId: first.id };
    },
    owners: async () => (await owners()).map((user) => user.id),
    async signInAs(userId) {
      const user = await prisma.user.findUniqueOrThrow({ where: { id: userId }, select: { email: true } });
      return await authentication.signIn(user.email);
    },
    async signUp(name, { isOwner }) {
      const signedIn = await authentication.signUp(name);
      if (isOwner) await prisma.user.update({ where: { id: signedIn.userId }, data: { isOwner: true } });
      return signedIn;
    },
    signOut: (headers) => authentication.signOut(headers.cookie),
  };
}
