/** The HTTP doors of import and export. */
import { ExportPreview, MAX_ARCHIVE_BYTES, NameBody, ProjectImport } from '@ensemble/protocol';
import { fileNamesFor } from '@ensemble/pipeline';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { BYTES, projectActionOf, type App } from '../../platform/http/app.ts';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Authorize, Projects } from '../projects/index.ts';
import type { Pipelines } from '../pipelines/index.ts';
import { exportScript, type ScriptPorts } from './export-script.ts';
import { exportProject, previewExport, type ExportPorts } from './export-project.ts';
import { importProject, type ImportPorts } from './import-project.ts';
import { readZip } from './read-zip.ts';

const ProjectParams = z.object({ projectId: z.string().max(64) });

export interface TransferRoutesOptions {
  imports: ImportPorts;
  exports: ExportPorts;
  scripts: ScriptPorts;
  pipelines: Pick<Pipelines, 'projectOf'>;
  projects: Pick<Projects, 'read'>;
  authorize: Authorize;
}

export function registerTransferRoutes(
  app: App,
  { imports, exports, scripts, pipelines, projects, authorize }: TransferRoutesOptions,
): void {
  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    const zips = scope as App;

    zips.post(
      '/api/import',
      {
        bodyLimit: MAX_ARCHIVE_BYTES,
        config: { action: 'project.create' },
        schema: {
          summary: 'Make a project of a zip of a project folder; the body is its bytes. All of it, or nothing',
          consumes: [BYTES],
          querystring: NameBody.partial(),
          response: { 201: ProjectImport },
        },
      },
      async ({ actor, body, query }, reply) => {
        const files = await readZip(bytesOf(body));
        return await reply.code(201).send(await importProject(imports, actor, files, { newName: query.name ?? '' }));
      },
    );

    zips.post(
      '/api/projects/:projectId/import/zip',
      {
        bodyLimit: MAX_ARCHIVE_BYTES,
        config: { action: 'pipeline.create' },
        schema: {
          summary: 'Bring a zip of a project folder into a project; the body is its bytes. All of it, or nothing',
          consumes: [BYTES],
          params: ProjectParams,
          response: { 201: ProjectImport },
        },
      },
      async (request, reply) => {
        const { actor, params, body } = request;
        const role = await authorize(actor, projectActionOf(request), params.projectId);
        const project = await projects.read(params.projectId, role);
        return await reply.code(201).send(await importProject(imports, actor, await readZip(bytesOf(body)), { project }));
      },
    );
  });

  app.get(
    '/api/pipelines/:pipelineId/script',
    {
      config: { action: 'pipeline.read' },
      schema: {
        summary: 'The pipeline as one Python script that runs without Ensemble',
        produces: ['text/x-python'],
        params: z.object({ pipelineId: z.string().max(64) }),
      },
    },
    async (request, reply) => {
      const { pipelineId } = request.params;
      const projectId = await pipelines.projectOf(pipelineId);
      if (projectId === undefined) throw notFound('pipeline');
      await authorize(request.actor, projectActionOf(request), projectId).catch((error: { code?: string }) => {
        throw error.code === 'not-found' ? notFound('pipeline') : error;
      });
      const { name, text } = await exportScript(scripts, pipelineId);
      return await download(
        reply,
        `${fileNamesFor([name])[0]!.replaceAll('-', '_')}.py`,
        'text/x-python; charset=utf-8',
        Buffer.from(text),
      );
    },
  );

  app.get(
    '/api/projects/:projectId/export',
    {
      config: { action: 'project.read' },
      schema: { summary: 'What an export of the project would hold', params: ProjectParams, response: { 200: ExportPreview } },
    },
    async (request) => {
      await authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await previewExport(exports, request.params.projectId);
    },
  );

  app.get(
    '/api/projects/:projectId/export/zip',
    {
      config: { action: 'project.read' },
      schema: {
        summary: 'The project as a zip of its folder, which imports again into an equal project',
        produces: [BYTES],
        params: ProjectParams,
        querystring: z.object({ data: z.enum(['true', 'false']).default('false') }),
      },
    },
    async (request, reply) => {
      const role = await authorize(request.actor, projectActionOf(request), request.params.projectId);
      const project = await projects.read(request.params.projectId, role);
      const bytes = await exportProject(exports, project, request.query.data === 'true');
      return await download(reply, `${project.name}.zip`, 'application/zip', Buffer.from(bytes));
    },
  );
}

function bytesOf(body: unknown): Uint8Array {
  if (body instanceof Uint8Array) return body;
  throw new ApiError('bad-request', 'Send the bytes of a zip file as the body.');
}

const download = (reply: FastifyReply, name: string, type: string, content: Buffer): FastifyReply =>
  reply
    .header('content-disposition', `attachment; filename*=UTF-8''${encodeURIComponent(name).replaceAll("'", '%27')}`)
    .header('cache-control', 'no-store')
    .type(type)
    .send(content);
