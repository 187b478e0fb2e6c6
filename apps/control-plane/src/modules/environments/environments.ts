/**
 * The Python environments that the cards of projects need: asks a runner for each ahead of the first run, keeps its one lock, and tells
 * what became of it. Ignores how an environment is made, and who looks. The rules are in README.md.
 */
import { createHash } from 'node:crypto';
import { canonicalRequirements } from '@ensemble/cards';
import {
  environmentSetText,
  type EnvironmentLockReply,
  type EnvironmentLockRequest,
  type EnvironmentNews,
  type ProjectEnvironmentEntry,
} from '@ensemble/protocol';
import { ApiError, notFound } from '../../platform/api-error.ts';
import type { Bus } from '../../platform/bus/bus.ts';
import type { Database } from '../../platform/database/database.ts';
import type { Logger } from '../../platform/logger.ts';
import { createEnvironmentRepository, type EnvironmentRow } from './environment-repository.ts';

export interface EnvironmentsOptions {
  database: Pick<Database, 'sql' | 'transaction'>;
  bus: Pick<Bus, 'prepareEnvironment'>;
  /** `requirements.in` and `requirements.lock` of the SDK, one after the other. */
  base: string;
  /** An environment of this project has other news. `final`: it is ready now, or failed, or is not any more. */
  onChanged(projectId: string, final: boolean): void;
  logger: Logger;
  /** Milliseconds; for tests. */
  quietMs?: number;
  sweepMs?: number;
}

export interface Environments {
  /** The set of a card's requirements; undefined when it has none, or one that is none. */
  setIdOf(requirements: readonly string[]): string | undefined;
  /** All that the valid cards of a project need, whenever that may have changed. Resolves once what is stored of them is known. */
  wanted(projectId: string, sets: Iterable<readonly string[]>): Promise<void>;
  /** What is known of those, by set id. */
  entriesOfProject(projectId: string): Map<string, ProjectEnvironmentEntry>;
  /** Why these cannot be installed, as far as is known at this moment. */
  faultOf(requirements: readonly string[]): string | undefined;
  onLockRequest(request: EnvironmentLockRequest): Promise<EnvironmentLockReply>;
  onNews(news: EnvironmentNews): Promise<void>;
  /** Rejects with not-found for a set that no card of the project has, with conflict for one that has not failed. */
  retry(projectId: string, setId: string): Promise<ProjectEnvironmentEntry>;
  start(): void;
  stop(): void;
}

const QUIET_MS = 2_000;
const SWEEP_MS = 1_000;
/** Longer than the news of a runner that is at it need to come. */
const SILENCE_MS = 10_000;
const RETRY_MS = 60_000;
const SHOW_EVERY_MS = 1_000;
/** Those of a project that are asked for ahead of time; others are made when a run needs them. */
const MAX_AHEAD = 30;

interface Known {
  row: EnvironmentRow;
  fraction: number | undefined;
  projects: Set<string>;
  /** Asked for, or heard of, last. */
  heardAt: number;
  /** No asking before. */
  notBefore: number;
  shownAt: number;
}

export function createEnvironments(options: EnvironmentsOptions): Environments {
  const { bus, base, logger, onChanged } = options;
  const repository = createEnvironmentRepository(options.database);
  const known = new Map<string, Known>();
  const quietMs = options.quietMs ?? QUIET_MS;
  let timer: NodeJS.Timeout | undefined;
  let sweeping = false;

  function canonical(requirements: readonly string[]): string[] | undefined {
    try {
      return requirements.length === 0 ? undefined : canonicalRequirements(requirements);
    } catch {
      return undefined;
    }
  }

  const idOf = (requirements: readonly string[]): string =>
    createHash('sha256').update(environmentSetText(requirements, base)).digest('hex');

  function show(entry: Known, final: boolean): void {
    entry.shownAt = Date.now();
    for (const projectId of entry.projects) onChanged(projectId, final);
  }

  async function change(entry: Known, changes: Partial<EnvironmentRow>, fraction?: number): Promise<void> {
    const before = entry.row.state;
    entry.row = { ...entry.row, ...changes };
    entry.fraction = fraction;
    const { state } = entry.row;
    if (state !== before || state === 'ready' || state === 'failed') await repository.save(entry.row);
    const final = state !== before && [state, before].some((one) => one === 'ready' || one === 'failed');
    if (state !== before || Date.now() - entry.shownAt >= SHOW_EVERY_MS) show(entry, final);
  }

  async function ask(entry: Known): Promise<void> {
    const { setId, requirements } = entry.row;
    entry.heardAt = Date.now();
    if (!(await repository.find(setId))) await repository.save(entry.row);
    const taken = await bus.prepareEnvironment({ v: 1, setId, requirements });
    if (!taken && entry.row.state === 'requested' && entry.row.message !== WAITING) await change(entry, { message: WAITING });
  }

  /** Whether a runner should be asked now (ENV-4). */
  function isDue(entry: Known, now: number): boolean {
    const { state, fault } = entry.row;
    if (state === 'ready' || entry.projects.size === 0 || now < entry.notBefore) return false;
    if (state === 'failed') return fault?.temporary === true && now - entry.heardAt >= RETRY_MS;
    return state === 'requested' && entry.heardAt === 0 ? true : now - entry.heardAt >= SILENCE_MS;
  }

  async function sweep(): Promise<void> {
    if (sweeping) return;
    sweeping = true;
    try {
      const asked = new Map<string, number>();
      for (const entry of known.values()) {
        const counts = [...entry.projects].map((projectId) => (asked.get(projectId) ?? 0) + 1);
        for (const [index, projectId] of [...entry.projects].entries()) asked.set(projectId, counts[index]!);
        if (Math.min(...counts) <= MAX_AHEAD && isDue(entry, Date.now())) await ask(entry);
      }
    } catch (error) {
      logger.warn({ err: error }, 'an environment could not be asked for; it is tried again');
    } finally {
      sweeping = false;
    }
  }

  async function load(setId: string, requirements: string[]): Promise<Known> {
    const present = known.get(setId);
    if (present) return present;
    const row = (await repository.find(setId)) ?? { ...NEW, setId, requirements };
    // Another call may have been quicker.
    const entry = known.get(setId) ?? {
      row,
      fraction: undefined,
      projects: new Set(),
      heardAt: 0,
      notBefore: Date.now() + quietMs,
      shownAt: 0,
    };
    known.set(setId, entry);
    return entry;
  }

  return {
    setIdOf(requirements) {
      const wanted = canonical(requirements);
      return wanted && idOf(wanted);
    },
    async wanted(projectId, sets) {
      const ids = new Set<string>();
      for (const requirements of sets) {
        const wanted = canonical(requirements);
        if (!wanted) continue;
        const setId = idOf(wanted);
        ids.add(setId);
        (await load(setId, wanted)).projects.add(projectId);
      }
      for (const [setId, entry] of known) {
        if (!ids.has(setId)) entry.projects.delete(projectId);
        if (entry.projects.size === 0) known.delete(setId);
      }
    },
    entriesOfProject(projectId) {
      const mine = [...known.values()].filter(({ projects }) => projects.has(projectId));
      return new Map(mine.map(({ row, fraction }) => [row.setId, entryOf(row, fraction)]));
    },
    faultOf(requirements) {
      const wanted = canonical(requirements);
      const row = wanted && known.get(idOf(wanted))?.row;
      return row?.state === 'failed' ? row.message : undefined;
    },
    onLockRequest: async ({ setId, requirements, offer }) => {
      const lockHash = await repository.lockOf(setId, requirements, offer);
      return lockHash === undefined ? {} : { lockHash };
    },
    async onNews({ setId, requirements, state, message, fraction, packages, bytes, fault }) {
      const stored = known.get(setId)?.row ?? (await repository.find(setId));
      // ENV-6
      if (stored?.state === 'ready' && state !== 'ready') return;
      const row = stored ?? { ...NEW, setId, requirements };
      const entry = known.get(setId) ?? { row, fraction: undefined, projects: new Set(), heardAt: 0, notBefore: 0, shownAt: 0 };
      entry.heardAt = Date.now();
      await change(entry, { state, message, fault, packages: packages ?? row.packages, bytes: bytes ?? row.bytes }, fraction);
    },
    async retry(projectId, setId) {
      const entry = known.get(setId);
      if (!entry?.projects.has(projectId)) throw notFound('environment');
      if (entry.row.state !== 'failed') throw new ApiError('conflict', 'This environment has not failed: there is nothing to try again.');
      await repository.forgetLock(setId);
      entry.notBefore = 0;
      await change(entry, { state: 'requested', message: '', fault: undefined });
      entry.heardAt = 0;
      void sweep();
      return entryOf(entry.row, undefined);
    },
    start() {
      timer = setInterval(() => void sweep(), options.sweepMs ?? SWEEP_MS);
    },
    stop() {
      clearInterval(timer);
    },
  };
}

const WAITING = 'waits for a runner';
const NEW = { state: 'requested', message: '', fault: undefined, packages: undefined, bytes: undefined } as const;

function entryOf(row: EnvironmentRow, fraction: number | undefined): ProjectEnvironmentEntry {
  const { setId, requirements, state, message, fault, packages, bytes } = row;
  return {
    setId,
    requirements,
    state,
    message,
    ...(fraction === undefined ? {} : { fraction: Math.round(fraction * 100) / 100 }),
    ...(packages === undefined ? {} : { packages }),
    ...(bytes === undefined ? {} : { bytes }),
    ...(fault === undefined ? {} : { temporary: fault.temporary, ...(fault.details === undefined ? {} : { details: fault.details }) }),
  };
}
