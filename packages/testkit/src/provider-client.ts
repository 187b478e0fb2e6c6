/** The provider that the web app uses, over Node's sockets, with the one thing every client must add: reopening a document. */
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import * as Y from 'yjs';

export interface ProviderClientOptions {
  url: string;
  documentName: string;
  headers?: Record<string, string>;
  /** Pause before a document that the server closed is opened again, and before the socket is opened again. */
  reopenMs?: number;
}

export interface ProviderClient {
  doc: Y.Doc;
  provider: HocuspocusProvider;
  /** Reasons the server gave for closing this document. */
  closes: string[];
  stateless: string[];
  destroy(): void;
}

export async function openProvider({ url, documentName, headers = {}, reopenMs = 50 }: ProviderClientOptions): Promise<ProviderClient> {
  class SocketWithHeaders extends WebSocket {
    constructor(address: string) {
      super(address, { headers });
    }
  }
  const websocketProvider = new HocuspocusProviderWebsocket({
    url,
    WebSocketPolyfill: SocketWithHeaders,
    delay: reopenMs,
    minDelay: reopenMs,
  });
  const doc = new Y.Doc();
  const closes: string[] = [];
  const stateless: string[] = [];
  const synced = Promise.withResolvers<void>();
  let destroyed = false;
  const provider = new HocuspocusProvider({
    websocketProvider,
    name: documentName,
    document: doc,
    onSynced: () => synced.resolve(),
    onAuthenticationFailed: ({ reason }) => synced.reject(new Error(reason)),
    onStateless: ({ payload }) => void stateless.push(payload),
  });
  provider.on('close', ({ event }: { event: { code: number; reason: string } }) => {
    // Code 1000 is the document's own close; the socket's are reopened by the websocket provider.
    if (event.code !== 1000) return;
    closes.push(event.reason);
    setTimeout(() => {
      const opened = websocketProvider.receivedOnOpenPayload;
      if (!destroyed && opened) void provider.onOpen(opened);
    }, reopenMs);
  });
  const destroy = (): void => {
    destroyed = true;
    provider.destroy();
    websocketProvider.destroy();
  };
  provider.attach();
  // Whoever is refused has nothing to end by themselves.
  await synced.promise.catch((error: unknown) => {
    destroy();
    throw error;
  });
  return { doc, provider, closes, stateless, destroy };
}
