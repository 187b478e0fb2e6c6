/**
 * The socket `/live`: sends each person what the attempts they watch print and measure. Knows who may look; what was printed it hands on
 * as bytes. Nothing of it grows with what a card prints: what does not fit is left out, and the person asks for it by ranges.
 *
 * LIVE-1 a watch is authorised when it begins; when somebody's rights change or their session ends, their sockets are closed at once.
 * LIVE-2 a socket gets at most `LIVE_MESSAGES_PER_SECOND` messages besides the answers to its own requests.
 * LIVE-3 positions tell what was left out: bytes are never sent twice unasked, never in another order, and never made up.
 */
import type { Actor } from '@ensemble/permissions';
import {
  CLOSE,
  encodeLogPieces,
  LIVE_FRAME_BYTES,
  LIVE_MESSAGES_PER_SECOND,
  LiveRequest,
  MAX_LIVE_REQUEST_BYTES,
  MAX_WATCHES_PER_SOCKET,
  type LiveMetrics,
  type LiveNews,
  type LogPiece,
} from '@ensemble/protocol';
import type { WebSocket } from 'ws';
import { ApiError } from '../../platform/api-error.ts';
import type { LogBytes } from '../../platform/bus/bus.ts';
import { createTokenBucket } from '../collaboration/index.ts';
import { readLogRange, sizeOfLog, tracesOf, type AttemptTraces, type LogPorts } from './log-source.ts';
import { createWatchHub, type WatchHub } from './watch-hub.ts';

/** Bytes and texts go in messages of their own. */
const FLUSH_MS = 2_000 / LIVE_MESSAGES_PER_SECOND;
const REQUESTS = { perSecond: 200, burst: 500 };
const MAX_WAITING_REQUESTS = 100;
/** A person whose connection is slower than the news misses some of it, and answers wait. */
const MAX_UNSENT_BYTES = 2 * 1024 * 1024;
const UNSENT_LOOK_MS = 20;
const KEEP_ALIVE_MS = 20_000;
const PATIENCE_MS = 1_000;
const GOING_AWAY = { code: 1001, reason: 'going-away' };

export interface LiveSocketOptions extends LogPorts {
  now(): number;
  onProblem(error: unknown): void;
}

export interface LiveSockets {
  /** Takes over an upgraded socket of somebody whose session and Origin were checked. */
  handleSocket(socket: WebSocket, actor: Actor): void;
  /** Their sockets are closed; they come back and are asked again. */
  disconnectUser(userId: string): void;
  /** The same for those whose session is over. */
  disconnectEnded(): void;
  /** Sends everybody away. */
  stop(): void;
  watches(): number;
}

type Close = { code: number; reason: string };

interface Watch {
  traces: AttemptTraces;
  stop(): void;
}

export function createLiveSockets(options: LiveSocketOptions): LiveSockets {
  const { now } = options;
  const hub = createWatchHub(options.bus);
  const visits = new Map<{ close(close: Close): void }, Actor>();
  const send = (whom: (actor: Actor) => boolean, close: Close): void => {
    for (const [visit, actor] of visits) if (whom(actor)) visit.close(close);
  };
  return {
    handleSocket(socket, actor) {
      const visit = openLiveVisit(socket, actor, hub, options, () => visits.delete(visit));
      visits.set(visit, actor);
    },
    disconnectUser: (userId) => send((actor) => actor.kind === 'user' && actor.userId === userId, CLOSE.accessChanged),
    disconnectEnded: () => send((actor) => actor.kind === 'user' && (actor.sessionEndsAt ?? Infinity) <= now(), CLOSE.accessChanged),
    stop: () => send(() => true, GOING_AWAY),
    watches: () => hub.size(),
  };
}

function openLiveVisit(
  socket: WebSocket,
  actor: Actor,
  hub: WatchHub,
  options: LiveSocketOptions,
  onClosed: () => void,
): { close(close: Close): void } {
  const watches = new Map<number, Watch>();
  const requests = createTokenBucket({ ...REQUESTS, now: options.now });
  const freshLog = new Map<number, LogBytes>();
  const freshMetrics: (LiveMetrics & { id: number })[] = [];
  let waiting = 0;
  let closed = false;
  let flushing: NodeJS.Timeout | undefined;
  let work = Promise.resolve();

  const tell = (news: LiveNews): void => void (!closed && socket.send(JSON.stringify(news)));

  function flush(): void {
    flushing = undefined;
    if (closed) return;
    const isSlow = socket.bufferedAmount > MAX_UNSENT_BYTES;
    const pieces: LogPiece[] = [...freshLog].map(([id, { bytes, offset, size }]) => ({ id, isAnswer: false, start: offset, size, bytes }));
    if (pieces.length > 0 && !isSlow) socket.send(encodeLogPieces(pieces));
    freshLog.clear();
    const news = freshMetrics.splice(0);
    if (news.length > 0 && !isSlow) tell({ kind: 'metrics', news });
  }
  const flushSoon = (): void => void (flushing ??= setTimeout(flush, FLUSH_MS));

  function onLog(id: number, next: LogBytes): void {
    const before = freshLog.get(id);
    const joins = before !== undefined && before.offset + before.bytes.length === next.offset;
    const joined = joins && before.bytes.length + next.bytes.length <= LIVE_FRAME_BYTES;
    freshLog.set(id, joined ? { ...next, offset: before.offset, bytes: Buffer.concat([before.bytes, next.bytes]) } : next);
    flushSoon();
  }

  function onMetrics(id: number, news: LiveMetrics): void {
    freshMetrics.push({ id, ...news });
    flushSoon();
  }

  function unwatch(id: number): void {
    watches.get(id)?.stop();
    watches.delete(id);
    freshLog.delete(id);
  }

  async function watch({ id, runId, nodeId, attempt, log, metrics }: Extract<LiveRequest, { kind: 'watch' }>): Promise<void> {
    unwatch(id);
    if (watches.size >= MAX_WATCHES_PER_SOCKET) return tell({ kind: 'refused', id, message: 'Too many steps are watched at once.' });
    try {
      const traces = await tracesOf(options, actor, runId, nodeId, attempt);
      if (closed) return;
      const stop = traces.holder
        ? hub.watch(traces.holder.runnerId, traces.holder.attemptId, {
            ...(log ? { onLog: (bytes: LogBytes) => onLog(id, bytes) } : {}),
            ...(metrics ? { onMetrics: (news: LiveMetrics) => onMetrics(id, news) } : {}),
          })
        : () => {};
      watches.set(id, { traces, stop });
      const size = traces.log ? sizeOfLog(traces.log) : ((await readLogRange(options, traces, 0, 1))?.size ?? 0);
      const { gap } = traces.log ?? {};
      tell({ kind: 'watching', id, state: traces.state, size, truncated: traces.log?.truncated ?? false, ...(gap ? { gap } : {}) });
    } catch (error) {
      if (!(error instanceof ApiError)) options.onProblem(error);
      tell({ kind: 'refused', id, message: error instanceof ApiError ? error.message : 'The server has a fault; try again.' });
    }
  }

  async function range({ id, from, to }: Extract<LiveRequest, { kind: 'range' }>): Promise<void> {
    const watched = watches.get(id);
    if (!watched) return;
    const read = await readLogRange(options, watched.traces, from, to - from).catch((error: unknown) => options.onProblem(error));
    // A closed socket has nothing that waits.
    while (socket.readyState === socket.OPEN && socket.bufferedAmount > MAX_UNSENT_BYTES)
      await new Promise((resolve) => setTimeout(resolve, UNSENT_LOOK_MS));
    if (closed) return;
    // A runner that does not answer: it may do so later, or the attempt is over and is watched anew.
    const { bytes, offset, size } = read ?? { bytes: new Uint8Array(), offset: from, size: 0 };
    socket.send(encodeLogPieces([{ id, isAnswer: true, start: offset, size, bytes }]));
  }

  function take(request: LiveRequest): void {
    waiting += 1;
    // One after the other: an answer belongs to the watch that was there when it was asked for.
    work = work
      .then(() =>
        closed ? undefined : request.kind === 'watch' ? watch(request) : request.kind === 'range' ? range(request) : unwatch(request.id),
      )
      .catch((error: unknown) => options.onProblem(error))
      .finally(() => void (waiting -= 1));
  }

  function end(): void {
    if (closed) return;
    closed = true;
    clearTimeout(flushing);
    clearInterval(keepAlive);
    for (const id of watches.keys()) unwatch(id);
    onClosed();
  }

  function close({ code, reason }: Close): void {
    end();
    socket.close(code, reason);
    setTimeout(() => socket.terminate(), PATIENCE_MS).unref();
  }

  const keepAlive = setInterval(() => socket.ping(), KEEP_ALIVE_MS);
  socket.on('message', (data, isBinary) => {
    if (closed) return;
    const text = isBinary || !Buffer.isBuffer(data) ? '' : data.toString('utf8');
    if (text.length > MAX_LIVE_REQUEST_BYTES) return close(CLOSE.tooLarge);
    if (!requests.take(1) || waiting >= MAX_WAITING_REQUESTS) return close(CLOSE.tooFast);
    const request = parse(text);
    if (request === undefined) return close(CLOSE.invalid);
    take(request);
  });
  socket.on('close', end);
  // A broken socket reports an error and then closes; without a listener the error would end the process.
  socket.on('error', end);
  return { close };
}

function parse(text: string): LiveRequest | undefined {
  try {
    return LiveRequest.safeParse(JSON.parse(text)).data;
  } catch {
    return undefined;
  }
}
