/**
 * What route files build on: a Fastify whose schemas are zod, whose requests know who asks, and whose routes say which
 * action they are. Who asks is found out once, by the HTTP service, before any handler runs.
 */
import type { Actor, InstanceAction, ProjectAction } from '@ensemble/permissions';
import type {
  FastifyBaseLogger,
  FastifyInstance,
  FastifyRequest,
  RawReplyDefaultExpression,
  RawRequestDefaultExpression,
  RawServerDefault,
} from 'fastify';
import type { ZodTypeProvider } from 'fastify-type-provider-zod';

declare module 'fastify' {
  interface FastifyRequest {
    actor: Actor;
  }
  interface FastifyContextConfig {
    /**
     * What the route does, in the words of the permission table. Actions on the installation are decided before the handler
     * runs; for actions on a project the handler names the project by `authorize`.
     */
    action?: InstanceAction | ProjectAction;
  }
}

export type App = FastifyInstance<
  RawServerDefault,
  RawRequestDefaultExpression,
  RawReplyDefaultExpression,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** The content type of bodies and answers that are bytes as they are: `consumes` or `produces` in the schema of their route. */
export const BYTES = 'application/octet-stream';

/** The action a route declared; its handler has no other way to name one, so that the two cannot differ. */
export function projectActionOf(request: FastifyRequest): ProjectAction {
  const { action } = request.routeOptions.config;
  if (action === undefined) throw new Error(`The route ${request.routeOptions.url ?? ''} declares no action.`);
  return action as ProjectAction;
}
