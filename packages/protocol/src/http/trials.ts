/** Trials: running one card by itself, with its present source, on what earlier runs left. */
import { z } from 'zod';
import { RunSummary } from './api.ts';

const nodeId = z
  .string()
  .min(1)
  .max(200)
  .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'holds control characters or broken text');

/** A node of a pipeline. */
export const TrialPlace = z.object({ pipelineId: z.string().max(64), nodeId });
export type TrialPlace = z.infer<typeof TrialPlace>;

/** A stored output of a step. */
export const TrialInput = z.object({ runId: z.string().max(64), nodeId, key: z.string().max(400) });
export type TrialInput = z.infer<typeof TrialInput>;

/** Whatever is left out is chosen as `TrialSetup` says. */
export const StartTrialBody = z.object({
  /** The node the card is looked at from. */
  place: TrialPlace.optional(),
  /** What the step is called; the same node draws the same random numbers. A place has one already. */
  nodeId: nodeId.optional(),
  /** Input port → what it gets. */
  inputs: z.record(z.string().max(400), TrialInput).default({}),
  /** As people set it; defaults are filled in. */
  config: z.record(z.string().max(400), z.json()).optional(),
});
export type StartTrialBody = z.infer<typeof StartTrialBody>;

/** `number` counts the trials of the card. */
export const TrialSummary = RunSummary.extend({
  cardId: z.string(),
  /** The step that is the card; all others stand for its inputs. */
  nodeId: z.string(),
});
export type TrialSummary = z.infer<typeof TrialSummary>;

/** An output that could be an input, with what people call it. */
export const TrialChoice = TrialInput.extend({
  runNumber: z.number().int(),
  /** Of the pipeline that ran; null: a trial left it. */
  pipelineName: z.string().nullable(),
  title: z.string(),
  type: z.string(),
  bytes: z.number().int(),
  createdAt: z.number(),
});
export type TrialChoice = z.infer<typeof TrialChoice>;

/** What a trial of the card would run on, if nothing else is said. */
export const TrialSetup = z.object({
  inputs: z.array(
    z.object({
      name: z.string(),
      type: z.string(),
      /** Null: nothing that fits has been made yet. */
      chosen: TrialChoice.nullable(),
      /** Newest first. */
      choices: z.array(TrialChoice),
    }),
  ),
  /** The node it stands for. */
  nodeId: z.string(),
  config: z.record(z.string(), z.json()),
  /** Where the config is from. */
  configFrom: z.enum(['node', 'run', 'trial', 'defaults']),
  /** What people call the node or run it is from; empty for defaults. */
  configTitle: z.string(),
});
export type TrialSetup = z.infer<typeof TrialSetup>;
