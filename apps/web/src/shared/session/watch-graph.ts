/**
 * The present projection of a pipeline document as an external store. Changes are applied to the
 * document at once; the projection is refreshed once per frame, or by a timer where no frames come
 * (a hidden tab), and only when somebody looks at it. Knows nothing of the canvas.
 */
import { columnProblems, liveFingerprints, projectGraph } from '@ensemble/pipeline';
import type { ColumnSources, KnownCard, KnownCards, KnownColumns, ProjectedGraph } from '@ensemble/pipeline';
import type { ProjectCardEntry } from '@ensemble/protocol';
import type * as Y from 'yjs';
import type { LostCards } from './lost-cards.ts';
import type { ExternalStore } from './external-store.ts';
import { rememberedColumns } from './remembered-columns.ts';

/** Card type → entry of the project's index. */
export type CardIndex = ReadonlyMap<string, ProjectCardEntry>;

export interface GraphView {
  graph: ProjectedGraph;
  /** Node id → what decides its result; compared with what a run pinned. */
  fingerprints: ReadonlyMap<string, string>;
  /** Columns of the tables at the ports, as far as they are known. */
  columns: KnownColumns;
}

export interface GraphWatch {
  readonly view: Pick<ExternalStore<GraphView>, 'get' | 'subscribe'>;
  setCards(cards: CardIndex, lost: LostCards): void;
  setColumnSources(sources: ColumnSources): void;
  /** Refreshes now instead of at the next frame. */
  flush(): void;
  close(): void;
}

const HIDDEN_TAB_MS = 100;

export function watchGraph(doc: Y.Doc): GraphWatch {
  let cards: CardIndex = new Map();
  let known: KnownCards = cards;
  let sources: ColumnSources = { made: [], files: new Map() };
  const columnsOf = rememberedColumns();
  const read = (): GraphView => {
    const graph = projectGraph(doc, known);
    const fingerprints = liveFingerprints(graph, cards);
    const columns = columnsOf(graph, fingerprints, sources);
    const problems = [...graph.problems, ...columnProblems(graph, columns)];
    return { graph: { ...graph, problems }, fingerprints, columns };
  };
  // To read ten thousand nodes takes a while: what nobody looked at is not read.
  let shown: GraphView | undefined;
  const listeners = new Set<() => void>();
  const view: GraphWatch['view'] = {
    get: () => (shown ??= read()),
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
  let frame: number | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const unschedule = () => {
    if (frame !== undefined) cancelAnimationFrame(frame);
    clearTimeout(timer);
    frame = undefined;
    timer = undefined;
  };
  const flush = () => {
    unschedule();
    shown = undefined;
    for (const listener of listeners) listener();
  };
  const schedule = () => {
    if (frame !== undefined) return;
    frame = requestAnimationFrame(flush);
    timer = setTimeout(flush, HIDDEN_TAB_MS);
  };
  doc.on('update', schedule);
  return {
    view,
    setCards(next, lost) {
      // What is there comes first: a type is lost only while no card has it.
      const merged = new Map<string, KnownCard>([...lost].map(([type, place]) => [type, { lost: place }]));
      for (const [type, card] of next) merged.set(type, card);
      cards = next;
      known = merged;
      flush();
    },
    setColumnSources(next) {
      const nothingNew = isEmpty(sources) && isEmpty(next);
      sources = next;
      if (!nothingNew) flush();
    },
    flush,
    close() {
      unschedule();
      doc.off('update', schedule);
    },
  };
}

const isEmpty = ({ made, files }: ColumnSources): boolean => made.length === 0 && files.size === 0;
