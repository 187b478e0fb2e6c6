import { CardSource, CodeHit } from '@ensemble/protocol';
import { z } from 'zod';
import { notFound } from '../../platform/api-error.ts';
import { projectActionOf, type App } from '../../platform/http/app.ts';
import type { Authorize } from '../projects/index.ts';
import type { Cards } from './cards.ts';
import { findInSources } from './find-in-sources.ts';

/** Sources of project cards are documents; those of the built-in cards are the same for everybody and read here. */
export function registerCardRoutes(app: App, { cards, authorize }: { cards: Cards; authorize: Authorize }): void {
  app.get(
    '/api/cards/:cardId/source',
    {
      config: { action: 'project.list' },
      schema: {
        summary: 'The source of a built-in card',
        params: z.object({ cardId: z.string() }),
        response: { 200: CardSource },
      },
    },
    ({ params }) => {
      const card = cards.builtIn.find(({ cardId }) => cardId === params.cardId);
      if (!card) throw notFound('card');
      return { path: card.path, source: card.source };
    },
  );

  app.get(
    '/api/projects/:projectId/cards/search',
    {
      config: { action: 'card.read' },
      schema: {
        summary: 'The cards of a project whose code holds a text',
        params: z.object({ projectId: z.string() }),
        querystring: z.object({ text: z.string().max(200) }),
        response: { 200: z.array(CodeHit) },
      },
    },
    async (request) => {
      const { projectId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      const files = await cards.cardsOfProject(projectId);
      return findInSources(files.values(), request.query.text);
    },
  );

  app.get(
    '/api/projects/:projectId/cards/sources',
    {
      config: { action: 'card.read' },
      schema: {
        summary: 'The sources of all card files of a project',
        params: z.object({ projectId: z.string() }),
        response: { 200: z.array(CardSource) },
      },
    },
    async (request) => {
      const { projectId } = request.params;
      await authorize(request.actor, projectActionOf(request), projectId);
      const files = await cards.cardsOfProject(projectId);
      return [...files.values()].filter(({ builtIn }) => !builtIn).map(({ path, source }) => ({ path, source }));
    },
  );
}
