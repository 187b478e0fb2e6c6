/** The HTTP doors of `ensemble sync`: a project's text files as a folder, news of them, and changes that were made on a disk. */
import { FolderChangesBody, FolderNews, FolderOutcomes, FolderState, MAX_FOLDER_WAIT_MS } from '@ensemble/protocol';
import { z } from 'zod';
import { abandonedSignal } from '../../platform/http/abandoned-signal.ts';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize, Projects } from '../projects/index.ts';
import { applyFolderChanges, type FolderPorts } from './apply-folder-changes.ts';
import { readFolder, type FolderWatch } from './folder-state.ts';
import { labelOf } from './import-project.ts';

const Params = z.object({ projectId: z.string().max(64) });
const MAX_CHANGES_BYTES = 32 * 1024 ** 2;
const MOST_WAITING = 200;

export interface FolderRoutesOptions {
  folders: FolderPorts;
  watch: FolderWatch;
  projects: Pick<Projects, 'read'>;
  authorize: Authorize;
}

export function registerFolderRoutes(app: App, { folders, watch, projects, authorize }: FolderRoutesOptions): void {
  let waiting = 0;

  app.get(
    '/api/projects/:projectId/folder',
    {
      config: { action: 'project.read' },
      schema: { summary: 'The text files of a project as a folder', params: Params, response: { 200: FolderState } },
    },
    async (request) => {
      const role = await authorize(request.actor, projectActionOf(request), request.params.projectId);
      const { state, name, files } = await readFolder(folders, await projects.read(request.params.projectId, role));
      return { state, name, files };
    },
  );

  app.get(
    '/api/projects/:projectId/folder/news',
    {
      config: { action: 'project.read' },
      schema: {
        summary: 'Waits until the folder of a project is in another state',
        params: Params,
        querystring: z.object({ state: z.string().max(64), waitMs: z.coerce.number().int().min(0).max(MAX_FOLDER_WAIT_MS).default(0) }),
        response: { 200: FolderNews },
      },
    },
    async (request, reply) => {
      const { projectId } = request.params;
      const role = await authorize(request.actor, projectActionOf(request), projectId);
      const project = await projects.read(projectId, role);
      const gone = abandonedSignal(reply);
      const signal = AbortSignal.any([gone, AbortSignal.timeout(waiting < MOST_WAITING ? request.query.waitMs : 0)]);
      waiting += 1;
      try {
        for (;;) {
          // Listening before looking: what changes in between is not missed.
          const changed = watch.next(projectId, signal);
          const { state } = await readFolder(folders, project);
          if (state !== request.query.state || signal.aborted) return { state };
          await changed;
        }
      } finally {
        waiting -= 1;
      }
    },
  );

  app.post(
    '/api/projects/:projectId/folder/changes',
    {
      bodyLimit: MAX_CHANGES_BYTES,
      config: { action: 'card.edit' },
      schema: {
        summary: 'Bring changes of files of the folder into the project; each is applied, merged, refused or in conflict',
        params: Params,
        body: FolderChangesBody,
        response: { 200: FolderOutcomes },
      },
    },
    async (request) => {
      const { actor, params, body } = request;
      const role = await authorize(actor, projectActionOf(request), params.projectId);
      const project = await projects.read(params.projectId, role);
      return { outcomes: await applyFolderChanges(folders, project, labelOf(actor), body.changes) };
    },
  );
}
