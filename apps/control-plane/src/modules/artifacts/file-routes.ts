/** The HTTP doors to project files and uploads. */
import { CreateUploadBody, FinishUploadBody, MAX_CHUNK_BYTES, ProjectFileDetail, RenameFileBody, Upload } from '@ensemble/protocol';
import { z } from 'zod';
import { abandonedSignal } from '../../platform/http/abandoned-signal.ts';
import { BYTES, projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import type { ProjectFiles } from './project-files.ts';
import type { Uploads } from './uploads.ts';

const ProjectParams = z.object({ projectId: z.string().max(64) });
const FileParams = ProjectParams.extend({ fileId: z.string().max(64) });
const UploadParams = ProjectParams.extend({ uploadId: z.string().max(64) });

const reads = { config: { action: 'file.read' } } as const;
const writes = { config: { action: 'file.upload' } } as const;

export interface FileRoutesOptions {
  files: ProjectFiles;
  uploads: Uploads;
  authorize: Authorize;
}

export function registerFileRoutes(app: App, { files, uploads, authorize }: FileRoutesOptions): void {
  app.get(
    '/api/projects/:projectId/files',
    {
      ...reads,
      schema: { summary: 'The files of a project, newest first', params: ProjectParams, response: { 200: z.array(ProjectFileDetail) } },
    },
    async (request) => {
      await authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await files.list(request.params.projectId);
    },
  );

  app.patch(
    '/api/projects/:projectId/files/:fileId',
    {
      ...writes,
      schema: { summary: 'Give a file another name', params: FileParams, body: RenameFileBody, response: { 200: ProjectFileDetail } },
    },
    async (request) => {
      const { projectId, fileId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await files.rename(projectId, fileId, request.body.name);
    },
  );

  app.delete(
    '/api/projects/:projectId/files/:fileId',
    { ...writes, schema: { summary: 'Hide a file; runs that used it keep it', params: FileParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { projectId, fileId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      await files.hide(projectId, fileId);
      return await reply.code(204).send(null);
    },
  );

  app.post(
    '/api/projects/:projectId/uploads',
    {
      ...writes,
      schema: { summary: 'Begin to send a file in chunks', params: ProjectParams, body: CreateUploadBody, response: { 201: Upload } },
    },
    async (request, reply) => {
      await authorize(request.actor, projectActionOf(request), request.params.projectId);
      return await reply.code(201).send(await uploads.create(request.params.projectId, request.body));
    },
  );

  app.get(
    '/api/projects/:projectId/uploads/:uploadId',
    { ...writes, schema: { summary: 'How much of a file has come', params: UploadParams, response: { 200: Upload } } },
    async (request) => {
      const { projectId, uploadId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await uploads.state(projectId, uploadId);
    },
  );

  app.delete(
    '/api/projects/:projectId/uploads/:uploadId',
    { ...writes, schema: { summary: 'Give up an upload', params: UploadParams, response: { 204: z.null() } } },
    async (request, reply) => {
      const { projectId, uploadId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      await uploads.abandon(projectId, uploadId);
      return await reply.code(204).send(null);
    },
  );

  app.post(
    '/api/projects/:projectId/uploads/:uploadId/finish',
    {
      ...writes,
      schema: {
        summary: 'Look into the file and make it a project file',
        params: UploadParams,
        body: FinishUploadBody,
        response: { 201: ProjectFileDetail },
      },
    },
    async (request, reply) => {
      const { projectId, uploadId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      const file = await uploads.finish(projectId, uploadId, request.body.sha256, abandonedSignal(reply));
      return await reply.code(201).send(file);
    },
  );

  app.register(async (scope) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body));
    (scope as App).put(
      '/api/projects/:projectId/uploads/:uploadId',
      {
        ...writes,
        bodyLimit: MAX_CHUNK_BYTES,
        schema: {
          summary: 'Send the next chunk; the body is its bytes',
          consumes: [BYTES],
          params: UploadParams,
          querystring: z.object({ offset: z.coerce.number().int().nonnegative() }),
          response: { 200: Upload },
        },
      },
      async (request) => {
        const { projectId, uploadId } = request.params;
        await authorize(request.actor, projectActionOf(request), projectId);
        const chunk = Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0);
        return await uploads.append(projectId, uploadId, request.query.offset, chunk);
      },
    );
  });
}
