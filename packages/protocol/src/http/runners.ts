/** Runners over HTTP: what their page shows, and how one on another machine gets in. Times in milliseconds since 1970. */
import { z } from 'zod';
import { IsolationLevel } from '../step-state.ts';

const Pool = z.string().regex(/^[a-z0-9-]{1,40}$/, 'must be lower-case letters, digits and "-"');

/** What a runner executes right now, as far as the asker has to know. */
export const RunnerTask = z.object({ runId: z.string(), nodeId: z.string(), title: z.string(), projectId: z.string(), since: z.number() });

export const RunnerInfo = z.object({
  id: z.string(),
  name: z.string(),
  /** offline: it is registered and says nothing. */
  state: z.enum(['online', 'draining', 'offline']),
  /** It is given nothing new. */
  cordoned: z.boolean(),
  /** What it still executes then is handed back. */
  emptyAt: z.number().nullable(),
  /** Came in with a token, so that it can be removed. */
  registered: z.boolean(),
  lastSeen: z.number().nullable(),
  version: z.string().nullable(),
  startedAt: z.number().nullable(),
  pools: z.array(z.string()),
  engines: z.array(z.object({ engine: z.string(), isolation: IsolationLevel })),
  slots: z.number(),
  cpus: z.number(),
  memoryBytes: z.number(),
  gpus: z.number(),
  load: z.object({ cpu: z.number(), memoryBytes: z.number() }).nullable(),
  tasks: z.array(RunnerTask),
});
export type RunnerInfo = z.infer<typeof RunnerInfo>;

/** What everybody may know: where their cards can run. */
export const PoolInfo = z.object({
  pool: z.string(),
  runners: z.number(),
  slots: z.number(),
  busy: z.number(),
  /** The most that one runner of it has. */
  cpus: z.number(),
  memoryBytes: z.number(),
  gpus: z.number(),
});
export type PoolInfo = z.infer<typeof PoolInfo>;

export const DrainRunnerBody = z.object({
  /** How long what it executes may go on; then it is tried elsewhere. */
  minutes: z.number().min(0).max(1_440),
});

export const CreateRunnerTokenBody = z.object({
  name: z.string().trim().min(1).max(100),
  pools: z.array(Pool).min(1).max(20),
  hours: z.number().int().min(1).max(8_760),
});

export const RunnerTokenInfo = z.object({
  id: z.string(),
  name: z.string(),
  pools: z.array(z.string()),
  createdAt: z.number(),
  expiresAt: z.number(),
  uses: z.number(),
});
export type RunnerTokenInfo = z.infer<typeof RunnerTokenInfo>;

/** The token is told this once. */
export const NewRunnerToken = RunnerTokenInfo.extend({ token: z.string() });
export type NewRunnerToken = z.infer<typeof NewRunnerToken>;

export const RegisterRunnerBody = z.object({
  token: z.string().max(200),
  name: z.string().trim().min(1).max(100),
  /** Public nkey of its login on the bus. */
  publicKey: z.string().regex(/^U[A-Z2-7]{55}$/, 'must be a public user nkey'),
  /** Absent: all that the token allows. */
  pools: z.array(Pool).min(1).max(20).optional(),
});
export type RegisterRunnerBody = z.infer<typeof RegisterRunnerBody>;

export const RunnerRegistration = z.object({
  runnerId: z.string(),
  /** For artifacts and the way to the bus; told this once. */
  secret: z.string(),
  pools: z.array(z.string()),
  busPrefix: z.string(),
});
export type RunnerRegistration = z.infer<typeof RunnerRegistration>;

/** Behind the server's address. The first is a WebSocket that leads to the bus. */
export const RUNNER_BUS_PATH = '/runner-bus';
export const runnerArtifactPath = (sha256: string): string => `/api/runner/artifacts/${sha256}`;
