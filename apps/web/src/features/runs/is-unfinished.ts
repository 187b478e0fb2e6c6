import type { RunState } from '@ensemble/protocol';

/** The run is over and left something undone, so that it can be resumed. */
export const isUnfinished = (state: RunState | undefined): boolean => state === 'failed' || state === 'cancelled';
