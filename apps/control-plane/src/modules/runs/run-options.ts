/** How a run was asked for, beside the version that it executes. Plain JSON; decides no result. */
import type { RunScope } from '@ensemble/protocol';

export interface RunOptions {
  /** Absent: the whole pipeline. */
  scope?: RunScope;
  /** Executed whatever the cache holds: all steps, or these nodes. */
  force?: true | readonly string[];
  /** The run that this one goes on with. */
  resumes?: { runId: string; number: number };
}

export const isForced = ({ force }: RunOptions, nodeId: string): boolean => force === true || (force?.includes(nodeId) ?? false);
