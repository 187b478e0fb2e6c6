/** The HTTP doors of runners: their page, and for those on other machines the way in, the bus and the artifacts. */
import type { Readable } from 'node:stream';
import type { ArtifactStore } from '@ensemble/artifact-store';
import {
  CreateRunnerTokenBody,
  DrainRunnerBody,
  NewRunnerToken,
  PoolInfo,
  RegisterRunnerBody,
  RUNNER_BUS_PATH,
  RunnerInfo,
  RunnerRegistration,
  runnerArtifactPath,
  RunnerTokenInfo,
  Sha256,
} from '@ensemble/protocol';
import { z } from 'zod';
import { ApiError, notFound } from '../../platform/api-error.ts';
import { BYTES, type App } from '../../platform/http/app.ts';
import { joinSockets } from './join-sockets.ts';
import type { Registrations } from './registrations.ts';

export interface RunnerRoutesOptions {
  registrations: Registrations;
  artifacts: Pick<ArtifactStore, 'size' | 'openRead' | 'put'>;
  /** Where WebSockets lead to the bus; undefined where it is not ours. */
  busSocketUrl: string | undefined;
  /** All that are connected, registered or cordoned. */
  runners(): RunnerInfo[];
  pools(): PoolInfo[];
  /** Somebody decided something about this runner. */
  onDecided(runnerId: string): void;
  /** It was removed: what it executes is taken from it. */
  onRemoved(runnerId: string): void;
}

const lists = { config: { action: 'runner.list' } } as const;
const manages = { config: { action: 'runner.manage' } } as const;
const RunnerParams = z.object({ runnerId: z.string().max(64) });
const ArtifactParams = z.object({ sha256: Sha256 });
/** Doors that try a token: few calls a minute from one address. */
const REGISTER_LIMIT = { max: 60, timeWindow: '1 minute' };

export function registerRunnerRoutes(app: App, options: RunnerRoutesOptions): void {
  const { registrations, runners, pools, onDecided, onRemoved } = options;

  const find = (runnerId: string): RunnerInfo => {
    const runner = runners().find(({ id }) => id === runnerId);
    if (!runner) throw notFound('runner');
    return runner;
  };

  app.get(
    '/api/pools',
    {
      config: { action: 'pool.list' },
      schema: { summary: 'Where cards can run: the pools of connected runners', response: { 200: z.array(PoolInfo) } },
    },
    async () => pools(),
  );

  app.get(
    '/api/runners',
    { ...lists, schema: { summary: 'All runners, what they can give and what they execute', response: { 200: z.array(RunnerInfo) } } },
    async () => runners(),
  );

  const decision = (verb: 'cordon' | 'uncordon', summary: string, decide: (runner: RunnerInfo) => Promise<void>): void => {
    app.post(
      `/api/runners/:runnerId/${verb}`,
      { ...manages, schema: { summary, params: RunnerParams, response: { 200: RunnerInfo } } },
      async ({ params }) => {
        await decide(find(params.runnerId));
        onDecided(params.runnerId);
        return find(params.runnerId);
      },
    );
  };
  decision('cordon', 'Give a runner nothing new; what it executes goes on', ({ id, name }) => registrations.cordon(id, name));
  decision('uncordon', 'Give a runner work again; also takes back a drain', ({ id, name }) => registrations.uncordon(id, name));

  app.post(
    '/api/runners/:runnerId/drain',
    {
      ...manages,
      schema: {
        summary: 'Give a runner nothing new, and after some minutes try elsewhere what it still executes',
        params: RunnerParams,
        body: DrainRunnerBody,
        response: { 200: RunnerInfo },
      },
    },
    async ({ params, body }) => {
      const { id, name } = find(params.runnerId);
      await registrations.drain(id, name, body.minutes);
      onDecided(id);
      return find(id);
    },
  );

  app.delete(
    '/api/runners/:runnerId',
    {
      ...manages,
      schema: {
        summary: 'Take a registered runner’s credentials; what it executes is tried elsewhere',
        params: RunnerParams,
        response: { 204: z.null() },
      },
    },
    async ({ params }, reply) => {
      await registrations.remove(find(params.runnerId).id);
      onRemoved(params.runnerId);
      return await reply.code(204).send(null);
    },
  );

  app.get(
    '/api/runner-tokens',
    { ...lists, schema: { summary: 'Registration tokens that still work', response: { 200: z.array(RunnerTokenInfo) } } },
    async () => await registrations.tokens(),
  );

  app.post(
    '/api/runner-tokens',
    {
      ...manages,
      schema: {
        summary: 'Make a registration token; it is told this once',
        body: CreateRunnerTokenBody,
        response: { 201: NewRunnerToken },
      },
    },
    async ({ actor, body }, reply) => await reply.code(201).send(await registrations.createToken(actor, body)),
  );

  app.delete(
    '/api/runner-tokens/:tokenId',
    {
      ...manages,
      schema: {
        summary: 'Revoke a registration token; runners that came in with it stay',
        params: z.object({ tokenId: z.string().max(64) }),
        response: { 204: z.null() },
      },
    },
    async ({ params }, reply) => {
      await registrations.revokeToken(params.tokenId);
      return await reply.code(204).send(null);
    },
  );

  app.post(
    '/api/runner-registrations',
    {
      config: { action: 'runner.register', rateLimit: REGISTER_LIMIT },
      schema: { summary: 'Register a runner with a token', body: RegisterRunnerBody, response: { 201: RunnerRegistration } },
    },
    async ({ body }, reply) => await reply.code(201).send(await registrations.register(body)),
  );

  registerServingRoutes(app, options);
}

/** RUNNER-9: what a registered runner needs to execute anything. Whoever knows a hash may have the bytes: assignments name them. */
function registerServingRoutes(app: App, { artifacts, busSocketUrl }: RunnerRoutesOptions): void {
  const serves = { config: { action: 'runner.serve' } } as const;
  const path = runnerArtifactPath(':sha256');

  app.get(RUNNER_BUS_PATH, { websocket: true, ...serves }, (socket) => {
    if (busSocketUrl === undefined) socket.close(1011, 'the bus is not reached this way');
    else joinSockets(socket, busSocketUrl);
  });

  app.get(
    path,
    {
      ...serves,
      schema: { summary: 'The bytes of an artifact, all or `Range: bytes=a-b`', params: ArtifactParams, produces: [BYTES] },
    },
    async (request, reply) => {
      const { sha256 } = request.params;
      const size = await artifacts.size(sha256);
      if (size === undefined) throw notFound('artifact');
      const [, from = '0', to = ''] = /^bytes=(\d{1,15})-(\d{0,15})$/.exec(request.headers.range ?? '') ?? [];
      const [start, end] = [Number(from), to === '' ? size : Math.min(size, Number(to) + 1)];
      if (start > end) throw new ApiError('bad-request', `The artifact has ${size} bytes: ask for a range within it.`);
      reply.code(end - start < size ? 206 : 200).headers({ 'content-type': BYTES, 'content-length': end - start });
      // Nobody gets the body of an answer to HEAD: it would be read in vain.
      return await reply.send(await artifacts.openRead(sha256, { start: request.method === 'HEAD' ? end : start, end }));
    },
  );

  app.register(async (scope) => {
    // The body is handed on as the stream it is: bytes never wait in memory.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    (scope as App).put(
      path,
      {
        ...serves,
        bodyLimit: Number.MAX_SAFE_INTEGER,
        schema: {
          summary: 'Store an artifact; the body is its bytes',
          consumes: [BYTES],
          params: ArtifactParams,
          response: { 204: z.null() },
        },
      },
      async (request, reply) => {
        const stored = await artifacts.put(request.body as Readable);
        if (stored.sha256 !== request.params.sha256) {
          throw new ApiError('bad-request', `The bytes that came have the hash ${stored.sha256}: send them again.`);
        }
        return await reply.code(204).send(null);
      },
    );
  });
}
