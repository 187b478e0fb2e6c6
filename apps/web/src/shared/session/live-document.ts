/**
 * One shared document, kept in step with the server for as long as it is open: connection facts,
 * reopening after the server closed it, and (for documents people edit) the copy in this browser.
 * Knows nothing of what the document holds.
 */
import { HocuspocusProvider } from '@hocuspocus/provider';
import { CLOSE } from '@ensemble/protocol';
import type { Awareness } from 'y-protocols/awareness';
import { IndexeddbPersistence } from 'y-indexeddb';
import * as Y from 'yjs';
import { collabSocket } from './collab-socket.ts';
import { createStore } from './external-store.ts';
import type { ExternalStore } from './external-store.ts';
import type { ConnectionFacts } from './save-state.ts';
import { storageNews } from './storage-news.ts';

export interface LiveDocument {
  readonly name: string;
  readonly doc: Y.Doc;
  readonly awareness: Awareness | null;
  readonly facts: ExternalStore<ConnectionFacts>;
  close(): void;
}

export interface OpenOptions {
  /** Share presence on this document. */
  presence?: boolean;
  /** Keep a copy in this browser under this key, so that offline edits survive a reload. */
  offlineKey?: string;
}

const FIRST_PAUSE_MS = 500;
const LAST_PAUSE_MS = 10_000;
const CALM_MS = 30_000;

export function openDocument(name: string, options: OpenOptions = {}): LiveDocument {
  const socket = collabSocket();
  const doc = new Y.Doc();
  const facts = createStore<ConnectionFacts>({
    online: isOnline(socket.status),
    authenticated: false,
    everSynced: false,
    unsyncedChanges: 0,
    storageAvailable: true,
    changesRefused: 0,
    readOnly: false,
    accessChanges: 0,
  });
  const learn = (news: Partial<ConnectionFacts>) => facts.set({ ...facts.get(), ...news });
  let pauseMs = FIRST_PAUSE_MS;
  let reopening: ReturnType<typeof setTimeout> | undefined;
  let calming: ReturnType<typeof setTimeout> | undefined;
  const copy = options.offlineKey ? new IndexeddbPersistence(options.offlineKey, doc) : undefined;

  const provider = new HocuspocusProvider({
    name,
    document: doc,
    websocketProvider: socket,
    ...(options.presence ? {} : { awareness: null }),
    onStatus: ({ status }) => learn(status === 'connected' ? { online: isOnline(status) } : { online: false, authenticated: false }),
    onSynced: () => learn({ everSynced: true }),
    onAuthenticated: ({ scope }) => {
      learn({ authenticated: true, readOnly: scope === 'readonly', refusal: undefined });
      // Peers ignore a presence whose clock they have seen before; this raises it.
      provider.awareness?.setLocalState({ ...provider.awareness.getLocalState() });
      clearTimeout(calming);
      calming = setTimeout(calm, CALM_MS);
    },
    onAuthenticationFailed: ({ reason }) => {
      if (reason === CLOSE.storage.reason) reopenLater();
      else learn({ authenticated: false, refusal: refusalOf(reason) ?? 'forbidden' });
    },
    onUnsyncedChanges: ({ number }) => learn({ unsyncedChanges: number, ...(number === 0 ? { changesRefused: 0 } : {}) }),
    onStateless: ({ payload }) => {
      const available = storageNews(payload);
      if (available !== undefined) learn({ storageAvailable: available });
    },
    onClose: ({ event }) => {
      clearTimeout(calming);
      const { changesRefused, accessChanges } = facts.get();
      const refused = event.reason === CLOSE.invalid.reason || event.reason === CLOSE.tooLarge.reason;
      learn({
        authenticated: false,
        storageAvailable: true,
        changesRefused: refused ? changesRefused + 1 : changesRefused,
        accessChanges: event.reason === CLOSE.accessChanged.reason ? accessChanges + 1 : accessChanges,
      });
      if (socket.status === 'connected') reopenLater();
    },
  });

  const calm = () => {
    pauseMs = FIRST_PAUSE_MS;
  };
  // The server closed this document but not the socket: left alone, the provider would believe for ever that it is connected.
  const reopenLater = () => {
    clearTimeout(reopening);
    reopening = setTimeout(() => {
      if (socket.status === 'connected' && socket.receivedOnOpenPayload) void provider.onOpen(socket.receivedOnOpenPayload);
    }, pauseMs);
    pauseMs = Math.min(pauseMs * 2, LAST_PAUSE_MS);
  };
  // The machine knows before the socket does that the network is gone.
  const onNetwork = () => learn({ online: isOnline(socket.status) });
  window.addEventListener('online', onNetwork);
  window.addEventListener('offline', onNetwork);
  provider.attach();

  return {
    name,
    doc,
    awareness: provider.awareness,
    facts,
    close() {
      clearTimeout(reopening);
      clearTimeout(calming);
      window.removeEventListener('online', onNetwork);
      window.removeEventListener('offline', onNetwork);
      provider.destroy();
      void copy?.destroy();
      doc.destroy();
    },
  };
}

const isOnline = (socketStatus: string): boolean => socketStatus === 'connected' && navigator.onLine;

function refusalOf(reason: string): ConnectionFacts['refusal'] {
  if (reason === CLOSE.unauthorized.reason) return 'unauthorized';
  if (reason === CLOSE.forbidden.reason || reason === 'permission-denied') return 'forbidden';
  return reason === CLOSE.notFound.reason ? 'not-found' : undefined;
}
