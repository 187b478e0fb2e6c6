/**
 * Peers that edit one pipeline through a server, with delayed, doubled and reordered delivery, partitions and
 * restarts. Deterministic for a given order of calls. Knows nothing of what the edits mean.
 */
import * as Y from 'yjs';
import { createUndo } from '../undo.ts';

export interface Peer {
  doc: Y.Doc;
  undo: Y.UndoManager;
  origin: object;
  online: boolean;
  /** Updates under way to the server and from it. */
  up: Uint8Array[];
  down: Uint8Array[];
}

export class PeerNetwork {
  readonly server: Y.Doc;
  /** Every update the server accepted, in order: what a reload reads. */
  readonly journal: Uint8Array[] = [];
  readonly peers: Peer[] = [];
  #nextClient = 1;

  constructor(count: number) {
    this.server = this.#newDoc();
    this.server.on('update', (update: Uint8Array, origin: unknown) => {
      this.journal.push(update);
      for (const peer of this.peers) if (peer.online && peer !== origin) peer.down.push(update);
    });
    for (let made = 0; made < count; made++) {
      const peer: Peer = { ...this.#session(), online: true, up: [], down: [] };
      this.peers.push(peer);
      this.#listen(peer);
    }
  }

  /** True when the server has something that this peer has not seen: an edit now is concurrent. */
  isBehind(peer: Peer): boolean {
    const seen = Y.decodeStateVector(Y.encodeStateVector(peer.doc));
    return [...Y.decodeStateVector(Y.encodeStateVector(this.server))].some(([client, clock]) => (seen.get(client) ?? 0) < clock);
  }

  /** Delivers one waiting update from `queue`; `at` may be out of order. */
  deliver(peer: Peer, direction: 'up' | 'down', at = 0): void {
    const [update] = peer[direction].splice(at, 1);
    if (!update) return;
    if (direction === 'up') Y.applyUpdate(this.server, update, peer);
    else Y.applyUpdate(peer.doc, update, this);
  }

  disconnect(peer: Peer): void {
    peer.online = false;
    peer.up = [];
    peer.down = [];
  }

  /** As the provider does it: both sides send what the other lacks. */
  reconnect(peer: Peer): void {
    this.#push(peer);
    this.#pull(peer);
  }

  /** The tab is closed and opened again, offline: the document comes back from what was stored, the undo history does not. */
  restart(peer: Peer): void {
    this.disconnect(peer);
    const stored = Y.encodeStateAsUpdate(peer.doc);
    peer.undo.destroy();
    peer.doc.destroy();
    Object.assign(peer, this.#session());
    Y.applyUpdate(peer.doc, stored, this);
    this.#listen(peer);
  }

  settle(): void {
    for (const peer of this.peers) this.#push(peer);
    for (const peer of this.peers) this.#pull(peer);
  }

  /** The document as a restarted server reads it. */
  reload(): Y.Doc {
    const doc = this.#newDoc();
    for (const update of this.journal) Y.applyUpdate(doc, update);
    return doc;
  }

  #push(peer: Peer): void {
    this.disconnect(peer);
    Y.applyUpdate(this.server, Y.encodeStateAsUpdate(peer.doc, Y.encodeStateVector(this.server)), peer);
  }

  #pull(peer: Peer): void {
    Y.applyUpdate(peer.doc, Y.encodeStateAsUpdate(this.server, Y.encodeStateVector(peer.doc)), this);
    peer.online = true;
  }

  #session(): Pick<Peer, 'doc' | 'undo' | 'origin'> {
    const doc = this.#newDoc();
    const origin = {};
    return { doc, origin, undo: createUndo(doc, origin, { groupMs: 0 }) };
  }

  #listen(peer: Peer): void {
    peer.doc.on('update', (update: Uint8Array, origin: unknown) => {
      if (origin !== this && peer.online) peer.up.push(update);
    });
  }

  #newDoc(): Y.Doc {
    const doc = new Y.Doc();
    doc.clientID = this.#nextClient++;
    return doc;
  }
}
