/** Joins a WebSocket that came in to one that is opened here: every message goes on as it is. Knows nothing of what they say. */
import type { WebSocket as IncomingSocket } from '@fastify/websocket';

/** What may wait for the other side; a sender that is faster than this is cut off and comes back. */
const MAX_WAITING_BYTES = 16 * 1024 ** 2;

export function joinSockets(incoming: IncomingSocket, url: string): void {
  const outgoing = new WebSocket(url);
  outgoing.binaryType = 'arraybuffer';
  const early: Buffer[] = [];
  const close = (): void => {
    incoming.close();
    outgoing.close();
  };
  incoming.on('message', (data: Buffer) => {
    if (outgoing.readyState === WebSocket.CONNECTING) early.push(data);
    else if (outgoing.readyState === WebSocket.OPEN) outgoing.send(new Uint8Array(data));
    if (outgoing.bufferedAmount > MAX_WAITING_BYTES || early.length > 1_000) close();
  });
  outgoing.addEventListener('open', () => {
    for (const data of early.splice(0)) outgoing.send(new Uint8Array(data));
  });
  outgoing.addEventListener('message', ({ data }) => {
    incoming.send(data as ArrayBuffer);
    if (incoming.bufferedAmount > MAX_WAITING_BYTES) close();
  });
  incoming.on('close', close);
  incoming.on('error', close);
  outgoing.addEventListener('close', close);
  outgoing.addEventListener('error', close);
}
