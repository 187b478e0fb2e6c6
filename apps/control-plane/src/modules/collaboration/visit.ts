/**
 * One person's socket: the door where frames are counted and measured before Hocuspocus sees them.
 * Knows nothing of documents' contents, nor of the database.
 */
import type { Hocuspocus } from '@hocuspocus/server';
import { CLOSE, MAX_DOCUMENT_MESSAGE_BYTES, MAX_DOCUMENTS_PER_SOCKET, parseDocumentName } from '@ensemble/protocol';
import type { WebSocket } from 'ws';
import { deniedFrame, FRAME, FrameReader } from './frame.ts';
import { createTokenBucket } from './token-bucket.ts';

/** Whoever the caller authenticated. */
export interface Person {
  userId: string;
  name: string;
}

export interface VisitLimits {
  messages: { perSecond: number; burst: number };
  bytes: { perSecond: number; burst: number };
  /** Bytes of received frames that may wait to be handled. */
  maxWaitingBytes: number;
  /** Bytes that may wait to be sent, besides large ones. */
  maxUnsentBytes: number;
  /** Bytes of frames above `largeFrameBytes` (whole documents) that may wait to be sent. */
  maxUnsentLargeBytes: number;
  largeFrameBytes: number;
  keepAliveMs: number;
}

export const DEFAULT_LIMITS: VisitLimits = {
  messages: { perSecond: 200, burst: 2_000 },
  bytes: { perSecond: 2 * 1024 * 1024, burst: 40 * 1024 * 1024 },
  maxWaitingBytes: 40 * 1024 * 1024,
  maxUnsentBytes: 4 * 1024 * 1024,
  maxUnsentLargeBytes: 72 * 1024 * 1024,
  largeFrameBytes: 256 * 1024,
  // A provider gives up a socket on which it heard nothing for 30 s.
  keepAliveMs: 10_000,
};

/** Kept apart from the person's object so that Hocuspocus, which copies contexts, copies a reference. */
export interface VisitContext {
  visit: Visit;
}

export interface Visit {
  readonly person: Person;
  /** Aborted when the socket is closed, for whatever cause; nothing new is accepted of it. */
  readonly signal: AbortSignal;
  /**
   * Aborted when the server closed the socket, and a while after the person left: what was received is not accepted any more either.
   * Who closes a tab right after a word has sent it.
   */
  readonly dismissed: AbortSignal;
  /** Counts work of this visit that `settled` waits for. */
  track<T>(work: Promise<T>): Promise<T>;
  settled(): Promise<void>;
  /** A frame of that document was handled, or its connection is gone. */
  handled(documentName: string, bytes: number): void;
  left(documentName: string): void;
  documentNames(): Iterable<string>;
  /** Closes the socket; a peer that does not answer is cut off. */
  close(close: { code: number; reason: string }): void;
}

/** Frames of the connection itself, of one byte and without a document. */
const PING = new Uint8Array([9]);
const PONG = 10;
const PATIENCE_MS = 1_000;
/** How long what somebody sent before they left may wait for the journal. */
const FAREWELL_MS = 10_000;
const FRAMES_OF_CLIENTS: ReadonlySet<number> = new Set([
  FRAME.sync,
  FRAME.awareness,
  FRAME.auth,
  FRAME.queryAwareness,
  FRAME.syncReply,
  FRAME.close,
]);

export interface VisitOptions {
  socket: WebSocket;
  person: Person;
  limits: VisitLimits;
  now: () => number;
  /** Hands the visit to Hocuspocus. */
  connect(
    socket: { send(data: Uint8Array): void; close(code?: number, reason?: string): void; readyState: number },
    visit: Visit,
  ): ReturnType<Hocuspocus<VisitContext>['handleConnection']>;
  /** The socket is closed, and nothing of the visit is left to handle. */
  onClosed(visit: Visit): void;
}

export function openVisit({ socket, person, limits, now, connect, onClosed }: VisitOptions): Visit {
  const ending = new AbortController();
  const dismissing = new AbortController();
  const pending = new Set<Promise<unknown>>();
  const waitingBytes = new Map<string, number>();
  const messages = createTokenBucket({ ...limits.messages, now });
  const bytes = createTokenBucket({ ...limits.bytes, now });
  let unsentLargeBytes = 0;
  let hasClosed = false;
  let saidClosed = false;

  const visit: Visit = {
    person,
    signal: ending.signal,
    dismissed: dismissing.signal,
    track(work) {
      const tracked = work.finally(() => pending.delete(tracked));
      pending.add(tracked);
      return tracked;
    },
    async settled() {
      await Promise.allSettled(pending);
    },
    handled(name, size) {
      const waiting = waitingBytes.get(name);
      if (waiting !== undefined) waitingBytes.set(name, Math.max(0, waiting - size));
    },
    left(name) {
      waitingBytes.delete(name);
      sayClosed();
    },
    documentNames: () => waitingBytes.keys(),
    close({ code, reason }) {
      dismiss();
      socket.close(code, reason);
      setTimeout(() => socket.terminate(), PATIENCE_MS).unref();
    },
  };

  function end(): void {
    if (ending.signal.aborted) return;
    ending.abort(new Error('The socket is closed.'));
  }

  function dismiss(): void {
    end();
    if (!dismissing.signal.aborted) dismissing.abort(new Error('The socket is closed.'));
    sayClosed();
  }

  /** Once, when the socket is closed and nothing that was received still waits to be handled, or may any more. */
  function sayClosed(): void {
    if (saidClosed || !hasClosed || !(waitingBytes.size === 0 || dismissing.signal.aborted)) return;
    saidClosed = true;
    onClosed(visit);
  }

  function send(data: Uint8Array): void {
    if (socket.readyState !== socket.OPEN) return;
    const large = data.byteLength > limits.largeFrameBytes;
    if (large) unsentLargeBytes += data.byteLength;
    if (socket.bufferedAmount - unsentLargeBytes > limits.maxUnsentBytes || unsentLargeBytes > limits.maxUnsentLargeBytes) {
      dismiss();
      socket.terminate();
      return;
    }
    socket.send(data, () => {
      if (large) unsentLargeBytes -= data.byteLength;
    });
  }

  /** Returns what to close the socket with, or whether Hocuspocus gets the frame. */
  function inspect(frame: Uint8Array): boolean | (typeof CLOSE)[keyof typeof CLOSE] {
    if (frame.byteLength > MAX_DOCUMENT_MESSAGE_BYTES) return CLOSE.tooLarge;
    if (!messages.take(1) || !bytes.take(frame.byteLength)) return CLOSE.tooFast;
    let name: string;
    let type: number;
    try {
      const reader = new FrameReader(frame);
      name = reader.text();
      type = reader.uint();
    } catch {
      return CLOSE.invalid;
    }
    if (type === FRAME.stateless) return false;
    if (!FRAMES_OF_CLIENTS.has(type)) return CLOSE.invalid;
    const waiting = waitingBytes.get(name);
    if (waiting === undefined) {
      // Names are looked at here, so that no stranger's text becomes a key of Hocuspocus' objects.
      const refusal = !parseDocumentName(name)
        ? CLOSE.notFound.reason
        : waitingBytes.size >= MAX_DOCUMENTS_PER_SOCKET
          ? 'too-many-documents'
          : undefined;
      if (refusal !== undefined) {
        if (type === FRAME.auth && name.length <= 200) send(deniedFrame(name, refusal));
        return false;
      }
      // A close for a document that is not open would open it.
      if (type === FRAME.close) return false;
    }
    let total = frame.byteLength;
    for (const size of waitingBytes.values()) total += size;
    if (total > limits.maxWaitingBytes) return CLOSE.tooFast;
    waitingBytes.set(name, (waiting ?? 0) + frame.byteLength);
    return true;
  }

  const client = connect(
    {
      send,
      close: (code, reason) => visit.close({ code: code ?? 1000, reason: reason ?? '' }),
      get readyState() {
        return socket.readyState;
      },
    },
    visit,
  );

  // Documents without presence are silent for as long as nobody edits, and silence looks like a dead connection to both ends.
  const keepAlive = setInterval(() => send(PING), limits.keepAliveMs);

  socket.on('message', (data, isBinary) => {
    if (ending.signal.aborted) return;
    const frame = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : new Uint8Array(data);
    if (frame.byteLength === 1 && frame[0] === PONG && messages.take(1)) {
      // Hocuspocus compares with this clock.
      client.lastMessageReceivedAt = Date.now();
      return;
    }
    const verdict = isBinary ? inspect(frame) : CLOSE.invalid;
    if (verdict === true) client.handleMessage(frame);
    else if (verdict !== false) visit.close(verdict);
  });
  socket.on('close', (code, reason) => {
    clearInterval(keepAlive);
    end();
    setTimeout(dismiss, FAREWELL_MS).unref();
    client.handleClose({ code, reason: reason.toString() });
    hasClosed = true;
    sayClosed();
  });
  // A broken socket reports an error and then closes; without a listener the error would end the process.
  socket.on('error', end);
  return visit;
}
