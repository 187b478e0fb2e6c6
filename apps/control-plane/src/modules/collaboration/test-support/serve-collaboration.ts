/** The collaboration module behind a real Fastify socket route. Whoever names themselves in `x-user` is believed. */
import type { AddressInfo } from 'node:net';
import websocket from '@fastify/websocket';
import fastify from 'fastify';
import { MAX_DOCUMENT_MESSAGE_BYTES } from '@ensemble/protocol';
import type { DocumentRef } from '@ensemble/protocol';
import { openRawSocket } from '@ensemble/testkit';
import type { RawDocument, RawSocket } from '@ensemble/testkit';
import { createCollaboration } from '../collaboration.ts';
import type { Collaboration, CollaborationOptions } from '../collaboration.ts';
import type { Person } from '../visit.ts';

export type Access = 'write' | 'read' | undefined;

export interface ServedCollaboration {
  collaboration: Collaboration<Person>;
  url: string;
  port: number;
  /** What was logged: message and details. */
  log: { message: string; details: object }[];
  socket(user: string): Promise<RawSocket>;
  /** A document on a socket of its own. */
  open(user: string, documentName: string): Promise<RawDocument & { socket: RawSocket }>;
  stop(): Promise<void>;
}

export interface ServeOptions extends Partial<CollaborationOptions<Person>> {
  journal: CollaborationOptions<Person>['journal'];
  access?: (user: string, ref: DocumentRef) => Access | Promise<Access>;
  port?: number;
}

export async function serveCollaboration({ access = () => 'write', port = 0, ...options }: ServeOptions): Promise<ServedCollaboration> {
  const log: ServedCollaboration['log'] = [];
  const note = (details: object, message: string): void => void log.push({ message, details });
  const collaboration = createCollaboration<Person>({
    authorize: async (person, ref) => access(person.userId, ref),
    logger: { warn: note, error: note },
    ...options,
  });
  const app = fastify();
  await app.register(websocket, { options: { maxPayload: MAX_DOCUMENT_MESSAGE_BYTES } });
  app.get('/collab', { websocket: true }, (socket, request) => {
    const userId = String(request.headers['x-user']);
    collaboration.handleSocket(socket, { userId, name: userId.toUpperCase() });
  });
  await app.listen({ host: '127.0.0.1', port });
  const address = app.server.address() as AddressInfo;
  const url = `ws://127.0.0.1:${address.port}/collab`;
  const sockets: RawSocket[] = [];
  async function socket(user: string): Promise<RawSocket> {
    const opened = await openRawSocket({ url, headers: { 'x-user': user } });
    sockets.push(opened);
    return opened;
  }
  return {
    collaboration,
    url,
    port: address.port,
    log,
    socket,
    async open(user, documentName) {
      const own = await socket(user);
      return Object.assign(await own.open(documentName), { socket: own });
    },
    async stop() {
      for (const opened of sockets) opened.terminate();
      await collaboration.drain(2_000);
      await app.close();
    },
  };
}
