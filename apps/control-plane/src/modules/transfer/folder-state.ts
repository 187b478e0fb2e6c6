/** The text files of a project as a folder on somebody's disk has them, and news of their change. Writes nothing. */
import { createHash } from 'node:crypto';
import type { FolderState } from '@ensemble/protocol';
import { documentName, parseDocumentName } from '@ensemble/protocol';
import type { Cards } from '../cards/index.ts';
import { folderFiles, listNamedFiles, readPipelines, type ExportedPipeline, type ExportPorts } from './export-project.ts';

export interface Folder extends FolderState {
  cards: ReadonlyMap<string, { cardId: string; path: string; source: string }>;
  pipelines: readonly ExportedPipeline[];
}

export async function readFolder(ports: Omit<ExportPorts, 'files' | 'readBytes'>, project: { id: string; name: string }): Promise<Folder> {
  const known = await ports.cards.cardsOfProject(project.id);
  const pipelines = await readPipelines(ports, project.id, known);
  const texts = folderFiles(project.name, pipelines, known, listNamedFiles(pipelines));
  const files = [...texts].map(([path, text]) => ({ path, text }));
  const cards = new Map([...known.values()].filter(({ builtIn }) => !builtIn).map((card) => [card.path, card]));
  return { state: createHash('sha256').update(JSON.stringify(files)).digest('hex'), name: project.name, files, cards, pipelines };
}

export interface FolderWatch {
  /** A document changed; cheap while nobody waits. */
  documentChanged(name: string): void;
  /** Resolves when something of the project may have changed, at the latest when the signal ends. */
  next(projectId: string, signal: AbortSignal): Promise<void>;
}

/** Somebody's typing is one piece of news. */
const PAUSE_MS = 120;

export function createFolderWatch(projectOf: {
  pipeline: (id: string) => Promise<string | undefined>;
  card: Cards['projectOf'];
}): FolderWatch {
  const waiting = new Map<string, Set<() => void>>();
  const tell = (projectId: string | undefined): void => {
    for (const wake of waiting.get(projectId ?? '') ?? []) wake();
  };
  return {
    documentChanged(name) {
      if (waiting.size === 0) return;
      const ref = parseDocumentName(name);
      if (ref?.kind === 'project') tell(ref.id);
      // Whoever waits asks again after a while, so that nothing is lost when this cannot be told.
      else if (ref?.kind === 'pipeline' || ref?.kind === 'card') void projectOf[ref.kind](ref.id).then(tell, () => {});
    },
    next(projectId, signal) {
      const { promise, resolve } = Promise.withResolvers<void>();
      const mine = waiting.get(projectId) ?? new Set();
      waiting.set(projectId, mine);
      let timer: NodeJS.Timeout | undefined;
      const wake = (): void => void (timer ??= setTimeout(resolve, PAUSE_MS));
      mine.add(wake);
      signal.addEventListener('abort', () => resolve(), { once: true });
      if (signal.aborted) resolve();
      return promise.finally(() => {
        clearTimeout(timer);
        mine.delete(wake);
        if (mine.size === 0 && waiting.get(projectId) === mine) waiting.delete(projectId);
      });
    },
  };
}

export const cardDocument = (cardId: string): string => documentName('card', cardId);
