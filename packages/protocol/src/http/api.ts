/** The HTTP API: one schema gives validation, types and (later) OpenAPI. */
import { z } from 'zod';
import { IsolationLevel, RunState, Sha256, StepState } from '../step-state.ts';
import { OutputArtifact, StepError, WarmLevel } from '../runner/messages.ts';

export const ProjectRole = z.enum(['owner', 'editor', 'viewer']);
export type ProjectRole = z.infer<typeof ProjectRole>;

/**
 * Who can mend what an error tells of: whoever sent the request, an owner of the project (roles, invitations), whoever
 * administers the installation, or nobody but time.
 */
export const Mender = z.enum(['you', 'the owner of the project', 'the administrator', 'nobody: try again']);
export type Mender = z.infer<typeof Mender>;

/** Every error answer has this body. `code` is stable; `message` is one sentence for people. */
export const ApiErrorBody = z.object({
  code: z.string(),
  message: z.string(),
  mender: Mender,
  /** Problems found before a run, or fields that did not parse. */
  problems: z
    .array(
      z.object({
        code: z.string(),
        message: z.string(),
        nodeId: z.string().optional(),
        field: z.string().optional(),
        port: z.string().optional(),
      }),
    )
    .optional(),
});
export type ApiErrorBody = z.infer<typeof ApiErrorBody>;

export const SessionInfo = z.object({
  user: z.object({ id: z.string(), name: z.string(), isOwner: z.boolean() }).nullable(),
  instance: z.object({ version: z.string(), database: z.enum(['pglite', 'postgres']), isolation: IsolationLevel.nullable() }),
});
export type SessionInfo = z.infer<typeof SessionInfo>;

/** A one-time link that lets its opener in as the owner of the installation. */
export const OwnerLink = z.object({ url: z.string() });

/** GET /api/join/:token tells what a link is for; POST redeems it and sets the session cookie. */
export const JoinInfo = z.object({
  kind: z.enum(['owner', 'invitation']),
  projectName: z.string().optional(),
  role: ProjectRole.optional(),
  /** True when the person has to say a name. */
  needsName: z.boolean(),
});
export type JoinInfo = z.infer<typeof JoinInfo>;

/** A name that people read: no control characters, and text that every database can keep. */
const readableName = (maxLength: number) =>
  z
    .string()
    .trim()
    .min(1)
    .max(maxLength)
    .refine((text) => text.isWellFormed() && !/\p{Cc}/u.test(text), 'holds control characters or broken text');

export const JoinBody = z.object({ name: readableName(80).optional() });
export const JoinResult = z.object({ userId: z.string(), projectId: z.string().nullable() });
export type JoinResult = z.infer<typeof JoinResult>;

export const Project = z.object({ id: z.string(), name: z.string(), role: ProjectRole, createdAt: z.number() });
export type Project = z.infer<typeof Project>;
export const NameBody = z.object({ name: readableName(120) });
export const Member = z.object({ userId: z.string(), name: z.string(), role: ProjectRole });
export type Member = z.infer<typeof Member>;
export const InviteBody = z.object({ role: z.enum(['editor', 'viewer']) });
export const Invitation = z.object({ url: z.string(), role: ProjectRole, expiresAt: z.number() });
export type Invitation = z.infer<typeof Invitation>;

export const Pipeline = z.object({ id: z.string(), projectId: z.string(), name: z.string(), createdAt: z.number() });
export type Pipeline = z.infer<typeof Pipeline>;

/** A card file: a built-in one, or one as a run had it. */
export const CardSource = z.object({ path: z.string(), source: z.string() });
export type CardSource = z.infer<typeof CardSource>;

/** A card file whose code holds the text that was searched for. `line` counts from 1 and is the first one. */
export const CodeHit = z.object({ cardId: z.string(), line: z.int().positive(), text: z.string() });
export type CodeHit = z.infer<typeof CodeHit>;

/** A project folder as the CLI sends it: TensorRag's `_pipeline.json` and the card files. */
export const ImportBody = z.object({
  name: readableName(120),
  pipeline: z.json(),
  cards: z.array(z.object({ path: z.string().max(400), source: z.string().max(1_000_000) })).max(1_000),
});
export type ImportBody = z.infer<typeof ImportBody>;
export const ImportResult = z.object({
  projectId: z.string(),
  pipelineId: z.string(),
  /** What was mapped, guessed and not understood; one sentence each. */
  notes: z.array(z.string()),
});
export type ImportResult = z.infer<typeof ImportResult>;

/** A stored project file; put `{"$file": sha256, name}` into a config field to use it. */
export const ProjectFile = z.object({ sha256: Sha256, name: z.string(), bytes: z.number().int() });
export type ProjectFile = z.infer<typeof ProjectFile>;

/**
 * A part of a pipeline to run. to: these nodes and everything upstream. from: these and everything downstream, executed whatever
 * the cache holds, on what is upstream of them as it was last made. only: these alone, on what their inputs were made last.
 */
export const RunScope = z.object({
  kind: z.enum(['to', 'from', 'only']),
  nodeIds: z.array(z.string().min(1).max(200)).min(1).max(500),
});
export type RunScope = z.infer<typeof RunScope>;

/** Overrides of config fields for one run; the pipeline itself stays as it is. */
export const StartRunBody = z.object({
  /** Absent: the whole pipeline. */
  scope: RunScope.optional(),
  /** Execute every step, whatever the cache holds. Pinned results stay. */
  force: z.boolean().default(false),
  overrides: z
    .array(z.object({ nodeId: z.string(), field: z.string(), value: z.json() }))
    .max(1_000)
    .default([]),
});
export type StartRunBody = z.infer<typeof StartRunBody>;

export const RunSummary = z.object({
  id: z.string(),
  number: z.number().int(),
  projectId: z.string(),
  pipelineId: z.string(),
  state: RunState,
  starter: z.object({ userId: z.string(), name: z.string() }),
  isolation: IsolationLevel.nullable(),
  createdAt: z.number(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /** Null: the whole pipeline. */
  scope: RunScope.nullable(),
  /** The run that this one goes on with. */
  resumes: z.object({ runId: z.string(), number: z.number().int() }).nullable(),
});
export type RunSummary = z.infer<typeof RunSummary>;

export const StepDetail = z.object({
  nodeId: z.string(),
  title: z.string(),
  cardType: z.string(),
  state: StepState,
  attempt: z.number().int(),
  /** It was not executed: its result was there before. */
  cached: z.boolean(),
  /** The run that a cached result was pinned from. */
  pinnedFrom: z.object({ runId: z.string(), number: z.number().int() }).nullable(),
  /** The run that made a result which was taken without a pin: from the cache, or because only a part of the pipeline was run. */
  takenFrom: z.object({ runId: z.string(), number: z.number().int() }).nullable(),
  /** Why it was executed, or was not: one sentence; null while that is not decided. */
  why: z.string().nullable(),
  /** Hash of everything that decided the result, upstream included: equal ones mean that nothing relevant changed. */
  lineage: z.string(),
  reason: z.string().nullable(),
  error: StepError.nullable(),
  outputs: z.array(OutputArtifact),
  outputViewType: z.string(),
  /** Wire JSON, see `wire-json.ts`; null when there is none. */
  preview: z.json().nullable(),
  previewError: z.string().nullable(),
  logBytes: z.number().int(),
  /** card: a sandbox was ready for it. container: one was started for it. Null: nothing was executed, or it is not known. */
  warm: WarmLevel.nullable(),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  durationMs: z.number().nullable(),
});
export type StepDetail = z.infer<typeof StepDetail>;

/** What a run would do, as far as that is known before it starts. */
export const RunForecast = z.object({
  /** What keeps it from running; then there are no steps. */
  problems: ApiErrorBody.shape.problems.unwrap(),
  /** One sentence for people; empty when it cannot run. */
  sentence: z.string(),
  /** In the order in which they can run. */
  steps: z.array(
    z.object({
      nodeId: z.string(),
      title: z.string(),
      /** taken: its result is there. runs: it is executed. open: known only once steps before it have run. */
      outcome: z.enum(['taken', 'runs', 'open']),
      why: z.string(),
      /** How long its last execution took. */
      lastDurationMs: z.number().nullable(),
    }),
  ),
});
export type RunForecast = z.infer<typeof RunForecast>;

export const RunDetail = RunSummary.extend({ steps: z.array(StepDetail.omit({ preview: true })) });
export type RunDetail = z.infer<typeof RunDetail>;

export const StepAttempt = z.object({
  number: z.number().int(),
  state: z.enum(['assigned', 'running', 'succeeded', 'failed', 'cancelled', 'lost']),
  startedAt: z.number().nullable(),
  finishedAt: z.number().nullable(),
  /** How much it printed, what was not kept included. */
  logBytes: z.number().int(),
  metricPoints: z.number().int(),
});
export type StepAttempt = z.infer<typeof StepAttempt>;

/** A range of a step's log as text. Ask again from `nextOffset`; `complete` says that no more will come. */
export const LogRange = z.object({
  text: z.string(),
  nextOffset: z.number().int(),
  size: z.number().int(),
  truncated: z.boolean(),
  complete: z.boolean(),
});
export type LogRange = z.infer<typeof LogRange>;
