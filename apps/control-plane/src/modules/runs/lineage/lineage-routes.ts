/** The HTTP doors to lineage. */
import { ArtifactLineage, Sha256, StepLineage } from '@ensemble/protocol';
import { z } from 'zod';
import type { App } from '../../../platform/http/app.ts';
import { artifactLineage, stepLineage, type LineagePorts } from './read-lineage.ts';

const config = { action: 'artifact.read' } as const;

export function registerLineageRoutes(app: App, ports: LineagePorts): void {
  app.get(
    '/api/runs/:id/steps/:nodeId/lineage',
    {
      config,
      schema: {
        summary: 'Where the result of a step comes from, and what used it',
        params: z.object({ id: z.string().max(64), nodeId: z.string().max(200) }),
        response: { 200: StepLineage },
      },
    },
    async ({ actor, params }) => stepLineage(ports, actor, params.id, params.nodeId),
  );

  app.get(
    '/api/projects/:projectId/artifacts/:sha256/lineage',
    {
      config,
      schema: {
        summary: 'The steps of a project that made an artifact, or took it from an earlier run',
        params: z.object({ projectId: z.string().max(64), sha256: Sha256 }),
        response: { 200: ArtifactLineage },
      },
    },
    async ({ actor, params }) => artifactLineage(ports, actor, params.projectId, params.sha256),
  );
}
