/**
 * The present projection of a pipeline document as an external store. Changes are applied to the
 * document at once; the projection is refreshed once per frame, or by a timer where no frames come
 * (a hidden tab). Knows nothing of the canvas.
 */
import { liveFingerprints, projectGraph } from '@ensemble/pipeline';
import type { ProjectedGraph } from '@ensemble/pipeline';
import type { ProjectCardEntry } from '@ensemble/protocol';
import type * as Y from 'yjs';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';

/** Card type → entry of the project's index. */
export type CardIndex = ReadonlyMap<string, ProjectCardEntry>;

export interface GraphView {
  graph: ProjectedGraph;
  /** Node id → what decides its result; compared with what a run pinned. */
  fingerprints: ReadonlyMap<string, string>;
}

export interface GraphWatch {
  readonly view: ExternalStore<GraphView>;
  setCards(cards: CardIndex): void;
  /** Refreshes now instead of at the next frame. */
  flush(): void;
  close(): void;
}

const HIDDEN_TAB_MS = 100;

export function watchGraph(doc: Y.Doc): GraphWatch {
  let cards: CardIndex = new Map();
  const read = (): GraphView => {
    const graph = projectGraph(doc, cards);
    return { graph, fingerprints: liveFingerprints(graph, cards) };
  };
  const view = createStore(read());
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
    view.set(read());
  };
  const schedule = () => {
    if (frame !== undefined) return;
    frame = requestAnimationFrame(flush);
    timer = setTimeout(flush, HIDDEN_TAB_MS);
  };
  doc.on('update', schedule);
  return {
    view,
    setCards(next) {
      cards = next;
      flush();
    },
    flush,
    close() {
      unschedule();
      doc.off('update', schedule);
    },
  };
}
