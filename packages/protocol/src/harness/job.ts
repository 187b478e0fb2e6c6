/**
 * The conversation of runner daemon and harness, through one job folder:
 *
 *     job/job.json          HarnessJob, read-only
 *     job/project/cards/…   the project's card files, read-only
 *     job/artifacts/<ref>   upstream artifacts, read-only
 *     job/files/<name>      files named in the config, read-only
 *     job/out/              the only place to write: artifacts (flat), preview.json, result.json
 *
 * File descriptor 3 carries `HarnessEvent`s as JSON lines while the card runs.
 */
import { z } from 'zod';
import { StepError } from '../runner/messages.ts';

export const HarnessJob = z.object({
  v: z.literal(1),
  pipelineId: z.string(),
  nodeId: z.string(),
  /** Folder part of every reference this step makes. */
  refFolder: z.string().regex(/^[A-Za-z0-9_-]{1,64}$/),
  card: z.object({
    cardType: z.string(),
    /** Importable name, such as `cards.models.train`. */
    module: z.string(),
    className: z.string(),
    /** As shown in tracebacks: `cards/models/train.py`. */
    path: z.string(),
    outputs: z.record(z.string(), z.string()),
    outputViewType: z.string(),
  }),
  /** Defaults filled in, files as paths; the harness adds `_pipeline_id` and `_node_id`. Wire JSON. */
  config: z.record(z.string(), z.json()),
  /** Input port → reference. */
  inputs: z.record(z.string(), z.string()),
  seed: z.number().int(),
});
export type HarnessJob = z.infer<typeof HarnessJob>;

export const HarnessArtifact = z.object({
  key: z.string(),
  type: z.string(),
  declared: z.boolean(),
  /** `<refFolder>/<key>.<ext>` */
  ref: z.string(),
  /** Name inside `out/`. */
  file: z.string(),
});

/** `out/result.json`. Untrusted: the card may have written it. */
export const HarnessResult = z.object({
  v: z.literal(1),
  status: z.enum(['succeeded', 'failed']),
  artifacts: z.array(HarnessArtifact).max(1_000),
  /** `preview.json` was written. */
  preview: z.boolean(),
  previewError: z.string().max(4_000).optional(),
  error: StepError.optional(),
});
export type HarnessResult = z.infer<typeof HarnessResult>;

export const HarnessEvent = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('progress'), fraction: z.number().min(0).max(1), message: z.string().max(500) }),
  /** Null is a value that is no finite number. Without a step, points of one name are counted. */
  z.object({ kind: z.literal('metric'), name: z.string().max(200), value: z.number().nullable(), step: z.number().nullable() }),
  /** Points that came too fast to be sent, since the last time. */
  z.object({ kind: z.literal('dropped'), points: z.number().int().positive() }),
]);
export type HarnessEvent = z.infer<typeof HarnessEvent>;
