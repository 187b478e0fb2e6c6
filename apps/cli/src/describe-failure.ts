import type { ApiFailure } from '@ensemble/api-client';

/** What an answer that is no success says; for no answer at all, also what the connection said. */
export function describeFailure({ explanation, status, cause }: ApiFailure): string {
  const reason = status === 0 && cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  return explanation + reason;
}
