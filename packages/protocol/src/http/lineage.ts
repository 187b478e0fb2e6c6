/** Where a result comes from and what used it. Only what the project itself did is ever told. */
import { z } from 'zod';
import { Sha256, StepState } from '../step-state.ts';

/** A step, named so that people recognise it. */
export const LineageStep = z.object({
  runId: z.string(),
  runNumber: z.number().int(),
  pipelineId: z.string(),
  nodeId: z.string(),
  title: z.string(),
  cardType: z.string(),
  state: StepState,
  /** It was not executed there: its result was made before. */
  cached: z.boolean(),
  starter: z.string(),
  finishedAt: z.number().nullable(),
});
export type LineageStep = z.infer<typeof LineageStep>;

const Bytes = z.object({ key: z.string(), type: z.string(), sha256: Sha256, bytes: z.number().int() });

export const StepLineage = z.object({
  step: LineageStep,
  /** Where it was executed, when that was elsewhere; null: here, or nobody knows any more. */
  madeIn: LineageStep.nullable(),
  /** The source that was executed. */
  card: z.object({ path: z.string(), sourceHash: Sha256 }).nullable(),
  /** Defaults filled in. */
  config: z.record(z.string(), z.json()),
  /** Files of the project that the config names. */
  files: z.array(z.object({ field: z.string(), name: z.string(), sha256: Sha256 })),
  inputs: z.array(z.object({ port: z.string(), from: LineageStep, artifact: Bytes.nullable() })),
  outputs: z.array(Bytes.extend({ uses: z.array(z.object({ port: z.string(), by: LineageStep })), moreUses: z.boolean() })),
});
export type StepLineage = z.infer<typeof StepLineage>;

/** Steps of a project that have an artifact among their outputs: those that made it, and those that only handed it on. */
export const ArtifactLineage = z.object({ made: z.array(LineageStep), reused: z.array(LineageStep), more: z.boolean() });
export type ArtifactLineage = z.infer<typeof ArtifactLineage>;
