import { CardSource } from '@ensemble/protocol';
import { z } from 'zod';
import { notFound } from '../../platform/api-error.ts';
import type { App } from '../../platform/http/app.ts';
import type { Cards } from './cards.ts';

/** Sources of project cards are documents; those of the built-in cards are the same for everybody and read here. */
export function registerCardRoutes(app: App, { cards }: { cards: Pick<Cards, 'builtIn'> }): void {
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
}
