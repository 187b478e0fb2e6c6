import { z } from 'zod';
import type { App } from '../../platform/http/app.ts';

const Health = z.object({ ready: z.boolean(), database: z.boolean(), bus: z.boolean(), runners: z.number().int() });
export type Health = z.infer<typeof Health>;

/** 200 when everything a run needs is there, else 503; the body says what is missing. */
export function registerHealthRoute(app: App, check: () => Promise<Omit<Health, 'ready'>>): void {
  app.get(
    '/api/health',
    {
      config: { action: 'instance.read' },
      schema: { summary: 'Whether everything a run needs is there', response: { 200: Health, 503: Health } },
    },
    async (_request, reply) => {
      const parts = await check();
      const ready = parts.database && parts.bus;
      return await reply.code(ready ? 200 : 503).send({ ready, ...parts });
    },
  );
}
