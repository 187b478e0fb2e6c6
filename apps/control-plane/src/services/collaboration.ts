/** Puts the shared documents to work: their socket, who may open which, and the index of every project. */
import type { App } from '../platform/http/app.ts';
import type { Database } from '../platform/database/database.ts';
import type { Logger } from '../platform/logger.ts';
import { createCollaboration, createSqlJournal, watchDanglingEdges, type Collaboration } from '../modules/collaboration/index.ts';
import type { DocumentRef } from '@ensemble/protocol';
import type { LiveSockets } from '../modules/logs/index.ts';
import { visitorOf, type Visitor } from './document-access.ts';

const SWEEP_MS = 5_000;
const SESSION_CHECK_MS = 1_000;

export interface CollaborationServiceOptions {
  database: Database;
  logger: Logger;
  authorize(visitor: Visitor, ref: DocumentRef): Promise<'read' | 'write' | undefined>;
  onDocumentChanged(name: string): void;
  now(): number;
}

export interface CollaborationService {
  collaboration: Collaboration<Visitor>;
  /** The text of a document's root `source`. */
  readSource(name: string): Promise<string>;
  writeSource(name: string, actor: string, source: string): Promise<void>;
  /** Resolves false when something was left unwritten at the deadline. */
  stop(deadlineMs: number): Promise<boolean>;
}

export function startCollaboration(options: CollaborationServiceOptions): CollaborationService {
  const { database, logger, authorize, onDocumentChanged, now } = options;
  const collaboration = createCollaboration<Visitor>({ journal: createSqlJournal(database), authorize, logger });
  const stopListening = collaboration.onChanged(onDocumentChanged);
  const dangling = watchDanglingEdges({ collaboration, now });
  const timer = setInterval(() => {
    dangling
      .sweep()
      .catch((error: unknown) => logger.warn({ err: error }, 'edges without a node could not be removed; they are tried again'));
  }, SWEEP_MS);
  const sessions = setInterval(() => {
    void collaboration.recheck(({ actor }) => actor.kind === 'user' && (actor.sessionEndsAt ?? Infinity) <= now());
  }, SESSION_CHECK_MS);
  return {
    collaboration,
    readSource: (name) => collaboration.read(name, (doc) => doc.getText('source').toJSON()),
    writeSource: (name, actor, source) => collaboration.edit(name, actor, (doc) => doc.getText('source').insert(0, source)),
    async stop(deadlineMs) {
      clearInterval(timer);
      clearInterval(sessions);
      dangling.stop();
      stopListening();
      return await collaboration.drain(deadlineMs);
    },
  };
}

/** The socket of live logs and metrics. Rights to a run are asked at each watch. */
export function mountLiveSocket(app: App, live: LiveSockets): void {
  app.get('/live', { websocket: true, config: { action: 'project.list' } }, (socket, { actor }) => live.handleSocket(socket, actor));
}

export function mountCollaborationSocket(app: App, collaboration: Collaboration<Visitor>): void {
  app.get('/collab', { websocket: true, config: { action: 'project.list' } }, (socket, { actor }) => {
    const visitor = visitorOf(actor);
    // The hook before this handler let nobody in without a name.
    if (visitor) collaboration.handleSocket(socket, visitor);
    else socket.close();
  });
}
