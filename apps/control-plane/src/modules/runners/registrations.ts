/**
 * What people decide about runners: who may come in from other machines, and who is given no work. The database is the truth;
 * what is asked for every attempt is kept in memory beside it. Ignores heartbeats and what runners execute.
 */
import { createHash } from 'node:crypto';
import type { Actor } from '@ensemble/permissions';
import type { NewRunnerToken, RegisterRunnerBody, RunnerRegistration, RunnerTokenInfo } from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Database } from '../../platform/database/database.ts';
import { newId, newSecret } from '../../platform/ids.ts';

/** What their credentials begin with, so that one found somewhere is known for what it is. */
const TOKEN_PREFIX = 'enst_';
const SECRET_PREFIX = 'ensr_';

/** A runner that somebody registered or decided something about. */
export interface KnownRunner {
  id: string;
  name: string;
  pools: readonly string[];
  publicKey: string | null;
  secretHash: string | null;
  lastSeenAt: Date | null;
  cordonedAt: Date | null;
  emptyAt: Date | null;
}

export interface RegistrationsOptions {
  database: Pick<Database, 'prisma'>;
  busPrefix: string;
  /** Lets exactly these log in to the bus beside our own runner. Undefined where the bus is not ours: nobody can register. */
  admit: ((runners: readonly { runnerId: string; publicKey: string }[]) => Promise<void>) | undefined;
  now(): number;
}

export type Registrations = ReturnType<typeof createRegistrations>;

const hashOf = (secret: string): string => createHash('sha256').update(secret).digest('hex');

export function createRegistrations({ database, busPrefix, admit, now }: RegistrationsOptions) {
  const { prisma } = database;
  const known = new Map<string, KnownRunner>();
  const bySecret = new Map<string, KnownRunner>();
  let admitting: Promise<void> = Promise.resolve();

  function remember(runner: KnownRunner): void {
    known.set(runner.id, runner);
    if (runner.secretHash !== null) bySecret.set(runner.secretHash, runner);
  }

  /** One at a time: the last one names everybody. */
  function admitAll(): Promise<void> {
    admitting = admitting
      .catch(() => undefined)
      .then(() => admit?.([...known.values()].flatMap(({ id, publicKey }) => (publicKey === null ? [] : [{ runnerId: id, publicKey }]))));
    return admitting;
  }

  async function decide(id: string, name: string, data: Partial<Pick<KnownRunner, 'cordonedAt' | 'emptyAt'>>): Promise<void> {
    const runner = await prisma.runner.upsert({ where: { id }, create: { id, name, ...data }, update: data });
    remember(runner);
  }

  const present = (token: {
    id: string;
    name: string;
    pools: string[];
    createdAt: Date;
    expiresAt: Date;
    uses: number;
  }): RunnerTokenInfo => ({
    id: token.id,
    name: token.name,
    pools: token.pools,
    createdAt: token.createdAt.getTime(),
    expiresAt: token.expiresAt.getTime(),
    uses: token.uses,
  });

  return {
    /** Reads who is known, and lets the registered in. */
    async start(): Promise<void> {
      for (const runner of await prisma.runner.findMany({ where: { removedAt: null } })) remember(runner);
      if ([...known.values()].some((runner) => runner.publicKey !== null)) await admitAll();
    },

    known: (): readonly KnownRunner[] => [...known.values()],
    isCordoned: (runnerId: string): boolean => known.get(runnerId)?.cordonedAt != null,
    /** A registered runner may serve what its token allowed; any other what it says. */
    poolsOf(runnerId: string, said: readonly string[]): readonly string[] {
      const runner = known.get(runnerId);
      return runner?.publicKey == null ? said : said.filter((pool) => runner.pools.includes(pool));
    },
    /** Those whose time to finish is over. */
    toEmpty: (): string[] => [...known.values()].flatMap(({ id, emptyAt }) => (emptyAt !== null && emptyAt.getTime() <= now() ? [id] : [])),

    /** Whose secret it is; undefined for something else. Throws for one that is worth nothing (any more). */
    actorOf(authorization: string | undefined): Actor | undefined {
      const secret = /^Bearer (\S+)$/i.exec(authorization ?? '')?.[1];
      if (secret?.startsWith(SECRET_PREFIX) !== true) return undefined;
      const runner = bySecret.get(hashOf(secret));
      if (runner) return { kind: 'runner', runnerId: runner.id };
      throw new ApiError('not-signed-in', 'This runner was removed, or was never registered: register it again with a new token.');
    },

    async createToken(actor: Actor, { name, pools, hours }: { name: string; pools: string[]; hours: number }): Promise<NewRunnerToken> {
      requireOwnBus(admit);
      const token = `${TOKEN_PREFIX}${newSecret()}`;
      const row = await prisma.runnerToken.create({
        data: {
          id: newId(),
          tokenHash: hashOf(token),
          name,
          pools: [...new Set(pools)],
          createdById: actor.kind === 'user' ? actor.userId : null,
          createdAt: new Date(now()),
          expiresAt: new Date(now() + hours * 3_600_000),
        },
      });
      return { ...present(row), token };
    },

    async tokens(): Promise<RunnerTokenInfo[]> {
      const rows = await prisma.runnerToken.findMany({
        where: { revokedAt: null, expiresAt: { gt: new Date(now()) } },
        orderBy: { createdAt: 'desc' },
      });
      return rows.map(present);
    },

    /** Runners that came in with it stay. */
    async revokeToken(id: string): Promise<void> {
      const { count } = await prisma.runnerToken.updateMany({ where: { id, revokedAt: null }, data: { revokedAt: new Date(now()) } });
      if (count === 0) throw notFound('registration token');
    },

    async register({ token, name, publicKey, pools }: RegisterRunnerBody): Promise<RunnerRegistration> {
      requireOwnBus(admit);
      const found = await prisma.runnerToken.findUnique({ where: { tokenHash: hashOf(token) } });
      if (!found) throw notFound('registration token');
      if (found.revokedAt !== null || found.expiresAt.getTime() <= now()) {
        throw new ApiError(
          'link-used',
          'This registration token was revoked or has expired: ask the owner of the installation for a new one.',
        );
      }
      const refused = pools?.filter((pool) => !found.pools.includes(pool)) ?? [];
      if (refused.length > 0) {
        throw new ApiError(
          'conflict',
          `This registration token is for ${found.pools.join(', ')}, not for ${refused.join(', ')}: set ENSEMBLE_RUNNER_POOLS accordingly, or ask for another token.`,
        );
      }
      const secret = `${SECRET_PREFIX}${newSecret()}`;
      const data = { id: newId(), name, pools: pools ?? found.pools, publicKey, secretHash: hashOf(secret) };
      const [runner] = await prisma.$transaction([
        prisma.runner.create({ data }),
        prisma.runnerToken.update({ where: { id: found.id }, data: { uses: { increment: 1 } } }),
      ]);
      remember(runner);
      await admitAll();
      return { runnerId: runner.id, secret, pools: runner.pools, busPrefix };
    },

    /** It is given nothing new; what it executes goes on. */
    cordon: (id: string, name: string) => decide(id, name, { cordonedAt: new Date(now()), emptyAt: null }),
    uncordon: (id: string, name: string) => decide(id, name, { cordonedAt: null, emptyAt: null }),
    /** Cordons it; what it executes after `minutes` is handed back. */
    drain: (id: string, name: string, minutes: number) =>
      decide(id, name, { cordonedAt: new Date(now()), emptyAt: new Date(now() + minutes * 60_000) }),

    /** Its credentials are worth nothing from now on. */
    async remove(id: string): Promise<void> {
      const runner = known.get(id);
      if (!runner) throw notFound('runner');
      if (runner.publicKey === null) {
        throw new ApiError(
          'conflict',
          'This runner was not registered with a token and would come back by itself: cordon it instead, or stop it where it runs.',
        );
      }
      await prisma.runner.update({ where: { id }, data: { removedAt: new Date(now()), publicKey: null, secretHash: null } });
      known.delete(id);
      if (runner.secretHash !== null) bySecret.delete(runner.secretHash);
      await admitAll();
    },

    async seen(id: string): Promise<void> {
      const runner = known.get(id);
      if (!runner) return;
      const lastSeenAt = new Date(now());
      known.set(id, { ...runner, lastSeenAt });
      await prisma.runner.updateMany({ where: { id }, data: { lastSeenAt } });
    },
  };
}

function requireOwnBus(admit: unknown): void {
  if (admit !== undefined) return;
  throw new ApiError(
    'conflict',
    'This installation uses a NATS server of its own (NATS_URL), which decides itself who may log in: give the runner a login there with ENSEMBLE_NATS_URL.',
  );
}
