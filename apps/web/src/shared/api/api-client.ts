/** The server's API at the page's own address. Every HTTP call of the app goes through it: see `api.ts`. */
import { ApiFailure, createApiClient } from '@ensemble/api-client';

export { ApiFailure, failureOf, offline, read, sendBytes } from '@ensemble/api-client';

export const client = createApiClient({ headers: { accept: 'application/json' } });

/** A sentence for people about anything that was thrown. */
export const sentenceOf = (error: unknown): string =>
  error instanceof ApiFailure ? error.explanation : 'Something unexpected happened. Reload the page to go on.';
