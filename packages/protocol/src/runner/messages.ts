/**
 * The conversation of control plane and runner. Ids and hashes only: sources, configs and bytes
 * are in the artifact store. Every message is parsed at the door it comes in by.
 */
import { z } from 'zod';
import { IsolationLevel, Sha256 } from '../step-state.ts';

export const RUNNER_PROTOCOL_VERSION = 1;

/** How far a step shared what was started before it; see the design's warm levels. */
export const WarmLevel = z.enum(['card', 'container']);
export type WarmLevel = z.infer<typeof WarmLevel>;

/** What a step needs of a runner, as far as its card or node says so. */
export const Need = z.object({
  pool: z.string(),
  /** Cores; without it, and without `memoryBytes`, a slot's share. */
  cpus: z.number().positive().optional(),
  memoryBytes: z.number().int().positive().optional(),
  /** Whole GPUs. */
  gpus: z.number().int().nonnegative(),
});
export type Need = z.infer<typeof Need>;

/** An attempt handed to a runner, on the ASSIGNMENTS work queue. */
export const Assignment = z.object({
  v: z.literal(1),
  attemptId: z.string(),
  runId: z.string(),
  projectId: z.string(),
  /** Id of who started the run. Warm sandboxes are shared within one project and starter only; without it the step gets a fresh one. */
  starter: z.string().optional(),
  nodeId: z.string(),
  attempt: z.number().int().positive(),
  need: Need,
  /** Hash of the `StepSpec` in the artifact store. */
  specHash: Sha256,
});
export type Assignment = z.infer<typeof Assignment>;

/** One stored output of a step. `ref` is what cards see: `<node folder>/<key>.<ext>`. */
export const OutputArtifact = z.object({
  key: z.string(),
  /** Port type for declared outputs, else the kind of save: dataframe, model, json, bytes. */
  type: z.string(),
  /** True when `key` is a declared output of the card, false for a side artifact. */
  declared: z.boolean(),
  ref: z.string(),
  sha256: Sha256,
  bytes: z.number().int().nonnegative(),
});
export type OutputArtifact = z.infer<typeof OutputArtifact>;

/** Everything a runner needs to execute one step; content-addressed. */
export const StepSpec = z.object({
  v: z.literal(1),
  pipelineId: z.string(),
  nodeId: z.string(),
  card: z.object({
    cardType: z.string(),
    /** Path inside the project, such as `cards/models/train.py`, or inside the built-in cards: `cards/std/split.py`. */
    path: z.string(),
    className: z.string(),
    outputs: z.array(z.object({ name: z.string(), type: z.string() })),
    outputViewType: z.string(),
  }),
  /** Every card file of the project version, so that one card may import or unpickle another's classes. Hash of the source bytes. */
  files: z.array(z.object({ path: z.string(), sha256: Sha256 })),
  /** Defaults filled in. A project file is `{"$file": sha256, "name": "…"}` and reaches the card as a path. */
  config: z.record(z.string(), z.json()),
  /** Input port → reference. */
  inputs: z.record(z.string(), z.string()),
  /** All artifacts of all upstream steps: any of them may be loaded by reference. */
  artifacts: z.array(z.object({ ref: z.string(), sha256: Sha256 })),
  /** Canonical and not empty: the packages its Python needs besides those every card has. Absent: none. */
  requirements: z.array(z.string()).min(1).optional(),
  timeoutSeconds: z.number().positive(),
  memoryBytes: z.number().int().positive(),
  seed: z.number().int(),
});
export type StepSpec = z.infer<typeof StepSpec>;

/** Sent by a runner before it executes; answered `go: false` when the attempt was cancelled, fenced or finished. */
export const ClaimRequest = z.object({
  v: z.literal(1),
  attemptId: z.string(),
  runnerId: z.string(),
  /** Reply subject of the held message, so that the control plane can end its delivery for a dead runner. */
  ackSubject: z.string(),
  isolation: IsolationLevel,
});
export type ClaimRequest = z.infer<typeof ClaimRequest>;
export const ClaimReply = z.object({ go: z.boolean(), reason: z.string().optional() });
export type ClaimReply = z.infer<typeof ClaimReply>;

export const StepError = z.object({
  /**
   * card: the card raised. contract: it broke the card contract. timeout, memory: a limit. environment: its requirements cannot
   * be had, not retried. infrastructure: not the card's fault, retried.
   */
  kind: z.enum(['card', 'contract', 'timeout', 'memory', 'environment', 'infrastructure']),
  /** One sentence. */
  message: z.string(),
  /** Python exception class. */
  type: z.string().optional(),
  /** Card file and 1-based line that raised. */
  file: z.string().optional(),
  line: z.number().int().positive().optional(),
  traceback: z.string().optional(),
});
export type StepError = z.infer<typeof StepError>;

/** Bytes of a log from `start` up to, not including, `end` that were not kept, with the lines that ended in them where that is known. */
export const LogGap = z.object({
  start: z.number().int().nonnegative(),
  end: z.number().int().nonnegative(),
  lines: z.number().int().nonnegative().optional(),
});
export type LogGap = z.infer<typeof LogGap>;

/**
 * Where one attempt's log is, once it ended. `bytes` counts what was kept: beginning and end, one after the other, and `gap` says
 * what is missing between them. Positions in a log are always those of all that was printed. A `truncated` log without a `gap`
 * lacks its end, or says itself what was left out.
 */
export const LogArtifact = z.object({
  sha256: Sha256,
  bytes: z.number().int().nonnegative(),
  truncated: z.boolean(),
  gap: LogGap.optional(),
});
export type LogArtifact = z.infer<typeof LogArtifact>;

/** What `log_metric` was told in one attempt: see `metric-columns.ts`. */
export const MetricArtifact = z.object({
  sha256: Sha256,
  bytes: z.number().int().nonnegative(),
  points: z.number().int().nonnegative(),
});
export type MetricArtifact = z.infer<typeof MetricArtifact>;

/** The end of an attempt, on the RESULTS stream. `Nats-Msg-Id` is `<attemptId>.result`. */
export const AttemptResult = z.object({
  v: z.literal(1),
  attemptId: z.string(),
  runId: z.string(),
  nodeId: z.string(),
  runnerId: z.string(),
  outcome: z.enum(['succeeded', 'failed', 'cancelled']),
  outputs: z.array(OutputArtifact),
  /** The preview (wire JSON, see `wire-json.ts`) as an artifact. */
  preview: z.object({ sha256: Sha256, bytes: z.number().int() }).optional(),
  /** The preview failed; the step did not. */
  previewError: z.string().optional(),
  error: StepError.optional(),
  log: LogArtifact.optional(),
  metrics: MetricArtifact.optional(),
  isolation: IsolationLevel,
  /** card: a child of a warm sandbox's zygote ran the card. container: a sandbox started for it. Absent when nothing was executed. */
  warm: WarmLevel.optional(),
  /** Files that it may have made are in the scratch folder of its run. */
  leftScratch: z.boolean().optional(),
  durationMs: z.number().nonnegative(),
});
export type AttemptResult = z.infer<typeof AttemptResult>;

/** Core NATS, at most once, for screens only: nothing is decided from it. */
export const StepNews = z.object({
  kind: z.literal('progress'),
  attemptId: z.string(),
  runId: z.string(),
  nodeId: z.string(),
  fraction: z.number().min(0).max(1),
  message: z.string().max(500),
});
export type StepNews = z.infer<typeof StepNews>;

/** Once a second. A runner that is silent for `RUNNER_LOST_AFTER_MS` is lost. */
export const RunnerHeartbeat = z.object({
  v: z.literal(1),
  runnerId: z.string(),
  name: z.string(),
  version: z.string(),
  startedAt: z.number(),
  pools: z.array(z.string()),
  engines: z.array(z.object({ engine: z.string(), isolation: IsolationLevel })),
  /** What it can give at once. */
  slots: z.number().int().positive(),
  cpus: z.number().positive(),
  memoryBytes: z.number().int().positive(),
  gpus: z.number().int().nonnegative(),
  /** What the machine is doing, whoever does it: processors in [0, 1], memory in bytes. */
  load: z.object({ cpu: z.number().min(0).max(1), memoryBytes: z.number().int().nonnegative() }),
  /** Attempts it executes right now, and those whose results it still sends. */
  held: z.array(z.string()),
  draining: z.boolean(),
});
export type RunnerHeartbeat = z.infer<typeof RunnerHeartbeat>;

/** Core NATS, at most once: this person will soon run cards of this project. A runner may have a sandbox ready for them, or not. */
export const WarmRequest = z.object({
  v: z.literal(1),
  projectId: z.string(),
  starter: z.string(),
  /** As in `StepSpec`: of cards that need an environment beside the base. */
  requirements: z.array(z.string()).min(1).optional(),
});
export type WarmRequest = z.infer<typeof WarmRequest>;

/**
 * Asks the runner that executes the attempt to kill it. Answered once the process is gone. `handBack`: nobody asked for its end,
 * the runner is being emptied, and the attempt is tried again elsewhere.
 */
export const CancelRequest = z.object({ v: z.literal(1), attemptId: z.string(), handBack: z.boolean().optional() });
export type CancelRequest = z.infer<typeof CancelRequest>;

/**
 * A range of a running attempt's log, in bytes. The reply is raw bytes; header `Log-Size` tells how long the log is so far, and
 * `Log-Offset` where the bytes begin: later than asked for where those before were not kept.
 */
export const LogRequest = z.object({
  v: z.literal(1),
  attemptId: z.string(),
  offset: z.number().int().nonnegative(),
  maxBytes: z
    .number()
    .int()
    .positive()
    .max(512 * 1024),
});
export type LogRequest = z.infer<typeof LogRequest>;

/** A running attempt's metrics, thinned to about so many points for each series. The reply is a `MetricView`. */
export const MetricRequest = z.object({ v: z.literal(1), attemptId: z.string(), points: z.number().int().min(2).max(10_000) });
export type MetricRequest = z.infer<typeof MetricRequest>;

/**
 * Somebody looks at the attempt: for `WATCH_LEASE_MS` its runner publishes what is new to `busNames.liveLog` and `liveMetrics`, at
 * most every `LIVE_FRAME_MS`. With neither flag it stops at once. Never answered.
 */
export const WatchRequest = z.object({ v: z.literal(1), attemptId: z.string(), log: z.boolean(), metrics: z.boolean() });
export type WatchRequest = z.infer<typeof WatchRequest>;

export const WATCH_LEASE_MS = 15_000;
export const LIVE_FRAME_MS = 75;
/** Of what was printed since the last frame only the end is sent. What is between is a gap that ranges fill. */
export const LIVE_FRAME_BYTES = 64 * 1024;
export const MAX_LOG_RANGE_BYTES = 512 * 1024;

/** New points in the order they came. `from` counts those before. Of a storm only the number is told. */
export const LiveMetrics = z.object({
  from: z.number().int().nonnegative(),
  total: z.number().int().nonnegative(),
  points: z.array(z.tuple([z.string(), z.number(), z.number().nullable()])).max(2_000),
});
export type LiveMetrics = z.infer<typeof LiveMetrics>;

export const HEARTBEAT_MS = 1_000;
export const RUNNER_LOST_AFTER_MS = 3_500;
/** JetStream redelivers an assignment that was not worked on for this long. */
export const ASSIGNMENT_ACK_WAIT_MS = 10_000;
