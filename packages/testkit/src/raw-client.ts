/**
 * A client of the collaboration socket that shows every frame: what was acknowledged, refused, seen of others.
 * It does not reconnect and keeps nothing on disk, and it can send whatever bytes a test wants.
 */
import { WebSocket } from 'ws';
import * as Y from 'yjs';
import { WireReader, wireBytes } from './wire-bytes.ts';

export const FRAME = {
  sync: 0,
  awareness: 1,
  auth: 2,
  queryAwareness: 3,
  syncReply: 4,
  stateless: 5,
  broadcastStateless: 6,
  close: 7,
  syncStatus: 8,
};
export const SYNC = { step1: 0, step2: 1, update: 2 };

export interface RawSocketOptions {
  url: string;
  headers?: Record<string, string>;
}

export interface Closed {
  code: number;
  reason: string;
}

/** One socket; any number of documents on it. */
export interface RawSocket {
  readonly socket: WebSocket;
  readonly closed: Promise<Closed>;
  send(bytes: Uint8Array): void;
  /** Opens a document. Rejects when it is refused or the socket closes first. */
  open(documentName: string, doc?: Y.Doc): Promise<RawDocument>;
  /** Lets go of the socket without a word, as a machine does that loses power. */
  terminate(): void;
}

export interface RawDocument {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly readOnly: boolean;
  /** Texts of the stateless messages received so far. */
  readonly stateless: string[];
  /** Presence received so far, by client id; null when the server said that it is gone. */
  readonly presence: Map<number, Record<string, unknown> | null>;
  /** Resolves with the reason when the server closes this document; the socket may stay open. */
  readonly closed: Promise<string>;
  /** Changes the document, sends the update and resolves once the server acknowledged it. Rejects when it never will. */
  edit(change: (doc: Y.Doc) => void): Promise<void>;
  sendUpdate(update: Uint8Array): Promise<void>;
  /** `type` and what follows it. */
  send(...parts: (number | string | Uint8Array)[]): void;
  setPresence(state: Record<string, unknown> | null, options?: { clientId?: number; clock?: number }): void;
}

interface OpenDocument {
  receive(reader: WireReader): void;
  lost(error: Error): void;
}

const TOKEN = 0;
const AUTH = { denied: 1, authenticated: 2 };

export async function openRawSocket({ url, headers }: RawSocketOptions): Promise<RawSocket> {
  const socket = new WebSocket(url, { ...(headers && { headers }), perMessageDeflate: false });
  const documents = new Map<string, OpenDocument>();
  const closed = Promise.withResolvers<Closed>();
  const opened = Promise.withResolvers<void>();
  socket.on('open', () => opened.resolve());
  socket.on('error', (error) => opened.reject(error));
  socket.on('close', (code, reason) => {
    closed.resolve({ code, reason: reason.toString() });
    for (const document of documents.values()) document.lost(new Error(`The socket closed: ${code} ${reason.toString()}`));
  });
  socket.on('message', (data: Buffer) => {
    const reader = new WireReader(data);
    documents.get(reader.text())?.receive(reader);
  });
  await opened.promise;

  const send = (bytes: Uint8Array): void => {
    if (socket.readyState === WebSocket.OPEN) socket.send(bytes);
  };
  return {
    socket,
    closed: closed.promise,
    send,
    terminate: () => socket.terminate(),
    open(name, doc = new Y.Doc()) {
      return openDocument(name, doc, send, (document) => documents.set(name, document));
    },
  };
}

function openDocument(
  name: string,
  doc: Y.Doc,
  sendFrame: (bytes: Uint8Array) => void,
  register: (document: OpenDocument) => void,
): Promise<RawDocument> {
  const ready = Promise.withResolvers<RawDocument>();
  const closed = Promise.withResolvers<string>();
  const unacknowledged: PromiseWithResolvers<void>[] = [];
  const stateless: string[] = [];
  const presence: RawDocument['presence'] = new Map();
  const ORIGIN = Symbol('server');
  let readOnly = false;
  let synced = false;
  let over: Error | undefined;
  let clock = 0;

  const send = (...parts: (number | string | Uint8Array)[]): void => sendFrame(wireBytes(name, ...parts));
  function sendCounted(...parts: (number | string | Uint8Array)[]): Promise<void> {
    if (over) return Promise.reject(over);
    const acknowledged = Promise.withResolvers<void>();
    acknowledged.promise.catch(() => {});
    unacknowledged.push(acknowledged);
    send(...parts);
    return acknowledged.promise;
  }
  function lost(error: Error): void {
    over ??= error;
    ready.reject(error);
    closed.resolve(error.message);
    for (const waiting of unacknowledged.splice(0)) waiting.reject(error);
  }

  const document: RawDocument = {
    name,
    doc,
    get readOnly() {
      return readOnly;
    },
    stateless,
    presence,
    closed: closed.promise,
    send,
    sendUpdate: (update) => sendCounted(FRAME.sync, SYNC.update, update),
    edit(change) {
      const updates: Uint8Array[] = [];
      const collect = (update: Uint8Array, origin: unknown): void => {
        if (origin !== ORIGIN) updates.push(update);
      };
      doc.on('update', collect);
      doc.transact(() => change(doc));
      doc.off('update', collect);
      return updates.length === 0 ? Promise.resolve() : document.sendUpdate(Y.mergeUpdates(updates));
    },
    setPresence(state, { clientId = doc.clientID, clock: at = (clock += 1) } = {}) {
      send(FRAME.awareness, wireBytes(1, clientId, at, JSON.stringify(state)));
    },
  };

  function receiveSync(reader: WireReader): void {
    const type = reader.uint();
    const payload = reader.block();
    if (type === SYNC.step1) void sendCounted(FRAME.sync, SYNC.step2, Y.encodeStateAsUpdate(doc, payload)).catch(() => {});
    else Y.applyUpdate(doc, payload, ORIGIN);
    if (type === SYNC.step2 && !synced) {
      synced = true;
      ready.resolve(document);
    }
  }
  function receivePresence(update: WireReader): void {
    const count = update.uint();
    for (let index = 0; index < count; index += 1) {
      const clientId = update.uint();
      update.uint();
      presence.set(clientId, JSON.parse(update.text()) as Record<string, unknown> | null);
    }
  }

  register({
    lost,
    receive(reader) {
      const type = reader.uint();
      if (type === FRAME.sync || type === FRAME.syncReply) receiveSync(reader);
      else if (type === FRAME.awareness) receivePresence(new WireReader(reader.block()));
      else if (type === FRAME.stateless) stateless.push(reader.text());
      else if (type === FRAME.close) lost(new Error(reader.text()));
      else if (type === FRAME.syncStatus) {
        const waiting = unacknowledged.shift();
        if (reader.uint() === 1) waiting?.resolve();
        else waiting?.reject(new Error('The server did not take the update.'));
      } else if (type === FRAME.auth) {
        const answer = reader.uint();
        if (answer === AUTH.denied) lost(new Error(reader.text()));
        else if (answer === AUTH.authenticated) readOnly = reader.text() === 'readonly';
      }
    },
  });
  send(FRAME.auth, TOKEN, 'test', 'raw');
  send(FRAME.sync, SYNC.step1, Y.encodeStateVector(doc));
  return ready.promise;
}
