import { ProjectFile } from '@ensemble/protocol';
import type { Readable } from 'node:stream';
import { z } from 'zod';
import { BYTES, projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import { MAX_FILE_BYTES, type ProjectFiles } from './project-files.ts';

export function registerArtifactRoutes(app: App, { files, authorize }: { files: ProjectFiles; authorize: Authorize }): void {
  app.register(async (scope) => {
    // The body is handed on as the stream it is: bytes never wait in memory.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
    (scope as App).post(
      '/api/projects/:projectId/files',
      {
        bodyLimit: MAX_FILE_BYTES,
        config: { action: 'file.upload' },
        schema: {
          summary: 'Store a file in the project; the body is its bytes',
          consumes: [BYTES],
          params: z.object({ projectId: z.string() }),
          querystring: z.object({ name: z.string() }),
          response: { 201: ProjectFile },
        },
      },
      async (request, reply) => {
        await authorize(request.actor, projectActionOf(request), request.params.projectId);
        return await reply.code(201).send(await files.add(request.params.projectId, request.query.name, request.body as Readable));
      },
    );
  });
}
