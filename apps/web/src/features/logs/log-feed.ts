/**
 * Fills the book of one attempt's log: the tail first, what is new as it comes, and gaps when somebody looks there. One feed for each
 * attempt and page; its book stays when the attempt ends. Knows no screen.
 */
import { MAX_LOG_RANGE_BYTES, type LiveNews, type LogPiece } from '@ensemble/protocol';
import { createStore, type ExternalStore } from '../../shared/session/external-store.ts';
import { watchLive, type LiveWatch } from '../../shared/session/live-socket.ts';
import { LogBook } from './log-book.ts';

interface FeedState {
  /** Of the book. */
  version: number;
  /** opening: nothing was heard yet. lost: the connection is away. none: nothing was printed that could be shown. */
  state: 'opening' | 'live' | 'stored' | 'none' | 'lost' | 'refused';
  message: string | undefined;
  truncated: boolean;
  /** Bytes that were asked for and have not come. */
  loading: boolean;
}

/** A late joiner sees this much of the end at once. */
const TAIL_BYTES = 256 * 1024;
/** A log up to here is fetched whole without being asked. */
const WHOLE_BYTES = 4 * 1024 * 1024;
/** A range that nobody answered is asked for again. */
const RETRY_MS = 3_000;

export interface LogFeed {
  book: LogBook;
  state: ExternalStore<FeedState>;
  /** Fetches bytes around the position, if they are missing. `backwards`: those before it first. */
  fetch(position: number, backwards?: boolean): void;
  /** The attempt began or ended: whoever has its log now is asked. What is there stays. */
  renew(): void;
  stop(): void;
}

export function openLogFeed(runId: string, nodeId: string, attempt: number | undefined): LogFeed {
  const book = new LogBook();
  const state = createStore<FeedState>({ version: 0, state: 'opening', message: undefined, truncated: false, loading: false });
  let asked: { from: number; to: number; at: number } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let frame = 0;

  /** At most once a frame: a storm must not draw more often than the screen. */
  const show = (): void => {
    frame ||= requestAnimationFrame(() => {
      frame = 0;
      state.set({ ...state.get(), version: book.version, loading: asked !== undefined });
    });
  };

  function ask(from: number, to: number): void {
    asked = { from, to, at: Date.now() };
    watch.range(from, to);
    clearTimeout(timer);
    timer = setTimeout(() => {
      asked = undefined;
      fillSmall();
      show();
    }, RETRY_MS);
    show();
  }

  function fetch(position: number, backwards = false): void {
    if (asked) return;
    const gap = book.gapFrom(position);
    if (!gap) return;
    if (backwards) ask(Math.max(gap.start, gap.end - MAX_LOG_RANGE_BYTES), gap.end);
    else {
      const from = Math.max(gap.start, Math.min(position, gap.end - 1));
      ask(from, Math.min(gap.end, from + MAX_LOG_RANGE_BYTES));
    }
  }

  /** A log that is not long is had whole. */
  function fillSmall(): void {
    if (book.size <= WHOLE_BYTES) fetch(0);
  }

  function onWatching({ state: now, size, gap, truncated }: Extract<LiveNews, { kind: 'watching' }>): void {
    asked = undefined;
    if (gap) book.lose(gap.start, gap.end, gap.lines);
    book.grow(size);
    state.set({ ...state.get(), state: now, truncated, message: undefined, version: book.version });
    const tail = book.gapFrom(Math.max(0, size - TAIL_BYTES));
    if (tail) ask(Math.max(tail.start, tail.end - TAIL_BYTES), tail.end);
    else fillSmall();
  }

  function onLog({ isAnswer, start, size, bytes }: LogPiece): void {
    if (isAnswer && asked) {
      const { from, to } = asked;
      asked = undefined;
      clearTimeout(timer);
      if (start > from && size > 0) book.lose(from, Math.min(start, Math.max(to, start)));
    }
    book.grow(size);
    book.add(start, bytes);
    if (!asked) fillSmall();
    show();
  }

  const begin = (): LiveWatch =>
    watchLive(
      { runId, nodeId, ...(attempt === undefined ? {} : { attempt }), log: true, metrics: false },
      {
        onWatching,
        onLog,
        onRefused: (message) => state.set({ ...state.get(), state: 'refused', message }),
        onLost: () => {
          asked = undefined;
          state.set({ ...state.get(), state: 'lost' });
        },
      },
    );
  let watch = begin();
  return {
    book,
    state,
    fetch,
    renew() {
      watch.stop();
      watch = begin();
    },
    stop() {
      clearTimeout(timer);
      cancelAnimationFrame(frame);
      watch.stop();
    },
  };
}
