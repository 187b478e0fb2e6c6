/**
 * The shared documents: people edit them over sockets, the control plane edits and reads them, and nothing is
 * acknowledged or shown to anybody before it is in the journal. Ignores HTTP, sessions and what roles mean.
 */
import { Hocuspocus } from '@hocuspocus/server';
import type { beforeHandleMessagePayload, beforeSyncPayload, Connection, Document, onAuthenticatePayload } from '@hocuspocus/server';
import { CLOSE, parseDocumentName } from '@ensemble/protocol';
import type { DocumentRef } from '@ensemble/protocol';
import type { WebSocket } from 'ws';
import * as Y from 'yjs';
import { ApiError } from '../../platform/api-error.ts';
import { colorOf, createAwarenessGuard } from './awareness-guard.ts';
import { openDocumentLedger } from './document-ledger.ts';
import type { DocumentLedger, FoldingOptions } from './document-ledger.ts';
import { MAX_DOCUMENT_BYTES, MAX_WAITING_BYTES, writableRoots } from './document-rules.ts';
import { FRAME, FrameReader } from './frame.ts';
import type { Journal } from './journal.ts';
import { loadDocument } from './load-document.ts';
import { Refusal } from './refusal.ts';
import { createServerEdits } from './server-edits.ts';
import { createStorageGate, withDeadline } from './storage-gate.ts';
import type { StorageState } from './storage-gate.ts';
import { alreadyHas, inspectUpdate, waitingBytes } from './update-inspection.ts';
import { DEFAULT_LIMITS, openVisit } from './visit.ts';
import type { Person, Visit, VisitContext, VisitLimits } from './visit.ts';

interface CollaborationLogger {
  warn(details: object, message: string): void;
  error(details: object, message: string): void;
}

export interface CollaborationOptions<P extends Person> {
  journal: Journal;
  /** Asked once per document and connection. Undefined refuses; a rejection counts as "storage unavailable". */
  authorize(person: P, ref: DocumentRef): Promise<'write' | 'read' | undefined>;
  logger: CollaborationLogger;
  now?: () => number;
  limits?: Partial<VisitLimits>;
  folding?: FoldingOptions;
  timing?: Partial<CollaborationTiming>;
}

interface CollaborationTiming {
  appendTimeoutMs: number;
  loadTimeoutMs: number;
  retryMs: { first: number; most: number };
  /** How long a document stays open after the control plane used it. */
  keepOpenMs: number;
}

type ChangeListener = (documentName: string, actor: string) => void;

export interface Collaboration<P extends Person> {
  /** Takes over an upgraded socket of a person whose session and Origin were checked. */
  handleSocket(socket: WebSocket, person: P): void;
  /**
   * Changes a document as `actor` (`system:<what>` or a user id). Resolves once journalled, applied and on its way to
   * everybody. Edits of one document run one after the other. Rejects with `unavailable` only when nothing was written;
   * an edit that was sent to a failing database waits for it instead.
   */
  edit(documentName: string, actor: string, change: (doc: Y.Doc) => void): Promise<void>;
  /** `look` must not change the document. */
  read<T>(documentName: string, look: (doc: Y.Doc) => T): Promise<T>;
  /** After it resolved nothing more of that person's present connections is accepted; they come back and are asked again. */
  disconnectUser(userId: string): Promise<void>;
  /** The same for whoever has a document open that the predicate names. */
  recheck(concerns: (person: P, ref: DocumentRef) => boolean): Promise<void>;
  /** Called after a change is journalled and applied. Returns how to stop it. */
  onChanged(listener: ChangeListener): () => void;
  connections(): { sockets: number; documents: number };
  storage(): StorageState;
  /** Sends everybody away and waits for what is being written, at most this long. Resolves false when it was not enough. */
  drain(deadlineMs: number): Promise<boolean>;
}

const TIMING: CollaborationTiming = {
  appendTimeoutMs: 2_000,
  loadTimeoutMs: 15_000,
  retryMs: { first: 250, most: 4_000 },
  keepOpenMs: 15_000,
};
const FOLDING: FoldingOptions = { rows: 500, bytes: 1024 * 1024 };
const GOING_AWAY = { code: 1001, reason: 'going-away' };
/** Sockets that have not opened a document by then are closed. */
const IDLE_MS = 60_000;

type Context = VisitContext;

export function createCollaboration<P extends Person>(options: CollaborationOptions<P>): Collaboration<P> {
  const { journal, authorize, logger, now = Date.now, folding = FOLDING } = options;
  const limits = { ...DEFAULT_LIMITS, ...options.limits };
  const timing = { ...TIMING, ...options.timing };
  const visits = new Map<Visit, P>();
  const ledgers = new WeakMap<Document, DocumentLedger>();
  const listeners = new Set<ChangeListener>();
  const awareness = createAwarenessGuard();
  const stopping = new AbortController();
  let draining = false;

  const gate = createStorageGate({
    journal,
    timeoutMs: timing.appendTimeoutMs,
    retryMs: timing.retryMs,
    onState(state, cause) {
      logger.warn({ err: cause }, state === 'ok' ? 'The journal works again.' : 'The journal cannot be written; edits wait.');
      for (const document of hocuspocus.documents.values()) document.broadcastStateless(storageMessage(state));
    },
  });

  /** Hooks may only throw refusals: anything else would end the process or print a stranger's text. */
  function hook<Payload>(name: string, work: (payload: Payload) => Promise<void> | void): (payload: Payload) => Promise<void> {
    return async (payload) => {
      try {
        await work(payload);
      } catch (error) {
        if (error instanceof Refusal) throw error;
        logger.error({ err: error, hook: name }, 'A collaboration hook failed.');
        throw new Refusal('storage');
      }
    };
  }

  const hocuspocus: Hocuspocus<Context> = new Hocuspocus<Context>({
    quiet: true,
    timeout: IDLE_MS,
    // Reached only if the door counted wrong; at its own default Hocuspocus would loop.
    maxPendingDocuments: 1_000,
    maxUnauthenticatedQueueSize: limits.maxWaitingBytes,
    onAuthenticate: hook('onAuthenticate', admitToDocument),
    onLoadDocument: hook('onLoadDocument', fillDocument),
    connected: hook('connected', ({ connection }: { connection: Connection<Context> }) => {
      if (gate.state() === 'unavailable') connection.sendStateless(storageMessage('unavailable'));
    }),
    beforeHandleMessage: hook('beforeHandleMessage', inspectMessage),
    afterHandleMessage: hook('afterHandleMessage', ({ context, documentName, update }) => {
      context.visit.handled(documentName, update.byteLength);
    }),
    beforeHandleAwareness: hook('beforeHandleAwareness', ({ states, connection, context }) => {
      if (!connection || !context) return;
      // It would come back as somebody who is here.
      if (hasLeft(context)) return states.clear();
      const { userId, name } = context.visit.person;
      awareness.restrict(connection, states, { id: userId, name, color: colorOf(userId) });
    }),
    beforeSync: hook('beforeSync', (payload: beforeSyncPayload<Context>) => payload.context.visit.track(admitUpdate(payload))),
    onDisconnect: hook('onDisconnect', ({ context, documentName }) => {
      context?.visit?.left(documentName);
    }),
  });

  async function admitToDocument({ documentName, context, connectionConfig }: onAuthenticatePayload<Context>): Promise<void> {
    const ref = parseDocumentName(documentName);
    const person = visits.get(context.visit);
    if (!ref || !person || context.visit.signal.aborted) throw new Refusal('forbidden');
    const access = await authorize(person, ref);
    if (access === undefined) {
      context.visit.left(documentName);
      throw new Refusal('forbidden');
    }
    connectionConfig.readOnly = access !== 'write' || writableRoots(ref.kind) === undefined;
  }

  async function fillDocument({ document, documentName }: { document: Document; documentName: string }): Promise<void> {
    try {
      const loaded = await withDeadline(loadDocument(document, documentName, journal), timing.loadTimeoutMs, 'Loading a document');
      if (loaded.quarantined.length > 0) logger.error({ documentName, records: loaded.quarantined.length }, 'Records went to quarantine.');
      const onProblem = (err: unknown): void => logger.warn({ err, documentName }, 'A document could not be folded; a later try will.');
      ledgers.set(document, openDocumentLedger({ name: documentName, document, loaded, journal, folding, onProblem }));
    } catch (error) {
      // Hocuspocus forgets the document but not the timer of its presence.
      document.destroy();
      logger.warn({ err: error, documentName }, 'A document could not be loaded.');
      throw new Refusal('storage');
    }
  }

  /** Of their own accord: what they sent before still counts, their presence does not. */
  const hasLeft = ({ visit }: Context): boolean => visit.signal.aborted && !visit.dismissed.aborted;

  function inspectMessage({ connection, context, document, update }: beforeHandleMessagePayload<Context>): void {
    const isOpen = document.hasConnection(connection) || hasLeft(context);
    if (context.visit.dismissed.aborted || document.isDestroyed || !isOpen) throw new Refusal('accessChanged');
    const reader = new FrameReader(update);
    reader.text();
    const type = reader.uint();
    if (type === FRAME.awareness) {
      if (!hasLeft(context)) awareness.inspect(connection, update, reader);
    } else if (type === FRAME.sync || type === FRAME.syncReply) checkSyncFrame(reader);
  }

  /** Runs before Hocuspocus applies and acknowledges an update; whatever throws here was never accepted. */
  async function admitUpdate({ type, payload, connection, context, document, documentName }: beforeSyncPayload<Context>): Promise<void> {
    if (type === SYNC_STEP_1 || connection.readOnly) return;
    const roots = writableRoots(parseDocumentName(documentName)!.kind)!;
    const inspection = inspectUpdate(document, payload, roots);
    const tooMuchWaits = inspection.verdict === 'waits' && waitingBytes(document) + payload.byteLength > MAX_WAITING_BYTES;
    if (inspection.verdict === 'refused' || tooMuchWaits) {
      const problem = inspection.verdict === 'refused' ? inspection.problem : 'builds on changes that are not here';
      logger.warn({ documentName, actor: context.visit.person.userId, problem }, 'An update was refused.');
      throw new Refusal('invalid');
    }
    if (isEmpty(payload) || (type === SYNC_STEP_2 && alreadyHas(document, payload))) return;
    if (bytesOf(document) + payload.byteLength > MAX_DOCUMENT_BYTES) throw new Refusal('tooLarge');
    const actor = context.visit.person.userId;
    let row: bigint;
    try {
      row = await gate.append({ document: documentName, actor, bytes: payload }, context.visit.dismissed);
    } catch {
      throw new Refusal(context.visit.dismissed.aborted ? 'accessChanged' : 'storage');
    }
    // Applied here and not left to Hocuspocus (which finds nothing more to do), so that what fails is known to fail.
    try {
      applyJournalled(document, actor, row, payload);
    } catch (error) {
      const record = { kind: 'update', id: row, problem: error instanceof Error ? error.message : 'unknown' } as const;
      await journal.quarantine(documentName, record);
      throw new Refusal('invalid');
    }
  }

  function applyJournalled(document: Document, actor: string, row: bigint, update: Uint8Array): void {
    let changed = false;
    const onUpdate = (): void => void (changed = true);
    document.on('update', onUpdate);
    try {
      Y.applyUpdate(document, update, { source: 'local', skipStoreHooks: true });
    } finally {
      document.off('update', onUpdate);
    }
    ledgers.get(document)?.applied(row, update.byteLength);
    if (!changed) return;
    for (const listener of listeners) {
      try {
        listener(document.name, actor);
      } catch (error) {
        logger.error({ err: error, documentName: document.name }, 'A listener for changes failed.');
      }
    }
  }

  const bytesOf = (document: Document): number => ledgers.get(document)?.bytes() ?? 0;

  const edits = createServerEdits({
    hocuspocus,
    gate,
    signal: stopping.signal,
    keepOpenMs: timing.keepOpenMs,
    apply: applyJournalled,
    checkSize(document, bytes) {
      if (bytesOf(document) + bytes > MAX_DOCUMENT_BYTES) throw new ApiError('too-large', `The document ${document.name} is full.`);
    },
  });

  async function sendAway(chosen: Visit[], close: { code: number; reason: string }): Promise<void> {
    for (const visit of chosen) visit.close(close);
    await Promise.all(chosen.map((visit) => visit.settled()));
  }

  function checkedName(name: string): string {
    if (!parseDocumentName(name)) throw new ApiError('bad-request', 'This is no name of a document.');
    return name;
  }

  return {
    handleSocket(socket, person) {
      if (draining) return socket.close(GOING_AWAY.code, GOING_AWAY.reason);
      openVisit({
        socket,
        person,
        limits,
        now,
        connect: (peer, visit) => {
          visits.set(visit, person);
          return hocuspocus.handleConnection(peer, NO_REQUEST, { visit });
        },
        onClosed: (visit) => void visit.settled().then(() => visits.delete(visit)),
      });
    },
    edit: (name, actor, change) => edits.edit(checkedName(name), actor, change),
    read: (name, look) => edits.read(checkedName(name), look),
    disconnectUser: (userId) =>
      sendAway(
        [...visits.keys()].filter((visit) => visit.person.userId === userId),
        CLOSE.accessChanged,
      ),
    recheck: (concerns) =>
      sendAway(
        [...visits].filter(([visit, person]) => refsOf(visit).some((ref) => concerns(person, ref))).map(([visit]) => visit),
        CLOSE.accessChanged,
      ),
    onChanged(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    connections: () => ({ sockets: visits.size, documents: hocuspocus.documents.size }),
    storage: () => gate.state(),
    async drain(deadlineMs) {
      draining = true;
      const settled = Promise.all([edits.settled(), sendAway([...visits.keys()], GOING_AWAY)]);
      const inTime = await withDeadline(settled, deadlineMs, 'Draining').then(
        () => true,
        () => false,
      );
      stopping.abort(new ApiError('unavailable', 'The server is shutting down.'));
      gate.stop();
      await edits.close();
      return inTime;
    },
  };
}

/**
 * Hocuspocus gets nothing of the request: no hook needs it, and cookies stay out of its payloads. It would parse a real
 * one's address four times for each message.
 */
const NO_REQUEST = { url: '', headers: new Headers() } as Request;

const SYNC_STEP_1 = 0;
const SYNC_STEP_2 = 1;
const SYNC_UPDATE = 2;

/** Hocuspocus would print an error of its own for one it cannot decode. */
function checkSyncFrame(body: FrameReader): void {
  try {
    if (body.uint() > SYNC_UPDATE) throw new Refusal('invalid');
    body.block();
  } catch {
    throw new Refusal('invalid');
  }
}

const isEmpty = (update: Uint8Array): boolean => update.byteLength === 2 && update[0] === 0 && update[1] === 0;
const storageMessage = (state: StorageState): string => JSON.stringify({ kind: 'storage', state });
const refsOf = (visit: Visit): DocumentRef[] =>
  [...visit.documentNames()].flatMap((name) => {
    const ref = parseDocumentName(name);
    return ref ? [ref] : [];
  });
