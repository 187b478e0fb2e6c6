/** The HTTP doors to trials of cards: parse → use case → answer. Every use case authorizes by the action its route names. */
import { StartTrialBody, TrialPlace, TrialSetup, TrialSummary } from '@ensemble/protocol';
import { z } from 'zod';
import type { App } from '../../../platform/http/app.ts';
import type { StartRunPorts } from '../start-run.ts';
import { warmUp } from '../warm-up.ts';
import { startTrial } from './start-trial.ts';
import { getTrialSetup, listTrials } from './trial-setup.ts';

const params = z.object({ projectId: z.string().max(64), cardId: z.string().max(200) });

export function registerTrialRoutes(app: App, ports: StartRunPorts): void {
  app.post(
    '/api/projects/:projectId/cards/:cardId/trials',
    {
      config: { action: 'run.start' },
      schema: {
        summary: 'Run one card with its present source, on what earlier runs left',
        params,
        body: StartTrialBody,
        response: { 201: TrialSummary },
      },
    },
    async (request, reply) => {
      const { projectId, cardId } = request.params;
      return reply.code(201).send(await startTrial(ports, request.actor, projectId, cardId, request.body));
    },
  );

  app.post(
    '/api/projects/:projectId/cards/:cardId/warm-up',
    {
      config: { action: 'run.start' },
      schema: {
        summary: 'Say that one will soon run the card, so that it starts faster',
        params,
        response: { 204: z.null() },
      },
    },
    async (request, reply) => {
      await warmUp(ports, request.actor, request.params.projectId, request.params.cardId);
      return reply.code(204).send(null);
    },
  );

  app.get(
    '/api/projects/:projectId/cards/:cardId/trials',
    {
      config: { action: 'run.read' },
      schema: { summary: 'The latest trials of a card, newest first', params, response: { 200: z.array(TrialSummary) } },
    },
    async (request) => listTrials(ports, request.actor, request.params.projectId, request.params.cardId),
  );

  app.get(
    '/api/projects/:projectId/cards/:cardId/trial-setup',
    {
      config: { action: 'run.read' },
      schema: {
        summary: 'What a trial of a card would run on, and what else there is',
        params,
        querystring: TrialPlace.partial(),
        response: { 200: TrialSetup },
      },
    },
    async (request) => {
      const { pipelineId, nodeId } = request.query;
      const place = pipelineId === undefined || nodeId === undefined ? undefined : { pipelineId, nodeId };
      return getTrialSetup(ports, request.actor, request.params.projectId, request.params.cardId, place);
    },
  );
}
