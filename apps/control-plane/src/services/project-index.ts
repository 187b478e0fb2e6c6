/**
 * Keeps the documents `project:<id>` equal to what the database and the card files say: the palette and the lists everybody
 * sees. Only differences are written. Ignores who looks.
 */
import { canonicalJson, type JsonValue } from '@ensemble/cards';
import {
  documentName,
  parseDocumentName,
  type ProjectCardEntry,
  type ProjectPipelineEntry,
  type ProjectTrashEntry,
  type ProjectTrialEntry,
} from '@ensemble/protocol';
import type { Cards } from '../modules/cards/index.ts';
import type { Environments } from '../modules/environments/index.ts';
import type { LatestRun } from '../modules/runs/index.ts';
import type { Pipelines } from '../modules/pipelines/index.ts';
import type { Logger } from '../platform/logger.ts';

/** A colleague's typing makes one new entry, not one for each key. */
const TYPING_PAUSE_MS = 150;
/** Somebody who types on and on holds nobody up: everybody sees a card within a second of the key that made it valid. */
const LONGEST_WAIT_MS = 500;
const ACTOR = 'system:project-index';

interface IndexMap {
  get(key: string): unknown;
  set(key: string, value: unknown): unknown;
  delete(key: string): void;
  keys(): IterableIterator<string>;
}

export interface ProjectIndexOptions {
  editDocument(name: string, actor: string, change: (doc: { getMap(name: string): IndexMap }) => void): Promise<void>;
  cards: () => Pick<Cards, 'entriesOfProject' | 'projectOf' | 'trashOfProject'>;
  pipelines: () => Pick<Pipelines, 'list'>;
  environments: () => Pick<Environments, 'setIdOf' | 'wanted' | 'entriesOfProject'>;
  logger: Logger;
}

export interface ProjectIndex {
  /** Brings the index up to date once per process, for what changed while none was running. */
  ensure(projectId: string): Promise<void>;
  /** Resolves when the index shows the present state; what fails is logged and made up for by the next call. */
  refresh(projectId: string): Promise<void>;
  documentChanged(name: string): void;
  showLatestRun(latest: LatestRun): Promise<void>;
  /** How far the environments of the project's cards are. */
  showEnvironments(projectId: string): Promise<void>;
  stop(): void;
}

const same = (a: unknown, b: unknown): boolean => a !== undefined && canonicalJson(plain(a)) === canonicalJson(plain(b));
/** Without keys that are undefined, as a document stores it. */
const plain = (value: unknown): JsonValue => JSON.parse(JSON.stringify(value)) as JsonValue;

function replaceEntries(map: IndexMap, entries: ReadonlyMap<string, object>): void {
  for (const key of Array.from(map.keys())) if (!entries.has(key)) map.delete(key);
  for (const [key, entry] of entries) if (!same(map.get(key), entry)) map.set(key, plain(entry));
}

export function createProjectIndex({ editDocument, cards, pipelines, environments, logger }: ProjectIndexOptions): ProjectIndex {
  const ensured = new Map<string, Promise<void>>();
  const refreshing = new Map<string, { running: Promise<void>; next: Promise<void> | undefined }>();
  const typing = new Map<string, { timer: NodeJS.Timeout; since: number }>();

  async function write(projectId: string): Promise<void> {
    const [cardEntries, trash, rows] = await Promise.all([
      cards().entriesOfProject(projectId),
      cards().trashOfProject(projectId),
      pipelines().list(projectId),
    ]);
    await environments().wanted(
      projectId,
      [...cardEntries.values()].flatMap(({ manifest }) => (manifest ? [manifest.requirements] : [])),
    );
    for (const entry of cardEntries.values()) {
      const environment = entry.manifest && environments().setIdOf(entry.manifest.requirements);
      if (environment !== undefined) entry.environment = environment;
    }
    await editDocument(documentName('project', projectId), ACTOR, (doc) => {
      replaceEntries(doc.getMap('environments'), environments().entriesOfProject(projectId));
      replaceEntries(doc.getMap('cards'), cardEntries satisfies ReadonlyMap<string, ProjectCardEntry>);
      replaceEntries(doc.getMap('trash'), trash satisfies ReadonlyMap<string, ProjectTrashEntry>);
      const trials = doc.getMap('trials');
      for (const cardId of Array.from(trials.keys())) if (!cardEntries.has(cardId)) trials.delete(cardId);
      const map = doc.getMap('pipelines');
      const entries = rows.map(({ id, name }): [string, ProjectPipelineEntry] => {
        const latestRun = (map.get(id) as ProjectPipelineEntry | undefined)?.latestRun;
        return [id, { pipelineId: id, name, ...(latestRun ? { latestRun } : {}) }];
      });
      replaceEntries(map, new Map(entries));
    });
  }

  async function writeOrLog(projectId: string): Promise<void> {
    await write(projectId).catch((error: unknown) => {
      ensured.delete(projectId);
      logger.warn({ err: error, projectId }, 'the index of a project could not be brought up to date');
    });
  }

  /** One at a time for each project; everybody who asks meanwhile shares the one that follows. */
  function refresh(projectId: string): Promise<void> {
    const present = refreshing.get(projectId);
    if (present) {
      present.next ??= present.running.then(() => {
        refreshing.delete(projectId);
        return refresh(projectId);
      });
      return present.next;
    }
    const state = { running: writeOrLog(projectId), next: undefined as Promise<void> | undefined };
    refreshing.set(projectId, state);
    void state.running.then(() => {
      if (refreshing.get(projectId) === state && state.next === undefined) refreshing.delete(projectId);
    });
    return state.running;
  }

  async function cardChanged(cardId: string): Promise<void> {
    const projectId = await cards().projectOf(cardId);
    if (projectId !== undefined) await refresh(projectId);
  }

  return {
    ensure(projectId) {
      const known = ensured.get(projectId) ?? refresh(projectId);
      ensured.set(projectId, known);
      return known;
    },
    refresh,
    documentChanged(name) {
      const ref = parseDocumentName(name);
      if (ref?.kind !== 'card') return;
      const before = typing.get(ref.id);
      clearTimeout(before?.timer);
      const since = before?.since ?? Date.now();
      const pauseMs = Math.max(0, Math.min(TYPING_PAUSE_MS, since + LONGEST_WAIT_MS - Date.now()));
      const timer = setTimeout(() => {
        typing.delete(ref.id);
        void cardChanged(ref.id).catch((error: unknown) => logger.warn({ err: error, cardId: ref.id }, 'a changed card was not read'));
      }, pauseMs);
      typing.set(ref.id, { timer, since });
    },
    async showEnvironments(projectId) {
      await editDocument(documentName('project', projectId), ACTOR, (doc) => {
        replaceEntries(doc.getMap('environments'), environments().entriesOfProject(projectId));
      });
    },
    async showLatestRun({ projectId, pipelineId, runId, number, state, trial }) {
      await editDocument(documentName('project', projectId), ACTOR, (doc) => {
        if (trial) {
          const trials = doc.getMap('trials');
          const shown = trials.get(trial.cardId) as ProjectTrialEntry | undefined;
          if ((shown?.number ?? 0) <= number && !same(shown, trial.entry)) trials.set(trial.cardId, plain(trial.entry));
          return;
        }
        const map = doc.getMap('pipelines');
        const entry = map.get(pipelineId) as ProjectPipelineEntry | undefined;
        if (!entry || (entry.latestRun && entry.latestRun.number > number)) return;
        const shown = { ...entry, latestRun: { runId, number, state } };
        if (!same(entry, shown)) map.set(pipelineId, shown);
      });
    },
    stop() {
      for (const { timer } of typing.values()) clearTimeout(timer);
    },
  };
}
