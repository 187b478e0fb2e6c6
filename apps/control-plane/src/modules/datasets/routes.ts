/** The HTTP doors to tables. A query whose asker has gone is stopped (DAT-4). */
import type { Actor } from '@ensemble/permissions';
import {
  ColumnStatisticsAnswer,
  ColumnStatisticsQuery,
  OutputColumns,
  TableWindow,
  TableWindowQuery,
  type OutputArtifact,
} from '@ensemble/protocol';
import { z } from 'zod';
import { abandonedSignal } from '../../platform/http/abandoned-signal.ts';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import type { ProjectFiles } from '../artifacts/index.ts';
import type { Authorize } from '../projects/index.ts';
import type { Datasets } from './datasets.ts';

const FileParams = z.object({ projectId: z.string().max(64), fileId: z.string().max(64) });
const PipelineParams = z.object({ id: z.string().max(64) });
const OutputParams = z.object({ id: z.string().max(64), nodeId: z.string().max(200), key: z.string().max(400) });

const readsFile = { config: { action: 'file.read' } } as const;
const readsOutput = { config: { action: 'artifact.read' } } as const;

export interface DatasetRoutesOptions {
  datasets: Datasets;
  files: Pick<ProjectFiles, 'find' | 'keepInspection'>;
  authorize: Authorize;
  /** Decides whether the actor may read it; throws not-found for what is not there. */
  outputOf(actor: Actor, runId: string, nodeId: string, key: string): Promise<OutputArtifact>;
  /** The newest output of every port of a pipeline, for an actor who may read them; throws not-found otherwise. */
  madeTables(actor: Actor, pipelineId: string): Promise<{ nodeId: string; lineage: string; output: OutputArtifact }[]>;
}

export function registerDatasetRoutes(app: App, { datasets, files, authorize, outputOf, madeTables }: DatasetRoutesOptions): void {
  app.get(
    '/api/runs/:id/steps/:nodeId/tables/:key',
    {
      ...readsOutput,
      schema: {
        summary: 'Rows of a data frame that a step made',
        params: OutputParams,
        querystring: TableWindowQuery,
        response: { 200: TableWindow },
      },
    },
    async (request, reply) => {
      const { id, nodeId, key } = request.params;
      const output = await outputOf(request.actor, id, nodeId, key);
      return await datasets.window(datasets.tableOfOutput(output), request.query, abandonedSignal(reply));
    },
  );

  app.get(
    '/api/runs/:id/steps/:nodeId/tables/:key/columns',
    {
      ...readsOutput,
      schema: {
        summary: 'Statistics and histograms of the columns of a data frame',
        params: OutputParams,
        querystring: ColumnStatisticsQuery,
        response: { 200: ColumnStatisticsAnswer },
      },
    },
    async (request, reply) => {
      const { id, nodeId, key } = request.params;
      const output = await outputOf(request.actor, id, nodeId, key);
      return await datasets.statistics(datasets.tableOfOutput(output), request.query, abandonedSignal(reply));
    },
  );

  app.get(
    '/api/pipelines/:id/columns',
    {
      ...readsOutput,
      schema: {
        summary: 'The columns of the newest outputs of a pipeline',
        params: PipelineParams,
        response: { 200: z.array(OutputColumns) },
      },
    },
    async (request, reply) => {
      const signal = abandonedSignal(reply);
      const known: OutputColumns[] = [];
      // One after the other: what people look at meanwhile goes first.
      for (const { nodeId, lineage, output } of await madeTables(request.actor, request.params.id)) {
        if (!output.ref.endsWith('.parquet')) continue;
        const columns = await datasets.columns(output.sha256, signal);
        if (columns) known.push({ nodeId, port: output.key, lineage, columns });
      }
      return known;
    },
  );

  app.get(
    '/api/projects/:projectId/files/:fileId/table',
    {
      ...readsFile,
      schema: {
        summary: 'Rows of the table in a project file',
        params: FileParams,
        querystring: TableWindowQuery,
        response: { 200: TableWindow },
      },
    },
    async (request, reply) => {
      const { projectId, fileId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      const sha256 = await datasets.tableOfFile(files, projectId, fileId);
      return await datasets.window(sha256, request.query, abandonedSignal(reply));
    },
  );

  app.get(
    '/api/projects/:projectId/files/:fileId/table/columns',
    {
      ...readsFile,
      schema: {
        summary: 'Statistics and histograms of the columns of a project file',
        params: FileParams,
        querystring: ColumnStatisticsQuery,
        response: { 200: ColumnStatisticsAnswer },
      },
    },
    async (request, reply) => {
      const { projectId, fileId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      const sha256 = await datasets.tableOfFile(files, projectId, fileId);
      return await datasets.statistics(sha256, request.query, abandonedSignal(reply));
    },
  );
}
