/** The one place where a thrown thing becomes an answer. What nobody expected is logged and answered without details. */
import type { FastifyError, FastifyReply, FastifyRequest } from 'fastify';
import { hasZodFastifySchemaValidationErrors } from 'fastify-type-provider-zod';
import { ApiError, type ErrorCode } from '../../platform/api-error.ts';

/** Faults that Fastify and its plugins find before a handler runs. */
const BY_STATUS: Record<number, [ErrorCode, string]> = {
  400: ['bad-request', 'The request could not be read.'],
  401: ['not-signed-in', 'Sign in first.'],
  404: ['not-found', 'There is nothing at this address.'],
  413: ['too-large', 'The request is larger than this server accepts.'],
  415: ['bad-request', 'The request has a content type that is not understood here.'],
  429: ['too-many-requests', 'Too many requests from this address: try again in a minute.'],
};

/** Connection faults of PostgreSQL, by the codes of Node, of its protocol and of Prisma. */
const DATABASE_DOWN = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  '57P01',
  '57P02',
  '57P03',
  'P1001',
  'P1002',
  'P1008',
  'P1017',
  'P2024',
]);

export function handleError(error: FastifyError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  const problem = toApiError(error);
  if (problem.code === 'internal') request.log.error({ err: error, url: request.routeOptions.url }, 'a request failed');
  return send(reply, problem);
}

export function handleNotFound(_request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return send(reply, new ApiError('not-found', 'There is nothing at this address.'));
}

/** Past the serializer of the route, which knows its own answers only. */
const send = (reply: FastifyReply, { status, body }: ApiError): FastifyReply =>
  reply.code(status).type('application/json').send(JSON.stringify(body));

function toApiError(error: FastifyError): ApiError {
  if (error instanceof ApiError) return error;
  if (hasZodFastifySchemaValidationErrors(error)) {
    const problems = error.validation.map(({ instancePath, message }) => {
      const field = instancePath.replace(/^\//, '').replaceAll('/', '.');
      return {
        code: 'invalid',
        message: `${field === '' ? 'The request' : field}: ${message ?? 'is not valid'}`,
        ...(field === '' ? {} : { field }),
      };
    });
    return new ApiError('bad-request', 'The request does not have the expected form.', problems);
  }
  if (isDatabaseDown(error)) return new ApiError('unavailable', 'The database does not answer at the moment: try again shortly.');
  // Validation goes down into the body as deep as it is; nothing we expect is deep.
  if (error instanceof RangeError && error.message.includes('call stack'))
    return new ApiError('bad-request', 'The request is nested too deeply.');
  const known = error.statusCode === undefined ? undefined : BY_STATUS[error.statusCode];
  return known ? new ApiError(...known) : new ApiError('internal', 'Something went wrong on the server; its log says what.');
}

function isDatabaseDown(error: unknown): boolean {
  for (let cause: unknown = error, depth = 0; cause instanceof Error && depth < 4; cause = cause.cause, depth += 1) {
    if (
      DATABASE_DOWN.has(String((cause as NodeJS.ErrnoException).code)) ||
      /connection (terminated|timeout)|timeout exceeded when trying to connect/i.test(cause.message)
    ) {
      return true;
    }
  }
  return false;
}
