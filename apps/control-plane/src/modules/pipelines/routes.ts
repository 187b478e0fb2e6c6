import { ImportBody, ImportResult, NameBody, Pipeline } from '@ensemble/protocol';
import { z } from 'zod';
import type { FastifyRequest } from 'fastify';
import { notFound } from '../../platform/api-error.ts';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import type { Pipelines } from './pipelines.ts';

const ProjectParams = z.object({ projectId: z.string() });
const PipelineParams = z.object({ pipelineId: z.string() });
const MAX_IMPORT_BYTES = 64 * 1024 * 1024;

export function registerPipelineRoutes(app: App, { pipelines, authorize }: { pipelines: Pipelines; authorize: Authorize }): void {
  /** A pipeline of a project that is not theirs and one that is not there get the same answer. */
  async function authorizePipeline(request: FastifyRequest, pipelineId: string): Promise<void> {
    const projectId = await pipelines.projectOf(pipelineId);
    if (projectId === undefined) throw notFound('pipeline');
    await authorize(request.actor, projectActionOf(request), projectId).catch((error: { code?: string }) => {
      throw error.code === 'not-found' ? notFound('pipeline') : error;
    });
  }

  app.get(
    '/api/projects/:projectId/pipelines',
    {
      config: { action: 'pipeline.read' },
      schema: { summary: 'The pipelines of a project', params: ProjectParams, response: { 200: z.array(Pipeline) } },
    },
    async (request) => {
      await authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await pipelines.list(request.params.projectId);
    },
  );

  app.post(
    '/api/projects/:projectId/pipelines',
    {
      config: { action: 'pipeline.create' },
      schema: { summary: 'Create an empty pipeline', params: ProjectParams, body: NameBody, response: { 201: Pipeline } },
    },
    async (request, reply) => {
      await authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await reply.code(201).send(await pipelines.create(request.params.projectId, request.body.name));
    },
  );

  app.post(
    '/api/projects/:projectId/import',
    {
      bodyLimit: MAX_IMPORT_BYTES,
      config: { action: 'pipeline.create' },
      schema: {
        summary: 'Bring in a project folder: a pipeline and its card files',
        params: ProjectParams,
        body: ImportBody,
        response: { 201: ImportResult },
      },
    },
    async (request, reply) => {
      await authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await reply.code(201).send(await pipelines.importFolder(request.actor, request.params.projectId, request.body));
    },
  );

  app.get(
    '/api/pipelines/:pipelineId',
    {
      config: { action: 'pipeline.read' },
      schema: { summary: 'One pipeline; its graph is the document pipeline:<id>', params: PipelineParams, response: { 200: Pipeline } },
    },
    async (request) => {
      await authorizePipeline(request, request.params.pipelineId);
      return await pipelines.read(request.params.pipelineId);
    },
  );

  app.patch(
    '/api/pipelines/:pipelineId',
    {
      config: { action: 'pipeline.edit' },
      schema: { summary: 'Rename a pipeline', params: PipelineParams, body: NameBody, response: { 200: Pipeline } },
    },
    async (request) => {
      await authorizePipeline(request, request.params.pipelineId);
      return await pipelines.rename(request.params.pipelineId, request.body.name);
    },
  );
}
