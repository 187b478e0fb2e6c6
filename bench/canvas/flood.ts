/**
 * States of steps faster than any runner reports them. Only the server writes `run:` documents, so the flood is put
 * into the page's own socket, as the server's frames.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { FRAME, SYNC, wireBytes } from '@ensemble/testkit';
import type { BrowserContext, WebSocketRoute } from 'playwright-core';
import * as Y from 'yjs';

const EVERY_MS = 20;
const STATES = ['queued', 'running', 'succeeded'] as const;

export interface PageSocket {
  send(frame: Uint8Array): void;
}

/** Before the page is opened. */
export async function tapSocket(context: BrowserContext): Promise<PageSocket> {
  let route: WebSocketRoute | undefined;
  await context.routeWebSocket(/\/collab/, (opened) => {
    opened.connectToServer();
    route = opened;
  });
  return { send: (frame) => route?.send(Buffer.from(frame)) };
}

/** `doc` is the run's document as the server has it; the answer is how many states were sent. */
export async function flood(
  socket: PageSocket,
  name: string,
  doc: Y.Doc,
  { perSecond, forMs }: { perSecond: number; forMs: number },
): Promise<number> {
  const steps = doc.getMap<Record<string, unknown>>('steps');
  const ids = [...steps.keys()];
  let sent = 0;
  const send = (update: Uint8Array): void => socket.send(wireBytes(name, FRAME.sync, SYNC.update, update));
  doc.on('update', send);
  const from = performance.now();
  for (let now = from; now < from + forMs; now = performance.now()) {
    const due = Math.floor(((now - from) / 1_000) * perSecond);
    // One message for what happens in so short a time, as the server sends it.
    doc.transact(() => {
      for (; sent < due; sent += 1) {
        const id = ids[sent % ids.length] ?? '';
        const state = STATES[Math.floor(sent / ids.length) % STATES.length];
        const progress = state === 'running' ? { progress: { fraction: (sent % 10) / 10, message: '' } } : {};
        steps.set(id, { ...steps.get(id), state, attempt: 1, startedAt: 1, ...progress });
      }
    });
    await pause(EVERY_MS);
  }
  doc.off('update', send);
  return sent;
}
