/** Fires when whoever asked has gone away before the answer: work for them can stop. Knows nothing of the work. */
import type { FastifyReply } from 'fastify';

export function abandonedSignal(reply: FastifyReply): AbortSignal {
  const abandoned = new AbortController();
  reply.raw.once('close', () => {
    if (!reply.raw.writableFinished) abandoned.abort();
  });
  return abandoned.signal;
}
