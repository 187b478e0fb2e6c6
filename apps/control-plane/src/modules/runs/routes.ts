/** The HTTP doors to runs: parse → use case → answer. Every use case authorizes by the action its route names. */
import type { ProjectAction } from '@ensemble/permissions';
import {
  ApiErrorBody,
  CardSource,
  RunDetail,
  RunForecast,
  RunSummary,
  RunVersionDetail,
  StartRunBody,
  StepDetail,
} from '@ensemble/protocol';
import { z } from 'zod';
import { BYTES, type App } from '../../platform/http/app.ts';
import { cancelRun, cancelStep } from './cancel-run.ts';
import type { CancelPorts } from './cancel-run.ts';
import { forecastRun } from './forecast-run.ts';
import { registerLineageRoutes } from './lineage/lineage-routes.ts';
import { openArtifact } from './open-artifact.ts';
import { getRun, getStep, runsOfPipeline } from './read-runs.ts';
import type { ReadRunsPorts } from './read-runs.ts';
import { getCardSourceAtRun, getRunVersion } from './read-version.ts';
import { resumeRun } from './resume-run.ts';
import { authorizedProject, checkPipeline, startRun } from './start-run.ts';
import type { StartRunPorts } from './start-run.ts';
import { registerTrialRoutes } from './trials/trial-routes.ts';

export type RunRoutesPorts = StartRunPorts & ReadRunsPorts & CancelPorts;

const PipelineParams = z.object({ id: z.string().max(64) });
const RunParams = z.object({ id: z.string().max(64) });
const StepParams = RunParams.extend({ nodeId: z.string().max(200) });
const CardParams = RunParams.extend({ cardType: z.string().max(400) });
const ArtifactParams = StepParams.extend({ key: z.string().max(400) });
const Check = z.object({ problems: ApiErrorBody.shape.problems.unwrap() });

const needs = (action: ProjectAction) => ({ config: { action } });

export function registerRunRoutes(app: App, ports: RunRoutesPorts): void {
  registerTrialRoutes(app, ports);
  registerLineageRoutes(app, ports);

  app.post(
    '/api/pipelines/:id/runs',
    {
      ...needs('run.start'),
      schema: {
        summary: 'Start a run of the pipeline as it is now',
        params: PipelineParams,
        body: StartRunBody,
        response: { 201: RunSummary },
      },
    },
    async (request, reply) => {
      const run = await startRun(ports, request.actor, request.params.id, request.body);
      return reply.code(201).send(run);
    },
  );

  app.post(
    '/api/pipelines/:id/forecast',
    {
      ...needs('pipeline.read'),
      schema: {
        summary: 'What a run would execute and what it would take from the cache, and why; starts nothing',
        params: PipelineParams,
        body: StartRunBody,
        response: { 200: RunForecast },
      },
    },
    async (request) => forecastRun(ports, request.actor, request.params.id, request.body),
  );

  app.post(
    '/api/pipelines/:id/check',
    {
      ...needs('pipeline.read'),
      schema: {
        summary: 'What keeps the pipeline from running; starts nothing',
        params: PipelineParams,
        body: StartRunBody,
        response: { 200: Check },
      },
    },
    async (request) => ({
      problems: await checkPipeline(ports, request.actor, request.params.id, request.body),
    }),
  );

  app.get(
    '/api/pipelines/:id/runs',
    {
      ...needs('run.read'),
      schema: { summary: 'The runs of a pipeline, newest first', params: PipelineParams, response: { 200: z.array(RunSummary) } },
    },
    async (request) => {
      await authorizedProject(ports, request.actor, 'run.read', request.params.id);
      return runsOfPipeline(ports, request.params.id);
    },
  );

  app.get(
    '/api/runs/:id',
    { ...needs('run.read'), schema: { summary: 'One run with its steps', params: RunParams, response: { 200: RunDetail } } },
    async (request) => getRun(ports, request.actor, request.params.id),
  );

  app.get(
    '/api/runs/:id/version',
    {
      ...needs('run.read'),
      schema: { summary: 'The pipeline of a run as it was: its canvas and cards', params: RunParams, response: { 200: RunVersionDetail } },
    },
    async (request) => getRunVersion(ports, request.actor, request.params.id),
  );

  app.get(
    '/api/runs/:id/cards/:cardType/source',
    {
      ...needs('card.read'),
      schema: { summary: 'The source that a run had of a card', params: CardParams, response: { 200: CardSource } },
    },
    async (request) => getCardSourceAtRun(ports, request.actor, request.params.id, request.params.cardType),
  );

  app.post(
    '/api/runs/:id/resume',
    {
      ...needs('run.start'),
      schema: {
        summary: 'Run what did not succeed in a run that is over, as a new run of the same version',
        params: RunParams,
        response: { 201: RunSummary },
      },
    },
    async (request, reply) => reply.code(201).send(await resumeRun(ports, request.actor, request.params.id)),
  );

  app.post(
    '/api/runs/:id/cancel',
    { ...needs('run.cancel'), schema: { summary: 'Cancel a run', params: RunParams, response: { 200: RunSummary } } },
    async (request) => cancelRun(ports, request.actor, request.params.id),
  );

  app.post(
    '/api/runs/:id/steps/:nodeId/cancel',
    { ...needs('run.cancel'), schema: { summary: 'Cancel one step', params: StepParams, response: { 200: RunSummary } } },
    async (request) => cancelStep(ports, request.actor, request.params.id, request.params.nodeId),
  );

  app.get(
    '/api/runs/:id/steps/:nodeId',
    { ...needs('run.read'), schema: { summary: 'One step with its preview', params: StepParams, response: { 200: StepDetail } } },
    async (request) => getStep(ports, request.actor, request.params.id, request.params.nodeId),
  );

  app.get(
    '/api/runs/:id/steps/:nodeId/artifacts/:key',
    { ...needs('artifact.read'), schema: { summary: 'Download an output of a step', params: ArtifactParams, produces: [BYTES] } },
    async (request, reply) => {
      const { id, nodeId, key } = request.params;
      const { stream, headers } = await openArtifact(ports, request.actor, id, nodeId, key);
      return reply.headers(headers).send(stream);
    },
  );
}
