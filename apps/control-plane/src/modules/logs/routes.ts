/** The HTTP doors to logs and metrics. Every use case authorizes by the action its route names. */
import { LogRange, MetricView, StepAttempt } from '@ensemble/protocol';
import { z } from 'zod';
import { BYTES, type App } from '../../platform/http/app.ts';
import { listAttempts } from './list-attempts.ts';
import type { LogPorts } from './log-source.ts';
import { openLogFile, readLog } from './read-log.ts';
import { readMetrics } from './read-metrics.ts';

const StepParams = z.object({ id: z.string().max(64), nodeId: z.string().max(200) });
const Attempt = z.coerce.number().int().positive().max(2_147_483_647).optional();
const config = { action: 'run.read' } as const;

export function registerLogRoutes(app: App, ports: LogPorts): void {
  app.get(
    '/api/runs/:id/steps/:nodeId/log',
    {
      config,
      schema: {
        summary: 'A range of the log of a step',
        params: StepParams,
        querystring: z.object({ offset: z.coerce.number().int().nonnegative().default(0), attempt: Attempt }),
        response: { 200: LogRange },
      },
    },
    async ({ actor, params, query }) =>
      readLog(ports, actor, { runId: params.id, nodeId: params.nodeId, attempt: query.attempt }, query.offset),
  );

  app.get(
    '/api/runs/:id/steps/:nodeId/log/file',
    {
      config,
      schema: {
        summary: 'Download the log of a step, as much as there is by now',
        params: StepParams,
        querystring: z.object({ attempt: Attempt }),
        produces: [BYTES],
      },
    },
    async ({ actor, params, query }, reply) => {
      const stream = await openLogFile(ports, actor, { runId: params.id, nodeId: params.nodeId, attempt: query.attempt });
      return reply
        .headers({
          'content-type': 'text/plain; charset=utf-8',
          'content-disposition': `attachment; filename="${params.nodeId.replaceAll(/[^\w.-]/g, '_')}.log"`,
          'content-security-policy': "default-src 'none'; sandbox",
          'x-content-type-options': 'nosniff',
        })
        .send(stream);
    },
  );

  app.get(
    '/api/runs/:id/steps/:nodeId/attempts',
    { config, schema: { summary: 'The attempts of a step', params: StepParams, response: { 200: z.array(StepAttempt) } } },
    async ({ actor, params }) => listAttempts(ports, actor, params.id, params.nodeId),
  );

  app.get(
    '/api/runs/:id/steps/:nodeId/metrics',
    {
      config,
      schema: {
        summary: 'The curves that a step measured, thinned to what can be drawn',
        params: StepParams,
        querystring: z.object({
          points: z.coerce.number().int().min(2).max(10_000).default(1_000),
          attempt: Attempt,
          from: z.coerce.number().optional(),
          to: z.coerce.number().optional(),
        }),
        response: { 200: MetricView },
      },
    },
    async ({ actor, params, query }) => readMetrics(ports, actor, { runId: params.id, nodeId: params.nodeId, ...query }),
  );
}
