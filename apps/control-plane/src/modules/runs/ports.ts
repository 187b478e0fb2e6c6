/** What running pipelines needs of the rest of the control plane. The services folder connects it. */
import type { ArtifactStore } from '@ensemble/artifact-store';
import type { JsonValue } from '@ensemble/cards';
import type { Actor, ProjectAction } from '@ensemble/permissions';
import type { ProjectTrialEntry, RunState } from '@ensemble/protocol';

export interface Clock {
  /** Milliseconds since 1970. */
  now(): number;
}

export interface Log {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export type Artifacts = Pick<ArtifactStore, 'put' | 'openRead' | 'readAll' | 'size'>;

/** As much of a shared document as it takes to write plain values into its maps. */
interface WritableDocument {
  getMap(name: string): { set(key: string, value: unknown): unknown };
}

/** Documents that the server edits. `edit` resolves once the edit is journalled. */
export interface Documents {
  edit(documentName: string, actorLabel: string, change: (doc: WritableDocument) => void): Promise<void>;
}

/** A config field of a node, for one run only. */
export interface ConfigOverride {
  nodeId: string;
  field: string;
  value: JsonValue;
}

/** Throws ApiError when the actor may not. */
export type Authorize = (actor: Actor, action: ProjectAction, projectId: string) => Promise<unknown>;

/** What the project's index says of the newest run of a pipeline. */
export interface LatestRun {
  projectId: string;
  pipelineId: string;
  runId: string;
  number: number;
  state: RunState;
  /** Set when it is no run of a pipeline but a trial of this card. */
  trial?: { cardId: string; entry: ProjectTrialEntry };
}
