/** A Fastify that knows who asks, refuses foreign pages, and turns errors into answers. Has no routes of its own. */
import rateLimit from '@fastify/rate-limit';
import websocket from '@fastify/websocket';
import { canOnInstance, instanceActions, type Actor, type InstanceAction, type ProjectAction } from '@ensemble/permissions';
import { MAX_DOCUMENT_MESSAGE_BYTES, RUNNER_BUS_PATH } from '@ensemble/protocol';
import fastify, { LogController, type FastifyBaseLogger, type FastifyRequest } from 'fastify';
import { serializerCompiler, validatorCompiler, type ZodTypeProvider } from 'fastify-type-provider-zod';
import { ApiError } from '../../platform/api-error.ts';
import type { App } from '../../platform/http/app.ts';
import { newId } from '../../platform/ids.ts';
import type { Logger } from '../../platform/logger.ts';
import { handleError } from './error-handler.ts';
import { checkOrigin, type OriginRules } from './origin-guard.ts';

const MAX_BODY_BYTES = 2 * 1024 * 1024;

export interface Door {
  method: string;
  url: string;
  action: InstanceAction | ProjectAction;
}

export interface OpenAppOptions {
  rules: OriginRules;
  actorOf(headers: FastifyRequest['headers']): Promise<Actor>;
  logger: Logger;
  /** Told of every door as it is made. */
  onDoor?: (door: Door) => void;
}

const isInstanceAction = (action: string): action is InstanceAction => (instanceActions as string[]).includes(action);

/** Answered by a switch to WebSocket, or not at all. */
export const SOCKETS: readonly string[] = ['/collab', '/live', RUNNER_BUS_PATH];

/** Everything but the files of the web app, which are the same for everybody. */
const isDoor = (url: string): boolean => url.startsWith('/api/') || SOCKETS.includes(url);

export async function openApp({ rules, actorOf, logger, onDoor }: OpenAppOptions): Promise<App> {
  const loggerInstance: FastifyBaseLogger = logger;
  const app: App = fastify({
    loggerInstance,
    logController: new LogController({ disableRequestLogging: true }),
    genReqId: () => newId(),
    bodyLimit: MAX_BODY_BYTES,
    // Node ids and artifact keys are long names, longer still when encoded.
    routerOptions: { maxParamLength: 2_000 },
    // A browser's idle connections must not hold up the end of the process.
    forceCloseConnections: true,
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(validatorCompiler);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler(handleError);
  // Set for every request by the first hook.
  app.decorateRequest<Actor | null>('actor', null);

  // A door without an entry in the permission table does not open at all.
  app.addHook('onRoute', ({ method, url, config }) => {
    if (!isDoor(url)) return;
    if (config?.action === undefined) throw new Error(`The route ${url} declares no action.`);
    for (const one of [method].flat()) onDoor?.({ method: one, url, action: config.action });
  });
  app.addHook('onRequest', async (request, reply) => {
    reply.header('x-request-id', request.id);
    if (request.url.includes('%00')) throw new ApiError('bad-request', 'An address cannot hold a NUL character.');
    const { host, origin, authorization, upgrade } = request.headers;
    // By the header: `request.ws` is not set yet this early.
    checkOrigin(rules, { method: request.method, host, origin, authorization, upgrade: upgrade !== undefined });
    const { action } = request.routeOptions.config;
    request.actor = action === undefined ? { kind: 'anonymous' } : await actorOf(request.headers);
    if (action === undefined) return;
    // Actions on a project are decided by the handler, which knows the project; nobody gets there without a name.
    if (isInstanceAction(action) ? canOnInstance(request.actor, action) : request.actor.kind !== 'anonymous') return;
    throw request.actor.kind === 'anonymous'
      ? new ApiError('not-signed-in', 'Sign in first: open the link you were given, or ask for a new one.')
      : new ApiError('operator-only', 'Only who administers this installation may do this.');
  });

  await app.register(rateLimit, {
    global: false,
    errorResponseBuilder: () => new ApiError('too-many-requests', 'Too many requests from this address: try again in a minute.'),
  });
  await app.register(websocket, { options: { maxPayload: MAX_DOCUMENT_MESSAGE_BYTES } });
  return app;
}
