/**
 * One client of any of the servers, on a socket of its own. Kept lean, since a hundred of them share two cores with the
 * server: a client that does not follow reads no more of a frame than it needs to find acknowledgements.
 */
import { WireReader, wireBytes } from '@ensemble/testkit';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

/** Hocuspocus puts the document's name before each frame and acknowledges; y-websocket does neither. */
export type Dialect = 'hocuspocus' | 'y-websocket';

const DOCUMENT = 'pipeline:bench';
/** The node that a writer drags. */
export const nodeOf = (writer: number): string => `node-${writer}`;

export interface ClientOptions {
  url: string;
  dialect: Dialect;
  user: string;
  /** Apply what others write, after the first sync too. */
  follow: boolean;
  onAcknowledged?(edit: number): void;
}

export interface Client {
  readonly doc: Y.Doc;
  /** `edit` is handed to `onAcknowledged`. */
  send(update: Uint8Array, edit: number): void;
  close(): void;
}

const FRAME = { sync: 0, auth: 2, syncReply: 4, close: 7, syncStatus: 8 };
const SYNC = { step1: 0, step2: 1, update: 2 };
const NO_EDIT = -1;

/** Resolves once the document is here. */
export async function openClient({ url, dialect, user, follow, onAcknowledged }: ClientOptions): Promise<Client> {
  const named = dialect === 'hocuspocus';
  const head = named ? wireBytes(DOCUMENT) : new Uint8Array();
  const doc = new Y.Doc();
  const unacknowledged: number[] = [];
  const synced = Promise.withResolvers<void>();
  let ready = false;
  const socket = new WebSocket(named ? url : `${url}/${DOCUMENT}`, { headers: { 'x-user': user }, perMessageDeflate: false });
  const send = (...parts: (number | string | Uint8Array)[]): void => socket.send(Buffer.concat([head, wireBytes(...parts)]));
  function sendCounted(edit: number, type: number, update: Uint8Array): void {
    if (named) unacknowledged.push(edit);
    send(FRAME.sync, type, update);
  }

  socket.on('open', () => {
    if (named) send(FRAME.auth, 0, 'bench', 'bench');
    send(FRAME.sync, SYNC.step1, Y.encodeStateVector(doc));
  });
  socket.on('error', synced.reject);
  socket.on('close', (code) => synced.reject(new Error(`The server closed the socket of ${user}: ${code}.`)));
  socket.on('message', (data: Buffer) => {
    const body = data.subarray(head.byteLength);
    if (named && body[0] === FRAME.syncStatus) {
      const edit = unacknowledged.shift() ?? NO_EDIT;
      if (edit !== NO_EDIT && body[1] === 1) onAcknowledged?.(edit);
    } else if (body[0] === FRAME.close && named) synced.reject(new Error(`The server closed the document of ${user}.`));
    else if ((body[0] === FRAME.sync || body[0] === FRAME.syncReply) && (follow || !ready)) receive(body);
  });
  function receive(body: Uint8Array): void {
    const payload = new WireReader(body.subarray(2)).block();
    if (body[1] === SYNC.step1) return sendCounted(NO_EDIT, SYNC.step2, Y.encodeStateAsUpdate(doc, payload));
    Y.applyUpdate(doc, payload, 'server');
    if (body[1] !== SYNC.step2) return;
    ready = true;
    synced.resolve();
  }
  await synced.promise;
  return { doc, send: (update, edit) => sendCounted(edit, SYNC.update, update), close: () => socket.terminate() };
}
