/**
 * How control plane and runners agree on the Python environment of a set of requirements.
 * The first lock that the control plane has written down for a set is the set's lock for ever, whoever made it.
 */
import { z } from 'zod';
import { Sha256 } from '../step-state.ts';

/** Canonical requirements, sorted; see `canonicalRequirements` of `@ensemble/cards`. Read again by the runner. */
const Requirements = z.array(z.string().max(200)).min(1).max(50);

/**
 * The text whose SHA-256 names a set of requirements. `base` is what every environment contains: `requirements.in` and
 * `requirements.lock` of the SDK, one after the other. Another base is another set, resolved anew.
 */
export const environmentSetText = (requirements: readonly string[], base: string): string =>
  JSON.stringify({ format: 1, requirements, base });

/** Control plane to one of its runners: make this environment now, so that it is there when a run needs it. Answered `{}` at once. */
export const PrepareEnvironment = z.object({ v: z.literal(1), setId: Sha256, requirements: Requirements });
export type PrepareEnvironment = z.infer<typeof PrepareEnvironment>;

/** Runner to control plane: which lock does this set have? With `offer`: take mine, unless there is one. */
export const EnvironmentLockRequest = z.object({
  v: z.literal(1),
  setId: Sha256,
  requirements: Requirements,
  /** Hash of a lock in the artifact store. */
  offer: Sha256.optional(),
});
export type EnvironmentLockRequest = z.infer<typeof EnvironmentLockRequest>;
/** Without `lockHash` nobody has resolved the set yet. */
export const EnvironmentLockReply = z.object({ lockHash: Sha256.optional() });
export type EnvironmentLockReply = z.infer<typeof EnvironmentLockReply>;

/** Why there is no environment. */
export const EnvironmentFault = z.object({
  /** One sentence that names package and reason. */
  message: z.string().max(1_000),
  /** What the installer said. */
  details: z.string().max(20_000).optional(),
  /** An index that does not answer, a full disk: worth another try. */
  temporary: z.boolean(),
});
export type EnvironmentFault = z.infer<typeof EnvironmentFault>;

export const ENVIRONMENT_STATES = ['requested', 'resolving', 'building', 'ready', 'failed'] as const;
export const EnvironmentState = z.enum(ENVIRONMENT_STATES);
export type EnvironmentState = z.infer<typeof EnvironmentState>;

/** Core NATS, at most once, and at least every `ENVIRONMENT_NEWS_MS` while a runner is at it. What got lost is asked for again. */
export const EnvironmentNews = z.object({
  v: z.literal(1),
  runnerId: z.string(),
  setId: Sha256,
  requirements: Requirements,
  state: z.enum(['resolving', 'building', 'ready', 'failed']),
  /** What is being done, for people. */
  message: z.string().max(500),
  /** In [0, 1], where it is known. */
  fraction: z.number().min(0).max(1).optional(),
  lockHash: Sha256.optional(),
  /** Of the whole environment. */
  packages: z.number().int().nonnegative().optional(),
  /** On disk, of what it does not share with the packages that every card has. */
  bytes: z.number().int().nonnegative().optional(),
  fault: EnvironmentFault.optional(),
});
export type EnvironmentNews = z.infer<typeof EnvironmentNews>;

export const ENVIRONMENT_NEWS_MS = 2_000;

/** What people see of an environment; also one entry of `project:<id>` → map `environments`, keyed by set id. */
export const ProjectEnvironment = z.object({
  setId: Sha256,
  requirements: z.array(z.string()),
  state: EnvironmentState,
  /** What is being done, or why there is none: one sentence. */
  message: z.string(),
  fraction: z.number().optional(),
  packages: z.number().int().optional(),
  /** Of what it does not share with the packages that every card has. */
  bytes: z.number().optional(),
  /** Of one that failed: it is tried again by itself. */
  temporary: z.boolean().optional(),
  /** Of one that failed: what the installer said. */
  details: z.string().optional(),
});
export type ProjectEnvironmentEntry = z.infer<typeof ProjectEnvironment>;
