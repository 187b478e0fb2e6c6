import { ImportResult, Template } from '@ensemble/protocol';
import { z } from 'zod';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import type { Templates } from './templates.ts';

export function registerTemplateRoutes(app: App, { templates, authorize }: { templates: Templates; authorize: Authorize }): void {
  app.get(
    '/api/templates',
    { config: { action: 'project.list' }, schema: { summary: 'Pipelines to start from', response: { 200: z.array(Template) } } },
    () => templates.list(),
  );

  app.post(
    '/api/projects/:projectId/templates/:name',
    {
      config: { action: 'pipeline.create' },
      schema: {
        summary: 'Create a pipeline from a template, with its cards and files',
        params: z.object({ projectId: z.string(), name: z.string().max(200) }),
        response: { 201: ImportResult },
      },
    },
    async (request, reply) => {
      const { projectId, name } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await reply.code(201).send(await templates.use(request.actor, projectId, name));
    },
  );
}
