/** The one socket of this page for what running cards print and measure. Comes back by itself, and then asks for everything again. */
import { decodeLogPieces, type LiveMetrics, type LiveNews, type LiveRequest, type LogPiece } from '@ensemble/protocol';

export interface LiveHandlers {
  /** Once for each connection: what was on its way before is lost. */
  onWatching(news: Extract<LiveNews, { kind: 'watching' }>): void;
  onRefused(message: string): void;
  onLog?(piece: LogPiece): void;
  onMetrics?(metrics: LiveMetrics): void;
  /** Nothing comes until it is there again. */
  onLost?(): void;
}

export interface LiveWatch {
  /** Asks for bytes of the log; they come through `onLog`. */
  range(from: number, to: number): void;
  stop(): void;
}

type Watched = { request: Extract<LiveRequest, { kind: 'watch' }>; handlers: LiveHandlers };

const FIRST_RETRY_MS = 300;
const LAST_RETRY_MS = 5_000;
/** Nobody looks any more: the socket is closed. */
const IDLE_MS = 10_000;

const watched = new Map<number, Watched>();
let socket: WebSocket | undefined;
let retryMs = FIRST_RETRY_MS;
let timer: ReturnType<typeof setTimeout> | undefined;
let lastId = 0;

function send(request: LiveRequest): void {
  if (socket?.readyState === WebSocket.OPEN) socket.send(JSON.stringify(request));
}

function connect(): void {
  clearTimeout(timer);
  if (socket || watched.size === 0) return;
  const { protocol, host } = window.location;
  const opened = new WebSocket(`${protocol === 'https:' ? 'wss' : 'ws'}://${host}/live`);
  opened.binaryType = 'arraybuffer';
  socket = opened;
  opened.addEventListener('open', () => {
    retryMs = FIRST_RETRY_MS;
    for (const { request } of watched.values()) send(request);
  });
  opened.addEventListener('message', ({ data }: MessageEvent<string | ArrayBuffer>) => {
    if (typeof data === 'string') take(JSON.parse(data) as LiveNews);
    else for (const piece of decodeLogPieces(new Uint8Array(data))) watched.get(piece.id)?.handlers.onLog?.(piece);
  });
  opened.addEventListener('close', () => {
    if (socket !== opened) return;
    socket = undefined;
    for (const { handlers } of watched.values()) handlers.onLost?.();
    timer = setTimeout(connect, retryMs);
    retryMs = Math.min(LAST_RETRY_MS, retryMs * 2);
  });
}

function take(news: LiveNews): void {
  if (news.kind === 'metrics') for (const one of news.news) watched.get(one.id)?.handlers.onMetrics?.(one);
  else if (news.kind === 'watching') watched.get(news.id)?.handlers.onWatching(news);
  else watched.get(news.id)?.handlers.onRefused(news.message);
}

function closeIfIdle(): void {
  if (watched.size > 0) return;
  const idle = socket;
  socket = undefined;
  idle?.close();
}

export function watchLive(
  what: { runId: string; nodeId: string; attempt?: number; log: boolean; metrics: boolean },
  handlers: LiveHandlers,
): LiveWatch {
  const id = (lastId += 1);
  const request = { kind: 'watch' as const, id, ...what };
  watched.set(id, { request, handlers });
  if (socket) send(request);
  else connect();
  return {
    range: (from, to) => send({ kind: 'range', id, from, to }),
    stop() {
      watched.delete(id);
      send({ kind: 'unwatch', id });
      setTimeout(closeIfIdle, IDLE_MS);
    },
  };
}
