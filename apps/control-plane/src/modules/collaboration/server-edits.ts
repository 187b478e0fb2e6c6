/**
 * Edits that the control plane makes. Each is computed on a shadow of the document, journalled, and only then applied
 * to the live one. Documents stay open for a while, since such edits come in runs. Ignores people and sockets.
 */
import type { Document, Hocuspocus } from '@hocuspocus/server';
import * as Y from 'yjs';
import { ApiError } from '../../platform/api-error.ts';
import type { StorageGate } from './storage-gate.ts';
import type { VisitContext } from './visit.ts';

export interface ServerEdits {
  edit(name: string, actor: string, change: (doc: Y.Doc) => void): Promise<void>;
  read<T>(name: string, look: (doc: Y.Doc) => T): Promise<T>;
  /** Resolves when every edit asked for so far is done. */
  settled(): Promise<void>;
  /** Lets go of every document. */
  close(): Promise<void>;
}

export interface ServerEditsOptions {
  hocuspocus: Hocuspocus<VisitContext>;
  gate: StorageGate;
  signal: AbortSignal;
  keepOpenMs: number;
  /** Applies a journalled update to the live document. */
  apply(document: Document, actor: string, row: bigint, update: Uint8Array): void;
  /** Throws an ApiError when so many bytes more would be too much. */
  checkSize(document: Document, bytes: number): void;
}

type DirectConnection = Awaited<ReturnType<Hocuspocus<VisitContext>['openDirectConnection']>>;

interface OpenDocument {
  connection: DirectConnection;
  live: Document;
  shadow: Y.Doc | undefined;
  follow: (update: Uint8Array) => void;
  users: number;
  timer: NodeJS.Timeout | undefined;
}

export function createServerEdits({ hocuspocus, gate, signal, keepOpenMs, apply, checkSize }: ServerEditsOptions): ServerEdits {
  const open = new Map<string, Promise<OpenDocument>>();
  const queues = new Map<string, Promise<unknown>>();

  async function openDocument(name: string): Promise<OpenDocument> {
    let connection: DirectConnection;
    try {
      connection = await hocuspocus.openDirectConnection(name);
    } catch {
      throw new ApiError('unavailable', `The document ${name} could not be loaded. Try again in a moment.`);
    }
    const document: OpenDocument = {
      connection,
      live: connection.document!,
      shadow: undefined,
      follow: (update) => document.shadow && Y.applyUpdate(document.shadow, update, FOLLOWED),
      users: 0,
      timer: undefined,
    };
    document.live.on('update', document.follow);
    return document;
  }

  async function letGo(name: string, document: OpenDocument): Promise<void> {
    open.delete(name);
    document.live.off('update', document.follow);
    document.shadow?.destroy();
    document.shadow = undefined;
    await document.connection.disconnect();
  }

  async function withDocument<T>(name: string, work: (document: OpenDocument) => Promise<T> | T): Promise<T> {
    let opening = open.get(name);
    if (!opening) {
      open.set(name, (opening = openDocument(name)));
      opening.catch(() => open.delete(name));
    }
    const document = await opening;
    clearTimeout(document.timer);
    document.users += 1;
    try {
      return await work(document);
    } finally {
      document.users -= 1;
      if (document.users === 0) {
        document.timer = setTimeout(() => void letGo(name, document), keepOpenMs);
        document.timer.unref();
      }
    }
  }

  /** What the change would do, as one update; undefined when nothing. A change that throws leaves no trace. */
  function compute(document: OpenDocument, change: (doc: Y.Doc) => void): Uint8Array | undefined {
    if (!document.shadow) {
      document.shadow = new Y.Doc();
      Y.applyUpdate(document.shadow, Y.encodeStateAsUpdate(document.live), FOLLOWED);
    }
    const { shadow } = document;
    const updates: Uint8Array[] = [];
    const collect = (update: Uint8Array): void => void updates.push(update);
    shadow.on('update', collect);
    try {
      shadow.transact(() => change(shadow));
    } catch (error) {
      discardShadow(document);
      throw error;
    } finally {
      shadow.off('update', collect);
    }
    return updates.length === 0 ? undefined : Y.mergeUpdates(updates);
  }

  function discardShadow(document: OpenDocument): void {
    document.shadow?.destroy();
    document.shadow = undefined;
  }

  async function editNow(name: string, actor: string, change: (doc: Y.Doc) => void): Promise<void> {
    signal.throwIfAborted();
    if (gate.state() === 'unavailable') {
      throw new ApiError('unavailable', `The storage is unavailable; ${name} was not changed. Try again in a moment.`);
    }
    await withDocument(name, async (document) => {
      const update = compute(document, change);
      if (!update) return;
      try {
        checkSize(document.live, update.byteLength);
        const row = await gate.append({ document: name, actor, bytes: update }, signal);
        apply(document.live, actor, row, update);
      } catch (error) {
        discardShadow(document);
        throw error;
      }
    });
  }

  return {
    edit(name, actor, change) {
      const before = queues.get(name) ?? Promise.resolve();
      const edit = before.then(() => editNow(name, actor, change));
      const done = edit
        .catch(() => {})
        .then(() => {
          if (queues.get(name) === done) queues.delete(name);
        });
      queues.set(name, done);
      return edit;
    },
    read: (name, look) => withDocument(name, ({ live }) => look(live)),
    async settled() {
      await Promise.allSettled(queues.values());
    },
    async close() {
      for (const [name, opening] of open) {
        const document = await opening.catch(() => undefined);
        if (!document) continue;
        clearTimeout(document.timer);
        await letGo(name, document);
      }
    },
  };
}

/** Origin of what a shadow takes over from the live document. */
const FOLLOWED = Symbol('followed');
