/** States of steps and runs: one enum for tables, wire, documents and screens. */
import { z } from 'zod';

export const STEP_STATES = ['pending', 'queued', 'running', 'succeeded', 'failed', 'cancelled', 'skipped'] as const;
export const RUN_STATES = ['queued', 'running', 'succeeded', 'failed', 'cancelled'] as const;

export const StepState = z.enum(STEP_STATES);
export type StepState = z.infer<typeof StepState>;
export const RunState = z.enum(RUN_STATES);
export type RunState = z.infer<typeof RunState>;

export const isFinalStepState = (state: StepState): boolean =>
  state === 'succeeded' || state === 'failed' || state === 'cancelled' || state === 'skipped';
export const isFinalRunState = (state: RunState): boolean => state === 'succeeded' || state === 'failed' || state === 'cancelled';

/** How a sandbox is confined; `trusted` is the explicit single-user mode without a sandbox. */
export const IsolationLevel = z.enum(['L0', 'L1', 'L2', 'L3']);
export type IsolationLevel = z.infer<typeof IsolationLevel>;

/** SHA-256 in lower-case hex. */
export const Sha256 = z.string().regex(/^[0-9a-f]{64}$/);
