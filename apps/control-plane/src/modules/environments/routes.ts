import { ProjectEnvironment } from '@ensemble/protocol';
import { z } from 'zod';
import type { App } from '../../platform/http/app.ts';
import { projectActionOf } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import type { Environments } from './environments.ts';

const Params = z.object({ projectId: z.string().max(64) });

/** The same is shown live in the project's document. */
export function registerEnvironmentRoutes(
  app: App,
  { environments, ensure, authorize }: { environments: Environments; ensure: (projectId: string) => Promise<void>; authorize: Authorize },
): void {
  app.get(
    '/api/projects/:projectId/environments',
    {
      config: { action: 'card.read' },
      schema: {
        summary: 'The Python environments that the cards of a project need',
        params: Params,
        response: { 200: z.array(ProjectEnvironment) },
      },
    },
    async (request) => {
      const { projectId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      await ensure(projectId);
      return [...environments.entriesOfProject(projectId).values()];
    },
  );

  app.post(
    '/api/projects/:projectId/environments/:setId/retry',
    {
      config: { action: 'card.edit' },
      schema: {
        summary: 'Try again to make an environment that failed, with versions chosen anew',
        params: Params.extend({ setId: z.string().max(64) }),
        response: { 202: ProjectEnvironment },
      },
    },
    async (request, reply) => {
      const { projectId, setId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      await ensure(projectId);
      return reply.code(202).send(await environments.retry(projectId, setId));
    },
  );
}
