/** Names and shapes of the shared documents that both ends of the socket agree on. */
import { z } from 'zod';
import type { CardManifest, Diagnostic } from '@ensemble/cards';
import type { RunScope } from '../http/api.ts';
import type { WarmLevel } from '../runner/messages.ts';
import type { IsolationLevel, RunState, StepState } from '../step-state.ts';

export const DOCUMENT_KINDS = ['pipeline', 'card', 'project', 'run'] as const;
export type DocumentKind = (typeof DOCUMENT_KINDS)[number];
export interface DocumentRef {
  kind: DocumentKind;
  id: string;
}

const NAME = /^(pipeline|card|project|run):([A-Za-z0-9_-]{1,64})$/;

export const documentName = (kind: DocumentKind, id: string): string => `${kind}:${id}`;

/** Returns undefined for anything that is no document name. */
export function parseDocumentName(name: string): DocumentRef | undefined {
  const match = NAME.exec(name);
  return match ? { kind: match[1] as DocumentKind, id: match[2]! } : undefined;
}

/** One entry of `project:<id>` → map `cards`, keyed by card id. */
export interface ProjectCardEntry {
  cardId: string;
  path: string;
  /** Cards that come with Ensemble; read-only. */
  builtIn: boolean;
  /** Of the present source; absent while a card has never been valid. The last valid manifest stays in use. */
  manifest?: CardManifest;
  /** Diagnostics of the present source. */
  diagnostics: Diagnostic[];
  /** SHA-256 of the present source. */
  sourceHash: string;
  /** Key of the Python environment it needs in map `environments`; absent when it needs none of its own. */
  environment?: string;
  /** Card types it had before, latest first; absent when there are none. Nodes may still name them. */
  formerTypes?: string[];
}

/** One entry of `project:<id>` → map `trash`, keyed by card id: a card file that can be restored. */
export interface ProjectTrashEntry {
  cardId: string;
  /** Where it was. */
  path: string;
  /** Of its last valid manifest. */
  cardType?: string;
  trashedAt: number;
}

/** One entry of `project:<id>` → map `pipelines`, keyed by pipeline id. */
export interface ProjectPipelineEntry {
  pipelineId: string;
  name: string;
  /** The run people should be looking at. */
  latestRun?: { runId: string; number: number; state: RunState };
}

/** One entry of `project:<id>` → map `trials`, keyed by card id: the newest trial of the card. */
export interface ProjectTrialEntry {
  runId: string;
  /** Counts the trials of the card. */
  number: number;
  state: RunState;
  /** The step that is the card. */
  nodeId: string;
  starter: { userId: string; name: string };
  createdAt: number;
  /** SHA-256 of the source that was run. */
  sourceHash: string;
  /** What it ran on. `number` is that of the run `runId`. */
  inputs: { port: string; key: string; title: string; runId: string; number: number }[];
}

/** `run:<id>` → map `meta`, single key `run`. */
export interface RunDocumentMeta {
  runId: string;
  number: number;
  pipelineId: string;
  state: RunState;
  starter: { userId: string; name: string };
  createdAt: number;
  startedAt?: number;
  finishedAt?: number;
  isolation?: IsolationLevel;
  /** Absent: the whole pipeline. */
  scope?: RunScope;
  /** The run that this one goes on with. */
  resumes?: { runId: string; number: number };
  /** Titles of cards that this run did without, because they only feed pinned results. */
  leftOut?: string[];
}

/** `run:<id>` → map `steps`, keyed by node id: one JSON value per step. */
export interface RunDocumentStep {
  state: StepState;
  attempt: number;
  cached: boolean;
  /** The run that a cached result was pinned from. */
  pinnedFrom?: { runId: string; number: number };
  /** The run that made a result which was taken without a pin. */
  takenFrom?: { runId: string; number: number };
  /** Why it is executed, or is not; one sentence. */
  why?: string;
  title: string;
  /** Why it is queued, skipped or retried; one sentence. */
  reason?: string;
  /** 1-based place in the queue. */
  position?: number;
  progress?: { fraction: number; message: string };
  startedAt?: number;
  finishedAt?: number;
  error?: { kind: string; message: string; line?: number };
  /** How warm it started; set once it ended. */
  warm?: WarmLevel;
  hasPreview?: boolean;
  previewError?: string;
}

/** `run:<id>` → map `pinned`, keyed by node id: fingerprint of the node as it was when the run started. */
export type RunDocumentPinned = string;

const Person = z.object({ id: z.string(), name: z.string(), color: z.string() });

/** What a person shows others on `pipeline:<id>`. `user` is stamped by the server. */
export const PipelineAwareness = z.object({
  user: Person.optional(),
  /** Flow coordinates. */
  cursor: z.object({ x: z.number(), y: z.number() }).nullable().optional(),
  selection: z.array(z.string()).max(500).optional(),
  drag: z
    .object({ ids: z.array(z.string()).max(500), dx: z.number(), dy: z.number() })
    .nullable()
    .optional(),
  /** Node and field a person is typing in. */
  editing: z.object({ nodeId: z.string(), field: z.string().optional() }).nullable().optional(),
});
export type PipelineAwareness = z.infer<typeof PipelineAwareness>;

/** Of lists of cursors; more are not drawn anyway, and a state has to stay below `MAX_AWARENESS_BYTES`. */
const MOST_CURSORS = 12;

/** What a person shows others on `card:<id>`. Ends of selections are Yjs relative positions in Base64: they stay with their text. */
export const CardAwareness = z.object({
  user: Person.optional(),
  selections: z
    .array(z.object({ anchor: z.string().max(120), head: z.string().max(120) }))
    .max(MOST_CURSORS)
    .optional(),
  /** 1-based number of the first line in view: who follows sees the same part. */
  top: z.number().int().positive().optional(),
});
export type CardAwareness = z.infer<typeof CardAwareness>;

/** What a person shows others on `project:<id>`: where in the project they are. */
export const ProjectAwareness = z.object({
  user: Person.optional(),
  at: z
    .union([z.object({ cardId: z.string().max(64), line: z.number().int().positive() }), z.object({ pipelineId: z.string().max(64) })])
    .nullable()
    .optional(),
});
export type ProjectAwareness = z.infer<typeof ProjectAwareness>;

export const MAX_DOCUMENT_MESSAGE_BYTES = 4 * 1024 * 1024;
export const MAX_AWARENESS_BYTES = 4 * 1024;
export const MAX_DOCUMENTS_PER_SOCKET = 50;

/** WebSocket close codes; the reason is the text sent along. */
export const CLOSE = {
  unauthorized: { code: 4401, reason: 'unauthorized' },
  forbidden: { code: 4403, reason: 'forbidden' },
  notFound: { code: 4404, reason: 'not-found' },
  tooLarge: { code: 4413, reason: 'message-too-large' },
  invalid: { code: 4422, reason: 'invalid-update' },
  tooFast: { code: 4429, reason: 'too-many-messages' },
  storage: { code: 4503, reason: 'storage-unavailable' },
  accessChanged: { code: 4205, reason: 'access-changed' },
} as const;
