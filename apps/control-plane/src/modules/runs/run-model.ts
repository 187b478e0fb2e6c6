/**
 * What one run is while it is decided: the plan, fixed when it started, and where each step stands.
 * Ignores cards, configs, bytes and every table.
 */
import { feedsPinnedOnly } from '@ensemble/pipeline';
import type { IsolationLevel, LogArtifact, Need, OutputArtifact, RunState, StepError, WarmLevel } from '@ensemble/protocol';

/** One step of the plan. */
export interface StepPlan {
  readonly nodeId: string;
  readonly title: string;
  /** Nodes whose outputs this step takes, each once. */
  readonly upstream: readonly string[];
  readonly need: Need;
  /** Names of the outputs that the card promises. */
  readonly outputs: readonly string[];
  /** How often the card's own failure is tried again. */
  readonly cardRetries: number;
  /** It is not executed: this is its result. */
  readonly pinned?: PinnedResult;
  /** RUN-23: it is looked for in the cache when its inputs are there, and executed only if it is not found. */
  readonly lookUp?: boolean;
  /** Why it is pinned, or executed without looking; for people. */
  readonly why?: string;
}

/** What an earlier run made of a node, whole: the run itself is not asked again. */
export interface PinnedResult {
  readonly runId: string;
  /** Number of that run, for people. */
  readonly runNumber: number;
  /** Its node in that run, where it goes by another name in this one. */
  readonly nodeId?: string;
  readonly outputs: readonly OutputArtifact[];
  readonly preview: AttemptOutcome['preview'];
  readonly previewError: string | null;
  readonly log: LogArtifact | null;
  /** How the card meant its preview to be shown. */
  readonly outputViewType: string;
  /** Artifacts of all steps that were upstream of it; empty where no executed step takes the result. */
  readonly upstream: readonly { readonly ref: string; readonly sha256: string }[];
  /** What decided it: see `pinnedLineages`. */
  readonly lineage: string;
  /** What lies behind it, and all code of its run, as parts of a cache key: see `CacheKeys`. */
  readonly behind?: string;
  readonly code?: string;
  /** Nobody pinned it: the run was asked to take what there is. */
  readonly kept?: true;
}

/** A result that was there before, and the run that made it. */
export interface TakenResult extends Pick<PinnedResult, 'outputs' | 'preview' | 'previewError' | 'log'> {
  readonly from: { readonly runId: string; readonly number: number };
}

export interface RunPlan {
  readonly steps: ReadonlyMap<string, StepPlan>;
  readonly downstream: ReadonlyMap<string, readonly string[]>;
}

/** What an attempt left behind, whichever way it ended. */
export interface AttemptOutcome {
  readonly outputs: readonly OutputArtifact[];
  readonly preview: { readonly sha256: string; readonly bytes: number } | null;
  readonly previewError: string | null;
  readonly log: LogArtifact | null;
  readonly error: StepError | null;
  /** How warm it started; null where nothing was executed. */
  readonly warm: WarmLevel | null;
  /** Files that it may have made are in the scratch folder of its run. */
  readonly leftScratch: boolean;
}

/** Each state carries its own fields only. */
export type StepPhase =
  | { readonly state: 'pending' }
  /** Assigned: a message is, or is about to be, on the work queue. */
  | { readonly state: 'queued'; readonly waitsFor: 'runner'; readonly attemptId: string; readonly queuedAt: number }
  /** RUN-25: a step of another run makes its result at this moment. */
  | { readonly state: 'queued'; readonly waitsFor: 'twin'; readonly reason: string }
  | { readonly state: 'queued'; readonly waitsFor: 'retry'; readonly retryAt: number; readonly reason: string }
  | {
      readonly state: 'running';
      readonly attemptId: string;
      readonly runnerId: string;
      readonly ackSubject: string;
      readonly isolation: IsolationLevel;
      readonly startedAt: number;
      readonly cancelRequested: boolean;
    }
  | {
      readonly state: 'succeeded';
      readonly startedAt: number;
      readonly finishedAt: number;
      readonly outcome: AttemptOutcome;
      /** It was not executed: the outcome was there before. */
      readonly cached: boolean;
      /** The run that made it, where the plan does not say it: it was found in the cache. */
      readonly takenFrom: TakenResult['from'] | null;
    }
  | { readonly state: 'failed'; readonly startedAt: number | null; readonly finishedAt: number; readonly outcome: AttemptOutcome }
  | { readonly state: 'cancelled'; readonly startedAt: number | null; readonly finishedAt: number; readonly outcome: AttemptOutcome }
  | { readonly state: 'skipped'; readonly finishedAt: number; readonly reason: string };

export interface Step {
  readonly nodeId: string;
  /** Number of the latest attempt; 0 before the first. */
  readonly attempt: number;
  /** Attempts that ended without fault of the card. */
  readonly losses: number;
  /** Attempts that the card itself failed. */
  readonly cardFailures: number;
  /** Why it is executed, or is not; null while that is not decided. */
  readonly why: string | null;
  readonly phase: StepPhase;
}

export interface Run {
  readonly runId: string;
  readonly projectId: string;
  readonly plan: RunPlan;
  readonly state: RunState;
  readonly cancelRequested: boolean;
  /** The weakest confinement that any attempt ran under. */
  readonly isolation: IsolationLevel | null;
  readonly startedAt: number | null;
  readonly finishedAt: number | null;
  readonly steps: ReadonlyMap<string, Step>;
  /** How many steps are in no final state. */
  readonly unfinished: number;
}

export const NO_OUTCOME: AttemptOutcome = {
  outputs: [],
  preview: null,
  previewError: null,
  log: null,
  error: null,
  warm: null,
  leftScratch: false,
};

/**
 * Orders steps into a plan. `upstream` may name a node several times; it must name known nodes only.
 * RUN-16, RUN-17: pinned steps wait for nothing, and what only they would take is left out.
 */
export function planOf(all: readonly StepPlan[]): RunPlan {
  const pinned = new Set(all.filter((step) => step.pinned).map((step) => step.nodeId));
  const arrows = all.flatMap(({ nodeId, upstream }) => upstream.map((source) => ({ source, target: nodeId })));
  const idle = feedsPinnedOnly(arrows, pinned);
  const steps = all.filter((step) => !idle.has(step.nodeId));
  const byId = new Map(steps.map((step) => [step.nodeId, { ...step, upstream: step.pinned ? [] : [...new Set(step.upstream)] }]));
  const downstream = new Map<string, string[]>(steps.map((step) => [step.nodeId, []]));
  for (const step of byId.values()) for (const source of step.upstream) downstream.get(source)!.push(step.nodeId);
  return { steps: byId, downstream };
}

/** A run before its first decision. */
export function newRun(runId: string, projectId: string, plan: RunPlan): Run {
  const steps = new Map<string, Step>();
  for (const nodeId of plan.steps.keys())
    steps.set(nodeId, { nodeId, attempt: 0, losses: 0, cardFailures: 0, why: null, phase: { state: 'pending' } });
  return {
    runId,
    projectId,
    plan,
    state: 'queued',
    cancelRequested: false,
    isolation: null,
    startedAt: null,
    finishedAt: null,
    steps,
    unfinished: steps.size,
  };
}

/** The attempt that may still bring a result, if there is one. */
export function liveAttemptOf(step: Step): string | undefined {
  const { phase } = step;
  if (phase.state === 'running') return phase.attemptId;
  return phase.state === 'queued' && phase.waitsFor === 'runner' ? phase.attemptId : undefined;
}
