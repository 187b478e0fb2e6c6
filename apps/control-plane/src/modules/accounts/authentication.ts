/** better-auth, reduced to what is used of it: sessions in a cookie, made by a magic link that never leaves this process. */
import { randomUUID } from 'node:crypto';
import { betterAuth } from 'better-auth';
import { prismaAdapter } from 'better-auth/adapters/prisma';
import { magicLink } from 'better-auth/plugins';
import type { Database } from '../../platform/database/database.ts';
import { newId } from '../../platform/ids.ts';
import type { InstanceSecrets } from './secrets.ts';

const SESSION_SECONDS = 90 * 24 * 3600;
const MAGIC_LINK_SECONDS = 60;

interface Person {
  userId: string;
  name: string;
  isOwner: boolean;
  sessionEndsAt: number;
}

export interface SignedIn {
  userId: string;
  /** Values of `Set-Cookie`. */
  cookies: string[];
}

export interface Authentication {
  /** Whose session the cookies are; undefined for none. */
  personOf(cookie: string | undefined): Promise<Person | undefined>;
  /** Makes a person. The address is internal: nobody can sign in with it. */
  signUp(name: string): Promise<SignedIn>;
  signIn(email: string): Promise<SignedIn>;
  /** Ends the session; the answer's cookies delete it in the browser. */
  signOut(cookie: string | undefined): Promise<string[]>;
}

export function createAuthentication(database: Database, secrets: InstanceSecrets, publicUrl: string | undefined): Authentication {
  const auth = betterAuth({
    baseURL: publicUrl ?? 'http://127.0.0.1',
    secret: secrets.sessionSecret,
    database: prismaAdapter(database.prisma, { provider: 'postgresql' }),
    telemetry: { enabled: false },
    logger: { disabled: true },
    // Its HTTP routes are not mounted: the doors that use it have limits of their own.
    rateLimit: { enabled: false },
    session: { expiresIn: SESSION_SECONDS, disableSessionRefresh: true, cookieCache: { enabled: false } },
    user: { additionalFields: { isOwner: { type: 'boolean', required: false, defaultValue: false, input: false } } },
    advanced: {
      cookiePrefix: `ensemble-${secrets.instanceId}`,
      useSecureCookies: publicUrl?.startsWith('https:') ?? false,
      database: { generateId: newId },
    },
    plugins: [
      magicLink({
        expiresIn: MAGIC_LINK_SECONDS,
        storeToken: 'hashed',
        sendMagicLink: ({ token, metadata }) => {
          (metadata as { deliver: (token: string) => void }).deliver(token);
        },
      }),
    ],
  });

  const headersOf = (cookie: string | undefined): Headers => new Headers(cookie === undefined ? {} : { cookie });

  async function enter(email: string, name?: string): Promise<SignedIn> {
    let token = '';
    const deliver = (value: string): void => void (token = value);
    await auth.api.signInMagicLink({
      headers: headersOf(undefined),
      body: { email, ...(name === undefined ? {} : { name }), metadata: { deliver } },
    });
    const response = await auth.api.magicLinkVerify({ headers: headersOf(undefined), query: { token }, asResponse: true });
    if (!response.ok) throw new Error(`better-auth refused its own magic link (status ${response.status}).`);
    const { user } = (await response.json()) as { user: { id: string } };
    return { userId: user.id, cookies: response.headers.getSetCookie() };
  }

  return {
    async personOf(cookie) {
      if (cookie === undefined || !cookie.includes(secrets.instanceId)) return undefined;
      const found = await auth.api.getSession({ headers: headersOf(cookie) });
      if (!found) return undefined;
      const { user, session } = found;
      return { userId: user.id, name: user.name, isOwner: user.isOwner === true, sessionEndsAt: session.expiresAt.getTime() };
    },
    signUp: (name) => enter(`${randomUUID()}@users.ensemble.invalid`, name),
    signIn: (email) => enter(email),
    async signOut(cookie) {
      const response = await auth.api.signOut({ headers: headersOf(cookie), asResponse: true });
      return response.headers.getSetCookie();
    },
  };
}
