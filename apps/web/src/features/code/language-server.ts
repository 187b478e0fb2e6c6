/** The Language Server Protocol over the messages of a worker, as far as Pyright in a browser speaks it. Knows nothing of cards. */
// The worker comes as it is: it is 17 MB, and bundling would only slow the build.
import serverUrl from 'browser-basedpyright/dist/pyright.worker.js?url';

interface Message {
  jsonrpc?: '2.0';
  id?: number;
  method?: string;
  params?: unknown;
  result?: unknown;
  error?: { message: string };
  /** Outside of the protocol: the server wants a second worker, for checking beside answering. */
  type?: 'browser/newWorker';
  initialData?: unknown;
  port?: MessagePort;
}

export interface LanguageServer {
  /** Rejects with what the server says is wrong. */
  request(method: string, params: unknown): Promise<unknown>;
  notify(method: string, params: unknown): void;
}

interface Listener {
  onNotification(method: string, params: unknown): void;
  /** What a section of the settings holds. */
  settings: unknown;
  onCrash(message: string): void;
}

export function startLanguageServer({ onNotification, settings, onCrash }: Listener): LanguageServer {
  const waiting = new Map<number, { resolve: (result: unknown) => void; reject: (error: Error) => void }>();
  let lastId = 0;
  const startWorker = () => {
    const worker = new Worker(serverUrl);
    worker.addEventListener('error', (event) => onCrash(event.message || 'The type checker could not be loaded.'));
    return worker;
  };
  const server = startWorker();
  // oxlint-disable-next-line unicorn/require-post-message-target-origin -- a worker has none
  const send = (message: unknown) => server.postMessage(message);
  send({ type: 'browser/boot', mode: 'foreground' });
  server.addEventListener('message', ({ data }: MessageEvent<Message>) => {
    if (data.type === 'browser/newWorker' && data.port) {
      startWorker().postMessage({ type: 'browser/boot', mode: 'background', initialData: data.initialData, port: data.port }, [data.port]);
    } else if (data.jsonrpc === undefined) {
      return;
    } else if (data.method === undefined) {
      const asked = waiting.get(data.id ?? -1);
      waiting.delete(data.id ?? -1);
      if (data.error) asked?.reject(new Error(data.error.message));
      else asked?.resolve(data.result);
    } else if (data.id === undefined) {
      onNotification(data.method, data.params);
    } else {
      const { items = [] } = (data.params ?? {}) as { items?: unknown[] };
      send({ jsonrpc: '2.0', id: data.id, result: data.method === 'workspace/configuration' ? items.map(() => settings) : null });
    }
  });
  return {
    request(method, params) {
      lastId += 1;
      const id = lastId;
      send({ jsonrpc: '2.0', id, method, params });
      return new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
    },
    notify: (method, params) => send({ jsonrpc: '2.0', method, params }),
  };
}
