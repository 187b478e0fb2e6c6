import type { ApiFailure } from '@ensemble/api-client';

/** What an answer that is no success says, and who can mend it where that is not whoever reads it. */
export function describeFailure({ message, status, mender, cause }: ApiFailure): string {
  const reason = status === 0 && cause instanceof Error && cause.cause instanceof Error ? ` (${cause.cause.message})` : '';
  const other = mender === 'the owner of the project' || mender === 'the administrator';
  return `${message}${reason}${other ? ` Who can mend it: ${mender}.` : ''}`;
}
