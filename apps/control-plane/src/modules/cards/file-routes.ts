import {
  CardFilesResult,
  CardIdsBody,
  CardTemplate,
  CardUses,
  CreateCardBody,
  MoveCardBody,
  MoveFolderBody,
  MoveNodesBody,
  MoveNodesResult,
} from '@ensemble/protocol';
import type { Actor } from '@ensemble/permissions';
import { z } from 'zod';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import type { CardFiles } from './card-files.ts';
import type { CardUsage } from './card-uses.ts';

const InProject = z.object({ projectId: z.string() });
const OneCard = InProject.extend({ cardId: z.string() });

const journalName = (actor: Actor): string => (actor.kind === 'user' ? actor.userId : 'system:operator');

/** The files of a project's cards. What is in them is edited as documents. */
export function registerCardFileRoutes(app: App, deps: { files: CardFiles; uses: CardUsage; authorize: Authorize }): void {
  const { files, uses, authorize } = deps;

  app.get(
    '/api/card-templates',
    { config: { action: 'project.list' }, schema: { summary: 'What a new card can start from', response: { 200: z.array(CardTemplate) } } },
    () => files.templates.list(),
  );

  app.post(
    '/api/projects/:projectId/cards',
    {
      config: { action: 'card.edit' },
      schema: {
        summary: 'Create a card file from a template or as a copy',
        params: InProject,
        body: CreateCardBody,
        response: { 201: CardFilesResult },
      },
    },
    async (request, reply) => {
      const { projectId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      const made = await files.create(projectId, journalName(request.actor), request.body);
      return reply.code(201).send(made);
    },
  );

  app.patch(
    '/api/projects/:projectId/cards/:cardId',
    {
      config: { action: 'card.edit' },
      schema: { summary: 'Rename or move a card file', params: OneCard, body: MoveCardBody, response: { 200: CardFilesResult } },
    },
    async (request) => {
      const { projectId, cardId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await files.move(projectId, cardId, request.body.path);
    },
  );

  app.post(
    '/api/projects/:projectId/cards/move-folder',
    {
      config: { action: 'card.edit' },
      schema: {
        summary: 'Rename or move a folder of card files',
        params: InProject,
        body: MoveFolderBody,
        response: { 200: CardFilesResult },
      },
    },
    async (request) => {
      const { projectId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await files.moveFolder(projectId, request.body.from, request.body.to);
    },
  );

  for (const [verb, summary] of [
    ['trash', 'Put card files into the trash'],
    ['restore', 'Restore card files from the trash'],
  ] as const) {
    app.post(
      `/api/projects/:projectId/cards/${verb}`,
      {
        config: { action: 'card.edit' },
        schema: { summary, params: InProject, body: CardIdsBody, response: { 200: CardFilesResult } },
      },
      async (request) => {
        const { projectId } = request.params;
        await authorize(request.actor, projectActionOf(request), projectId);
        return await files[verb](projectId, request.body.cardIds);
      },
    );
  }

  app.get(
    '/api/projects/:projectId/cards/:cardId/uses',
    {
      config: { action: 'card.read' },
      schema: { summary: 'The pipelines and nodes that use a card', params: OneCard, response: { 200: CardUses } },
    },
    async (request) => {
      const { projectId, cardId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await uses.usesOf(projectId, cardId);
    },
  );

  app.post(
    '/api/projects/:projectId/cards/:cardId/move-nodes',
    {
      config: { action: 'pipeline.edit' },
      schema: {
        summary: 'Give the nodes of a former card type the present one',
        params: OneCard,
        body: MoveNodesBody,
        response: { 200: MoveNodesResult },
      },
    },
    async (request) => {
      const { projectId, cardId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      return await uses.moveNodes(projectId, cardId, request.body.from, journalName(request.actor));
    },
  );
}
