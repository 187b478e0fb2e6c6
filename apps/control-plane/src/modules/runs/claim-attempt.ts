/** A runner asks whether it may execute an attempt. Ignores who delivered the question. */
import type { ClaimReply, ClaimRequest } from '@ensemble/protocol';
import type { Sql } from '../../platform/database/database.ts';
import type { ActiveRuns } from './active-runs.ts';
import { findAttempt } from './run-repository.ts';

/**
 * RUN-6: yes to the one runner whose claim is in the database, however often it asks; no to everybody else.
 * Rejects when the claim could not be committed; the runner asks again.
 */
export async function claimAttempt(runs: ActiveRuns, sql: Sql, request: ClaimRequest): Promise<ClaimReply> {
  const { attemptId, runnerId, ackSubject, isolation } = request;
  const place = runs.placeOf(attemptId) ?? (await findAttempt(sql, attemptId));
  if (!place) return { go: false, reason: 'There is no such attempt.' };
  const { runId, nodeId } = place;
  const run = await runs.apply(runId, { kind: 'attemptClaimed', nodeId, attemptId, runnerId, ackSubject, isolation });
  const phase = run?.steps.get(nodeId)?.phase;
  if (phase?.state !== 'running' || phase.attemptId !== attemptId) return { go: false, reason: 'The attempt is over.' };
  if (phase.runnerId !== runnerId) return { go: false, reason: 'Another runner executes this attempt.' };
  if (!phase.cancelRequested) return { go: true };
  // Whoever asks has not begun, and now never will.
  await runs.apply(runId, { kind: 'attemptLost', nodeId, attemptId, reason: 'It was cancelled before it began.' });
  return { go: false, reason: 'The attempt was cancelled.' };
}
